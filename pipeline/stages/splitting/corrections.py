"""What a person corrects: the front matter names lines that are headings, and lines that are none.

A line is named by its words. Case, spaces, signs, styles and the number in front of them do not
count, so that a correction outlives small edits and another format. Several lines with the same
words are all meant.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import regex

from pipeline.stages.splitting.blocks import counted
from pipeline.stages.splitting.numbering import LIST_FORMS, Numbering, numbering
from pipeline.stages.text.runs import fold, tidy
from pipeline.values import Line, Run, Text, plain

HEADINGS, NOT_HEADINGS = "headings", "not_headings"
_WORD = regex.compile(r"\w+")
_NAMED = frozenset({"plain", "heading", "item", "quotation"})
_MARKERS = {"dot": "{}.", "bracket": "{})", "paren": "({})", "circled": "{}"}


def words_of(text: str) -> str:
    """What a line is named by: its words in small, without the number in front of them."""
    bare = fold(text)
    number = numbering(bare)
    said = unicodedata.normalize("NFKC", number.rest if number else bare)
    return " ".join(_WORD.findall(said.casefold()))


def named(matter: Mapping[str, object], key: str) -> tuple[str, ...]:
    """The lines that stand under one of the two keys."""
    return cast("tuple[str, ...]", matter.get(key, ()))


def heed(lines: Sequence[Line], matter: Mapping[str, object]) -> tuple[Line, ...]:
    """The lines, each with what the front matter says of it."""
    said = {words: heading for heading, words in _said(matter)}
    if not said:
        return tuple(lines)
    return tuple(
        replace(line, said=said.get(words_of(plain(line.text)), line.said))
        if line.kind in _NAMED
        else line
        for line in lines
    )


def unheard(matter: Mapping[str, object], lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """What the front matter names and no line says: the key it stands under, and the words."""
    known = {words_of(plain(line.text)) for line in lines if line.kind in _NAMED}
    return tuple(
        (key, name)
        for key in (HEADINGS, NOT_HEADINGS)
        for name in named(matter, key)
        if words_of(name) not in known
    )


def settle(line: Line) -> Line:
    """A line that a person decided of, without what its format says of it.

    A heading is left plain, with its number in its words; whoever calls this gives it a level. What
    is none becomes an item if it begins with the number of a list, else a paragraph.
    """
    if line.said:
        number = f"{line.marker} " if counted(line.marker) is not None else ""
        text = (Run(number), *line.text) if number else line.text
        return replace(line, kind="plain", level=0, marker="", text=text)
    if line.said is None or line.kind not in ("plain", "heading"):
        return line
    found = numbering(plain(line.text))
    if found and found.form in LIST_FORMS:
        return as_item(line, found)
    return replace(line, kind="plain", level=0)


def as_item(line: Line, number: Numbering) -> Line:
    """A line that begins with a number, as an item of a list."""
    marker = _MARKERS[number.form].format(number.number)
    text = _behind(line.text, len(plain(line.text)) - len(number.rest))
    return replace(line, kind="item", level=0, marker=marker, text=text)


def demoted(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Declared lines, without the headings that a person says are none."""
    return tuple(settle(line) if line.said is False else line for line in lines)


def promoted(lines: Sequence[Line]) -> Iterator[Line]:
    """Declared lines, with the headings a person says are some: of the level of the one above."""
    level = next((line.level for line in lines if line.kind == "heading"), 2)
    for line in lines:
        if line.kind == "heading":
            level = line.level
            yield line
        else:
            yield replace(settle(line), kind="heading", level=level) if line.said else line


def _said(matter: Mapping[str, object]) -> Iterator[tuple[bool, str]]:
    for name in named(matter, HEADINGS):
        yield True, words_of(name)
    for name in named(matter, NOT_HEADINGS):
        yield False, words_of(name)


def _behind(text: Text, start: int) -> Text:
    """The runs of a text without its first ``start`` letters."""
    runs: list[Run] = []
    for run in text:
        runs.append(replace(run, text=run.text[start:]))
        start = max(0, start - len(run.text))
    return tidy(runs)
