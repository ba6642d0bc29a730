"""Every issue lets its reader leave by a link that can be seen, in HTML and in text.

Google asks bulk senders for an unsubscribe link that is clearly visible in the body. Behind the
100,000 bytes after which Gmail may clip a message, it is not.
"""

from collections.abc import Iterator

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.check.size import CLIPPED

_MARK = merge.mark("unsubscribe_url")
_MEND = "Print `unsubscribe` as the target of a link in the template's footer."


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, page in material.pages():
        seen = any(link.href == _MARK and link.text for link in page.links)
        # A lone surrogate is the header rule's to find; here it only must not stop the count.
        unclipped = issue.html.encode(errors="replace")[:CLIPPED]
        if not (seen and _MARK.encode() in unclipped):
            yield Flaw(
                message="a reader sees no link to unsubscribe",
                suggestion=_MEND,
                where=f"{name}, HTML",
            )
        if _MARK not in issue.text:
            yield Flaw(
                message="there is no link to unsubscribe",
                suggestion="Print `unsubscribe` on a line of its own.",
                where=f"{name}, text",
            )


RULE = Rule(
    code="no-unsubscribe-link",
    level="error",
    source="https://support.google.com/a/answer/81126",
    find=_find,
)
