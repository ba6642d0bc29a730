"""An issue's HTML is small enough to be shown whole.

Gmail clips a message after about 102 kB of HTML, and with the rest goes the unsubscribe link. The
size is counted as a reader gets it, with room for the longest link in place of each merge field;
and as it travels, for letters outside ASCII are longer on the way.
"""

import quopri
from collections.abc import Iterator

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule

LARGE = 80_000
CLIPPED = 100_000
_LONGEST_VALUE = "x" * 512
_PLAIN = bytes(range(0x20, 0x7F)).replace(b"=", b"")
_MEND = "Split the section with a numbered heading, or shorten it."


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, _ in material.pages():
        # What is stored is shorter than what arrives.
        merged = merge.translate(issue.html, lambda _: _LONGEST_VALUE).encode(errors="replace")
        size = len(merged)
        if size > LARGE:
            yield Flaw(
                message=f"the HTML is {size:,} bytes long; {CLIPPED:,} are sure to be shown",
                suggestion=_MEND,
                where=f"{name}, HTML",
                level="error" if size > CLIPPED else "warning",
            )
        elif (travels := _travelling(merged)) > CLIPPED:
            yield Flaw(
                message=f"the HTML is {travels:,} bytes long on its way, {size:,} when it is there",
                suggestion=_MEND,
                where=f"{name}, HTML",
            )


def _travelling(merged: bytes) -> int:
    """The bytes of a letter on its way; 0 if it is plain to see that they are not too many."""
    strange = len(merged.translate(None, _PLAIN))
    # Four bytes at most for what is strange and for the end, and three to break a line after 72.
    most = (len(merged) + 3 * strange + 3) * 75 // 72
    return len(quopri.encodestring(merged)) if most > CLIPPED else 0


RULE = Rule(
    code="html-size",
    level="warning",
    source="https://www.spamresource.com/2022/01/what-is-gmail-clipping-and-what-to-do.html",
    find=_find,
)
