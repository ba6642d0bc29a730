"""Numbers that count on: 1, 2, 3, with what stands between them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.stages.splitting.looks import Looks
from pipeline.stages.splitting.numbering import Numbering, numbering
from pipeline.values import Line, plain

# Of all runs that wait for the same number, only the last few can be meant.
_LOOKED_BACK = 8


@dataclass(slots=True)
class Counted:
    """The lines of one run: where they stand, and the number each begins with."""

    places: list[int] = field(default_factory=list)
    numbers: list[Numbering] = field(default_factory=list)

    def touches(self) -> bool:
        """Whether its last two lines touch."""
        return len(self.places) > 1 and self.places[-1] - self.places[-2] == 1


def runs(lines: Sequence[Line]) -> list[Counted]:
    """Every run of numbers, a lone number too.

    Lines that stand out and lines that do not are counted apart: a list in the text may count as
    the headings around it do.
    """
    looks = Looks(lines)
    found: list[Counted] = []
    waiting: defaultdict[tuple[str, int, bool], list[Counted]] = defaultdict(list)
    for place, line in enumerate(lines):
        number = number_of(line)
        if number is None:
            continue
        outstanding = looks.stands_out(line)
        run = _fitting(waiting[number.form, number.value, outstanding], place)
        if run is None:
            run = Counted()
            found.append(run)
        run.places.append(place)
        run.numbers.append(number)
        waiting[number.form, number.value + 1, outstanding].append(run)
    return found


def number_of(line: Line) -> Numbering | None:
    """The number a line begins with: typed, or drawn by the word processor that shows its looks."""
    if line.kind == "item" and line.size:
        return numbering(f"{line.marker} {plain(line.text)}")
    return numbering(plain(line.text)) if line.kind == "plain" else None


def _fitting(waiting: list[Counted], place: int) -> Counted | None:
    """Take the run a number counts on: the one just above it, else the last one that waits for it.

    A list whose items touch has ended with the first line between, so it comes last.
    """
    if not waiting:
        return None
    last = range(max(0, len(waiting) - _LOOKED_BACK), len(waiting))
    return waiting.pop(max(last, key=lambda index: _fitness(waiting[index], place)))


def _fitness(run: Counted, place: int) -> tuple[bool, bool, int]:
    return run.places[-1] == place - 1, not run.touches(), run.places[-1]
