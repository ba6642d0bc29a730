"""Plain text, as pasted from a word processor: it declares list items by their bullets, no more."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.stages.text.runs import as_text, fold
from pipeline.values import Line, Run, Source, plain

# Word's "o" is a bullet where it is indented, parted by more than a space, or before a capital;
# else it may be a word, as in the Spanish "o bien".
_BULLET = re.compile(
    r"[^\S\n]*(?P<marker>[-•·*–◦▪▫●○■□‣⁃∙➤►✓✔\uf0b7\uf0a7\uf0d8\uf076]|(?<=\s)o|o(?=[\t\xa0]|\s\s|\s[^\W\d_a-zà-ÿ]))\s+(?P<text>\S.*)"
)
_MARKERS = frozenset("-•·*–◦▪▫●○■□‣⁃∙➤►✓✔\uf0b7\uf0a7\uf0d8\uf076o")
_BARE_BULLET = re.compile(r"\s*(?P<marker>[•·●◦▪\uf0b7\uf0a7])(?P<text>[^\s•·●◦▪].*)")
_O = re.compile(r"o\s+(?P<text>\S.*)")
_ENDED = tuple(".!?:;…。)”\"'’»")
_SQUARES = ("■", "□")
_RULE = frozenset(" -*_=~–—•·#")


def read_text(name: str, text: str) -> Source:
    """Read plain text: a line a paragraph, whatever stray spaces stand around it.

    A rule of hyphens or stars counts as an empty line. Where some lines have "o" for a bullet, one
    that begins with it and goes on in small letters has too. Squares that always stand alone are
    no bullets.
    """
    lines: list[Line] = []
    gap = True
    for number, written in enumerate(text.split("\n"), start=1):
        words = fold(written)
        if not words or _is_rule(words):
            gap = True
            continue
        lines.append(_line(number, written, words, gap=gap))
        gap = False
    return Source(name=name, lines=tuple(_without_squares(list(_with_os(lines)))))


def bullet(written: str) -> tuple[str, int] | None:
    """The bullet a line begins with and where the words behind it begin, or None."""
    found = _BULLET.fullmatch(written) or _BARE_BULLET.fullmatch(written)
    if found is None or not fold(found["text"]):
        return None
    return found["marker"], found.start("text")


def _is_rule(words: str) -> bool:
    return words[0] in _RULE and _RULE.issuperset(words) and len(words.replace(" ", "")) > 2


def _line(number: int, written: str, words: str, *, gap: bool) -> Line:
    found = bullet(written) if words[0] in _MARKERS else None
    if found:
        marker, start = found
        return Line(
            number=number, kind="item", text=as_text(written[start:]), marker=marker, gap=gap
        )
    return Line(number=number, text=(Run(words),), gap=gap)


def _with_os(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, those with a doubtful "o" as items where others surely are."""
    sure = any(line.marker == "o" for line in lines)
    before = None
    for line in lines:
        text = plain(line.text)
        found = _O.fullmatch(text) if sure and line.kind == "plain" else None
        # A line that was wrapped may begin with the word.
        starts = before is None or line.gap or before.kind == "item" or _ends(before)
        before = _o_item(line, found["text"]) if found and starts else line
        yield before


def _without_squares(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines, where squares never touch as lines without them: so Koreans mark headings."""
    places = [place for place, line in enumerate(lines) if line.marker in _SQUARES]
    if len(places) < 2 or any(after - before == 1 for before, after in pairwise(places)):
        return lines
    return [
        replace(line, kind="plain", marker="") if line.marker in _SQUARES else line
        for line in lines
    ]


def _o_item(line: Line, text: str) -> Line:
    return replace(line, kind="item", marker="o", text=as_text(text))


def _ends(line: Line) -> bool:
    return plain(line.text).endswith(_ENDED)
