"""Plain text, as pasted from a word processor: it declares list items by their bullets, no more."""

import re

from pipeline.stages.text.runs import as_text, fold
from pipeline.values import Line, Source

# Word's "o" is a bullet where it is indented or parted by more than a space; else it may be a word,
# as in the Spanish "o bien".
_BULLET = re.compile(
    r"[^\S\n]*(?P<marker>[-•·*–◦▪▫●○■□‣⁃∙➤►✓✔\uf0b7\uf0a7\uf0d8\uf076]|(?<=\s)o|o(?=[\t\xa0]|\s\s|\s[^\W\d_a-zà-ÿ]))\s+(?P<text>\S.*)"
)
_BARE_BULLET = re.compile(r"\s*(?P<marker>[•·●◦▪\uf0b7\uf0a7])(?P<text>[^\s•·●◦▪].*)")
_RULE = re.compile(r"\s*([-*_=~–—•·#]\s*){3,}")


def read_text(name: str, text: str) -> Source:
    """Read plain text: a line a paragraph, whatever stray spaces stand around it.

    A rule of hyphens or stars counts as an empty line.
    """
    lines: list[Line] = []
    gap = True
    for number, written in enumerate(text.split("\n"), start=1):
        if not fold(written) or _RULE.fullmatch(written):
            gap = True
            continue
        lines.append(_line(number, written, gap=gap))
        gap = False
    return Source(name=name, lines=tuple(lines))


def bullet(written: str) -> tuple[str, int] | None:
    """The bullet a line begins with and where the words behind it begin, or None."""
    found = _BULLET.fullmatch(written) or _BARE_BULLET.fullmatch(written)
    if found is None or not fold(found["text"]):
        return None
    return found["marker"], found.start("text")


def _line(number: int, written: str, *, gap: bool) -> Line:
    found = bullet(written)
    if found:
        marker, start = found
        return Line(
            number=number, kind="item", text=as_text(written[start:]), marker=marker, gap=gap
        )
    return Line(number=number, text=as_text(written), gap=gap)
