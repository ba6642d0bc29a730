"""What each part of a letter weighs: the bytes it would be shorter by without the part.

The templates say where a part begins and ends, by comments: ``<!-- part: references -->`` and
``<!-- end: references -->``. They are taken out before a letter is compiled, so nobody is sent
them.
"""

import mrml

from pipeline.stages.email.mjml import harden, unmarked

# Inner parts first: what is left of an outer one is its own.
PARTS = (
    *("list", "text", "quotation", "figure", "table", "code", "mechanism", "lead", "byline"),
    *("navigation", "masthead", "call to action", "references", "note", "footer"),
)
REST = "frame"


def weigh_parts(source: str) -> dict[str, int]:
    """The bytes of each part of a compiled letter, largest first; together they are all of it.

    Args:
        source: The filled template of a letter that was compiled.

    Returns:
        Bytes of UTF-8 by part. :data:`REST` is among them: the styles, the tables that hold the
        parts, and what no comment names. Parts that the letter has not are left out.
    """
    weights: dict[str, int] = {}
    left = _size(source)
    for part in PARTS:
        rest = _without(part, source)
        try:
            size = _size(rest)
        except OSError:
            # A template of the home may mark what cannot be missing; then it is the frame's.
            continue
        weights[part], source, left = left - size, rest, size
    weights[REST] = left
    return dict(sorted(((p, w) for p, w in weights.items() if w), key=lambda one: -one[1]))


def _without(part: str, source: str) -> str:
    """The source without a part, which may stand in one of its own name, too."""
    begin, end = f"<!-- part: {part} -->", f"<!-- end: {part} -->"
    while begin in source:
        before, _, after = source.rpartition(begin)
        inside, closed, rest = after.partition(end)
        # What is never closed stays, without its beginning.
        source = before + (rest if closed else inside)
    return source


def _size(source: str) -> int:
    return len(mrml.to_html(harden(unmarked(source))).content.encode())
