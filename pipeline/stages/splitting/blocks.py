"""From lines to blocks: items become lists, rows become tables, every other line is a block."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.stages.splitting.numbering import LIST_FORMS, numbering
from pipeline.values import Block, BlockKind, Line, LineKind, Run, plain

_OTHERS: dict[LineKind, BlockKind] = {"quotation": "quotation", "code": "code", "image": "image"}
# Columns: what mail and editors wrap at, and what marker and indent of an item may take.
_NARROWEST, _WIDEST = 55, 90
_INDENT = 12
_FEWEST = 3
_STOPS = tuple(".!?:;。")
_COUNTED = re.compile(r"\(?(\d{1,9})[.)]|([①-⑳])")


def blocks(lines: Sequence[Line]) -> tuple[Block, ...]:
    """The blocks that lines make, in order."""
    return tuple(_block(group) for group in _groups(lines))


def counted(marker: str) -> int | None:
    """The number a list marker gives, or None for a bullet."""
    found = _COUNTED.fullmatch(marker)
    if found is None:
        return None
    return int(found[1]) if found[1] else ord(found[2]) - ord("①") + 1


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group[-1], line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line belongs to the block of the line before it."""
    if before.kind != line.kind:
        return False
    if line.kind == "table":
        return not line.gap
    return line.kind == "item" and _counts_on(before, line)


def _counts_on(before: Line, line: Line) -> bool:
    first, second = counted(before.marker), counted(line.marker)
    if first is None or second is None:
        return first is second
    same_form = before.marker[-1] == line.marker[-1] or not line.marker[-1].isascii()
    return second == first + 1 and same_form and before.level == line.level


def _block(group: Sequence[Line]) -> Block:
    first = group[0]
    if first.kind == "item":
        items = tuple(line.text for line in group)
        start = counted(first.marker)
        if start is None:
            return Block(kind="bullets", items=items, line=first.number)
        return Block(kind="numbered", items=items, start=start, line=first.number)
    if first.kind == "table":
        return Block(kind="table", rows=tuple(line.cells for line in group), line=first.number)
    kind = _OTHERS.get(first.kind, "paragraph")
    return Block(
        kind=kind,
        text=first.text,
        target=first.target,
        caption=first.caption,
        line=first.number,
    )


def unwrap(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Join the lines of paragraphs that were wrapped at a fixed column, as in old mail.

    A break is taken for wrapping only where the next word would have passed that column; so an
    unwrapped article, or a heading in a wrapped one, is never joined by accident.
    """
    width = _wrapped_at(lines)
    if not width:
        return tuple(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _is_wrapped(groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(_joined(group) for group in groups)


def _joined(group: Sequence[Line]) -> Line:
    if len(group) == 1:
        return group[0]
    return replace(group[0], text=(Run(" ".join(plain(line.text) for line in group)),))


def _wrapped_at(lines: Sequence[Line]) -> int:
    """The column an article is wrapped at, or 0: most lines are as full as the next lets them."""
    widths = _widths(lines)
    if not widths:
        return 0
    # How long each line would be with the first word of the next one.
    tried = [
        len(plain(before.text)) + 1 + len(plain(line.text).split(" ", 1)[0])
        for before, line in itertools.pairwise(lines)
        if line.kind == "plain" and not line.gap and not _is_numbered(line)
    ]
    for width in widths:
        full = sum(length > width for length in tried)
        if full >= _FEWEST and full * 2 >= len(tried):
            return width
    return 0


def _widths(lines: Sequence[Line]) -> list[int]:
    """The columns an article may be wrapped at, the widest first.

    An address cannot be wrapped; but where many lines are longer, nothing was.
    """
    lengths = Counter(len(plain(line.text)) for line in lines)
    longer = 0
    widths: list[int] = []
    for width in sorted(lengths, reverse=True):
        if width < _NARROWEST or longer * 20 > lengths.total():
            break
        if width <= _WIDEST:
            widths.append(width)
        longer += lengths[width]
    return widths


def _was_full(before: str, after: str, width: int) -> bool:
    return len(before) + 1 + len(after.split(" ", 1)[0]) > width


def _is_wrapped(group: Sequence[Line], line: Line, width: int) -> bool:
    """Whether a line goes on with a group of lines that were one."""
    first, last = group[0], plain(group[-1].text)
    if line.kind != "plain" or line.gap or first.kind not in ("plain", "item"):
        return False
    if line.said or first.said:
        return False
    if _is_numbered(line) and (_is_numbered(first) or last.endswith(_STOPS)):
        return False
    # Marker and indent took room that the text no longer shows.
    indent = _INDENT if first.kind == "item" else _INDENT // 2 if _is_numbered(first) else 0
    return _was_full(last, plain(line.text), width - indent)


def _is_numbered(line: Line) -> bool:
    number = numbering(plain(line.text))
    return number is not None and number.form in LIST_FORMS
