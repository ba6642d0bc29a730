"""The benchmark's articles, as the splitter sees them, with what their lines should become."""

import difflib
import importlib.util
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.stages.prediction import to_prediction
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.stages.splitting.blocks import unwrap
from pipeline.stages.splitting.head import read_head
from pipeline.stages.splitting.outline import View
from pipeline.values import Run, Source, plain

PASTED = ("paste_tight", "paste_blank")
# Forms that declare their headings, and how their files end.
DECLARED = {"markdown": "md", "docx_styles": "docx", "docx_bold": "docx", "html": "html"}
WRITTEN = Path(__file__).with_name("written")
# In lines.
SHORTEST = 8
PLANTED = WRITTEN / "planted.txt"
OPENINGS = WRITTEN / "openings.txt"
# The articles of our own are written to mislead, and most articles are not.
WEIGHT_OF_WRITTEN = 0.5
# How lists are marked where people paste from.
BULLETS = ("- ", "• ", "* ", "– ", "· ", "o ", "● ", "▪ ")


@dataclass(frozen=True)
class Benchmark:
    """A folder with ``dev/gold.jsonl``, ``dev/inputs`` and ``score.py``."""

    folder: Path

    def gold(self) -> list[dict[str, Any]]:
        """What each article should become."""
        text = (self.folder / "dev/gold.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def path(self, article: str, form: str) -> Path:
        """One article in one form."""
        return self.folder / "dev/inputs" / form / f"{article}.{DECLARED.get(form, 'txt')}"

    def scorer(self) -> ModuleType:
        """The benchmark's own score."""
        spec = importlib.util.spec_from_file_location("score", self.folder / "score.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


@dataclass(frozen=True)
class Example:
    """One pasted article and which of its lines are headings.

    Attributes:
        source: The repository or folder it came from; folds never part one.
        answers: By place, True for a heading. A line that may be either is left out.
        weight: How much a line of it counts when something is learnt from it.
    """

    source: str
    view: View
    answers: dict[int, bool]
    weight: float = 1.0


def examples(benchmark: Benchmark) -> list[Example]:
    """Every article of the development side, in both pasted forms."""
    key = _key(benchmark.scorer())
    return [
        _example(benchmark.path(gold["id"], form), gold, key)
        for form in PASTED
        for gold in benchmark.gold()
    ]


@dataclass(frozen=True)
class Pasted:
    """One article of our own as it would be pasted, and what it should become.

    Attributes:
        folder: The manner it is written in, which is its source.
    """

    folder: str
    source: Source
    gold: dict[str, Any]


def written() -> list[Pasted]:
    """Every article of our own, pasted without empty lines and with."""
    return [
        _pasted(path, blank=blank)
        for path in sorted(WRITTEN.glob("*/*.md"))
        for blank in (False, True)
    ]


def written_examples(benchmark: Benchmark) -> list[Example]:
    """The same, line by line."""
    key = _key(benchmark.scorer())
    return [
        replace(_compared(each.source, each.gold, key, name=each.folder), weight=WEIGHT_OF_WRITTEN)
        for each in written()
    ]


Key = Callable[[str], tuple[str, ...]]


def _key(scorer: ModuleType) -> Key:
    """The words of a text as the score sees them, without bare numbers."""
    return lambda text: tuple(word for word in scorer.toks(text) if not scorer.small(word))


def _example(path: Path, gold: dict[str, Any], key: Key) -> Example:
    return _compared(read(path, path.read_bytes()), gold, key, name=gold["source"]["repo"])


def _pasted(path: Path, *, blank: bool) -> Pasted:
    data = path.read_bytes()
    gold = _as_gold(to_prediction(split(read(path, data), language="en")))
    text = "\n".join(_lines(data.decode(), f"{path.name} {blank}", blank=blank)) + "\n"
    return Pasted(path.parent.name, read(path.with_suffix(".txt"), text.encode()), gold)


def _as_gold(made: dict[str, Any]) -> dict[str, Any]:
    """What is made of an article whose headings are declared, with all that the score asks for."""
    sections = [{**section, "heading_bare": section["heading"]} for section in made["sections"]]
    return {**made, "byline_line": made["byline"], "sections": sections}


def _lines(text: str, name: str, *, blank: bool) -> Iterator[str]:
    """The lines of an article as they look once pasted: no marks of Markdown, some stray spaces."""
    bullet = BULLETS[_chance(name) % len(BULLETS)]
    for number, line in enumerate(text.splitlines()):
        if not line.strip():
            yield from [""] if blank else []
        elif not line.startswith("```"):
            bare = re.sub(r"^(?:#+|>) ", "", line)
            bare = bullet + bare[2:] if bare.startswith("- ") else bare
            stray = _chance(f"{name} {number}") % 16
            yield "  " * (stray == 0) + bare + "\u00a0" * (stray == 1)


def taught(known: Sequence[Example]) -> list[Example]:
    """What is made of the articles to teach what they have too little of.

    A stretch of every article, with a line planted in it that only looks like a heading; and every
    third article opened by a question, as practitioners like to open theirs.
    """
    bank = PLANTED.read_text(encoding="utf-8").splitlines()
    openings = OPENINGS.read_text(encoding="utf-8").splitlines()
    named = [(f"{example.source} {place}", example) for place, example in enumerate(known)]
    stretches = [
        _excerpt(example, bank, name=name)
        for name, example in named
        if len(example.view.lines) > SHORTEST
    ]
    return stretches + [
        _opened(example, openings, name=name)
        for name, example in named[::3]
        if example.answers.get(0) is False
    ]


def _opened(example: Example, bank: Sequence[str], *, name: str) -> Example:
    words = " ".join(plain(line.text) for line in example.view.lines[:20])
    fitting = [line for line in bank if _script(line) == _script(words)]
    question = fitting[_chance(f"{name} opening") % len(fitting)]
    first = replace(example.view.lines[0], kind="plain", marker="", text=(Run(question),))
    view = View([first, *example.view.lines])
    answers = {0: True} | {place + 1: said for place, said in example.answers.items()}
    known = {place: said for place, said in answers.items() if place in view.measured}
    return replace(example, view=view, answers=known)


def _script(text: str) -> str:
    """The kind of text a bank's line may stand in."""
    if re.search("[가-힣]", text):
        return "Korean"
    return "Spanish" if re.search("[¿ñ]|ción", text) else "other"


def _excerpt(example: Example, bank: Sequence[str], *, name: str) -> Example:
    length = SHORTEST + _chance(f"{name} length") % (2 * SHORTEST)
    first = _chance(f"{name} first") % max(len(example.view.lines) - length, 1)
    lines = list(example.view.lines[first : first + length])
    answers = [example.answers.get(first + step) for step in range(len(lines))]
    # No article ends in a heading, so no stretch does.
    while answers and answers[-1] is not False:
        lines.pop()
        answers.pop()
    # Below a paragraph, so that nothing is parted from its heading.
    places = [step for step, said in enumerate(answers) if said is False]
    if places:
        place = places[_chance(f"{name} place") % len(places)] + 1
        planted = bank[_chance(f"{name} line") % len(bank)]
        lines.insert(
            place, replace(lines[place - 1], kind="plain", marker="", text=(Run(planted),))
        )
        answers.insert(place, False)
    view = View(lines)
    told = {
        place: said
        for place, said in enumerate(answers)
        if said is not None and place in view.measured
    }
    return replace(example, view=view, answers=told)


def _chance(name: str) -> int:
    """A number that is always the same for a name, and never to be foreseen."""
    return zlib.crc32(name.encode())


def _compared(source: Source, gold: dict[str, Any], key: Key, *, name: str) -> Example:
    lines = read_head(replace(source, lines=unwrap(source.lines))).rest
    parts = list(_parts(gold, key))
    found: dict[int, bool | None] = dict.fromkeys(range(len(lines)), False)
    matcher = difflib.SequenceMatcher(
        None, [words for words, _ in parts], [key(plain(line.text)) for line in lines], False
    )
    for start, place, length in matcher.get_matching_blocks():
        found.update({place + step: parts[start + step][1] for step in range(length)})
    view = View(lines)
    answers = {place: said for place in view.measured if (said := found[place]) is not None}
    return Example(name, view, answers)


def _parts(gold: dict[str, Any], key: Key) -> Iterator[tuple[tuple[str, ...], bool | None]]:
    """The words of each part in order; True for a heading, None where it may be one."""
    for section in gold["sections"]:
        if section["heading"]:
            yield key(section["heading"]), True
        for block in section["blocks"]:
            for item in block.get("items") or [block.get("text") or ""]:
                text = item if isinstance(item, str) else item["text"]
                yield key(text), None if block.get("soft") else False
