"""What no article is: a text so large, or so full of marks, that only a machine can have made it.

The limits lie far above any book, and near enough to be told in a moment.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.values import Line, plain

# Letters. The longest novels have three million.
LARGEST = 20_000_000
# A long article has a hundred short lines: headings, items, the ends of what is hard-wrapped.
_SHORT = 40
MOST_SHORT_LINES = 40_000
# Marks of Markdown that may open something: each is looked for an end. Beside each kind of them
# stands how many there may be in any text; in a longer one, one in so many letters may be one.
_OPENING = (
    ("brackets", re.compile(r"\["), 10_000, 100),
    ("stars, bars and their like", re.compile(r"[*_`|\\]"), 50_000, 20),
)


def refuse_large(path: PurePath, text: str) -> None:
    """Refuse a text no person wrote.

    Raises:
        SourceError: It is too large, or falls apart in short lines.
    """
    if len(text) > LARGEST:
        raise _refused(path, f"this text is longer than {LARGEST:,} letters")
    if sum(0 < len(line) <= _SHORT for line in text.split("\n")) > MOST_SHORT_LINES:
        raise _refused(path, f"this text has more than {MOST_SHORT_LINES:,} short lines")


def refuse_shreds(path: PurePath, lines: Sequence[Line]) -> None:
    """Refuse the lines of a word processor's file, or a page's, that no person wrote.

    Raises:
        SourceError: It falls apart in short lines.
    """
    if len(lines) > MOST_SHORT_LINES:
        short = sum(len(plain(line.text)) <= _SHORT for line in lines)
        if short > MOST_SHORT_LINES:
            raise _refused(path, f"this file has more than {MOST_SHORT_LINES:,} short lines")


def refuse_marks(path: PurePath, text: str) -> None:
    """Refuse a Markdown text that is mostly marks.

    Raises:
        SourceError: It holds more brackets, stars or bars than any article.
    """
    for name, marks, most, spread in _OPENING:
        found = len(marks.findall(text))
        if found > most and found * spread > len(text):
            raise _refused(path, f"this text has more than {most:,} {name}")


def _refused(path: PurePath, message: str) -> SourceError:
    return SourceError(
        message, mend="Keep the article in this file, and what is data in another.", path=path
    )
