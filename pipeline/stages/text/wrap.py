"""Plain text in columns, as a careful person types it.

A Korean, Chinese or Japanese character takes two columns, a combining mark none (Unicode Standard
Annex 11), so that an underline is as long as its title in every language.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipeline.stages import merge

COLUMNS = 72
# Stands for a name nobody knows yet.
_A_NAME = "Margaret"


def columns(text: str) -> int:
    """How many columns a line takes in a fixed-width font, with defaults for merge fields."""
    shown = merge.translate(text, _as_long) if "@@" in text else text
    return len(shown) if shown.isascii() else sum(map(_width, shown))


def wrap(text: str, first: str = "", rest: str | None = None) -> str:
    """The text in lines of 72 columns; a word that is longer, such as a link, keeps its line.

    Args:
        text: Any text; its own line ends are kept.
        first: What the first line begins with, such as a bullet.
        rest: What all others begin with; by default as many spaces as ``first`` is wide.
    """
    rest = " " * columns(first) if rest is None else rest
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _lines(line, (rest if lines else first), rest)
    return "\n".join(line.rstrip() for line in lines)


def underline(title: str, stroke: str) -> str:
    """A title, wrapped, with a line below it as long as its longest line."""
    lines = wrap(title)
    return f"{lines}\n{stroke * max(map(columns, lines.splitlines()), default=0)}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table in columns under its head; if it is too wide for that, a row after the other."""
    if not rows:
        return ""
    widths = [max(map(columns, column)) for column in zip(*_even(rows), strict=True)]
    if sum(widths) + 3 * (len(widths) - 1) > COLUMNS:
        return "\n".join(wrap(" | ".join(row), rest="    ") for row in rows)
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "\n".join(_row(row, widths) for row in ruled)


def _as_long(slot: merge.Slot) -> str:
    return slot.mark if slot.field in merge.ADDRESSES else slot.default or _A_NAME


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200b\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _lines(text: str, first: str, rest: str) -> list[str]:
    # `used` and not `line`: the first line begins with a bullet before it holds a word.
    lines, line, used = [], first, False
    width, indent = columns(first), columns(rest)
    for word in text.split():
        for piece, wide, gap in _pieces(word, COLUMNS - indent):
            space = " " if gap and used else ""
            if used and width + len(space) + wide > COLUMNS:
                lines.append(line)
                line, width, space = rest, indent, ""
            line, used = f"{line}{space}{piece}", True
            width += len(space) + wide
    return [*lines, line]


def _pieces(word: str, room: int) -> Sequence[tuple[str, int, bool]]:
    """The word, or its characters where it is too long and its script needs no spaces.

    Each with its columns, and whether a space may stand before it.
    """
    # Most words are as wide as they are long.
    if word.isascii() and "@@" not in word:
        return ((word, len(word), True),)
    wide = columns(word)
    # Only wide characters make a word wider than it is long; a link is never broken.
    # A merge field is one word, whatever is written around it.
    if wide <= room or wide == len(word) or merge.spans(word):
        return ((word, wide, True),)
    return [(character, columns(character), index == 0) for index, character in enumerate(word)]


def _even(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    most = max(map(len, rows))
    return [[*row, *[""] * (most - len(row))] for row in rows]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=False)
    )
    return "   ".join(padded).rstrip()
