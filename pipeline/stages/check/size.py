"""An issue's HTML is small enough to be shown whole.

Gmail clips a message after about 102 kB of HTML, and with the rest goes the unsubscribe link. The
size is counted as a reader gets it, with room for the longest link in place of each merge field.
"""

from collections.abc import Iterator

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule

LARGE = 80_000
CLIPPED = 102_000
_LONGEST_VALUE = "x" * 512


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, _ in material.pages():
        # What is stored is shorter than what arrives.
        merged = merge.translate(issue.html, lambda _: _LONGEST_VALUE)
        size = len(merged.encode(errors="replace"))
        if size > LARGE:
            yield Flaw(
                message=f"the HTML is {size:,} bytes long; Gmail shows {CLIPPED:,}",
                suggestion="Split the section with a numbered heading, or shorten it.",
                where=f"{name}, HTML",
                level="error" if size > CLIPPED else "warning",
            )


RULE = Rule(
    code="html-size",
    level="warning",
    source="https://www.spamresource.com/2022/01/what-is-gmail-clipping-and-what-to-do.html",
    find=_find,
)
