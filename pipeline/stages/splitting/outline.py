"""Which lines of a plain text are headings and which are items of a numbered list.

It is decided over the whole article: a number counts only as part of a run, and a form counts for
more where other headings share it. What it gives is lines as a reader of Markdown would give them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from pipeline.stages.splitting.closing import names_disclaimer, names_references
from pipeline.stages.splitting.evidence import Page, weigh, width
from pipeline.stages.splitting.numbering import LIST_FORMS, Numbering, numbering
from pipeline.values import Line, Run, plain

_LONGEST_HEADING = 160
# Of all runs that wait for the same number, only the last few can be meant.
_LOOKED_BACK = 8


@dataclass
class _Run:
    """Lines whose numbers count on: 1, 2, 3, with what stands between them."""

    places: list[int] = field(default_factory=list)
    numbers: list[Numbering] = field(default_factory=list)

    def touches(self) -> bool:
        """Whether its last two lines touch."""
        return len(self.places) > 1 and self.places[-1] - self.places[-2] == 1


def declare(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give the lines of a plain text the kinds its author meant."""
    return tuple(_with_headings(known(lines)))


def known(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give the lines with a number in a run their kinds; all others stay as they are."""
    kinds: dict[int, Line] = {}
    for run in _runs(lines):
        if len(run.places) < 2:
            continue
        heads = _are_headings(lines, run)
        for place, number in zip(run.places, run.numbers, strict=True):
            if heads:
                kinds[place] = replace(lines[place], kind="heading", level=1)
            elif number.form in LIST_FORMS:
                kinds[place] = _item(lines[place], number)
    return tuple(kinds.get(place, line) for place, line in enumerate(lines))


def _with_headings(lines: Sequence[Line]) -> Iterator[Line]:
    page = Page(lines)
    listing = False
    for place, line in enumerate(lines):
        text = plain(line.text)
        closing = names_references(text) or names_disclaimer(text)
        heads = line.kind == "plain" and _may_head(line) and weigh(page.remarks(place)) > 0
        # Under "References" every short line is a reference.
        if line.kind == "plain" and (closing or (heads and not listing)):
            listing = names_references(text)
            yield replace(line, kind="heading", level=1)
        else:
            yield line


def _may_head(line: Line) -> bool:
    return len(plain(line.text)) <= _LONGEST_HEADING


def _item(line: Line, number: Numbering) -> Line:
    marks = {"dot": "{}.", "bracket": "{})", "paren": "({})", "circled": "{}"}
    marker = marks[number.form].format(number.number)
    return replace(line, kind="item", marker=marker, text=(Run(number.rest),))


def _runs(lines: Sequence[Line]) -> list[_Run]:
    """Every run of numbers, a lone number too."""
    runs: list[_Run] = []
    waiting: defaultdict[tuple[str, int], list[_Run]] = defaultdict(list)
    for place, line in enumerate(lines):
        number = numbering(plain(line.text)) if line.kind == "plain" else None
        if number is None:
            continue
        run = _fitting(waiting[number.form, number.value], place)
        if run is None:
            run = _Run()
            runs.append(run)
        run.places.append(place)
        run.numbers.append(number)
        waiting[number.form, number.value + 1].append(run)
    return runs


def _fitting(waiting: list[_Run], place: int) -> _Run | None:
    """Take the run a number counts on: the one just above it, else the last one that waits for it.

    A list whose items touch has ended with the first line between, so it comes last.
    """
    if not waiting:
        return None
    runs = range(max(0, len(waiting) - _LOOKED_BACK), len(waiting))
    return waiting.pop(max(runs, key=lambda index: _fitness(waiting[index], place)))


def _fitness(run: _Run, place: int) -> tuple[bool, bool, int]:
    return run.places[-1] == place - 1, not run.touches(), run.places[-1]


def _are_headings(lines: Sequence[Line], run: _Run) -> bool:
    """Whether the lines of a run title what follows them: short, and each with prose below it."""
    texts = [number.rest for number in run.numbers]
    if median(width(text) for text in texts) > 100:
        return False
    followed = sum(_is_followed(lines, place) for place in run.places)
    ended = sum(text[-1] in ".;,。" for text in texts)
    return followed * 10 >= len(texts) * 7 and ended * 2 <= len(texts)


def _is_followed(lines: Sequence[Line], place: int) -> bool:
    if place + 1 == len(lines):
        return False
    below = lines[place + 1]
    return below.kind != "plain" or numbering(plain(below.text)) is None
