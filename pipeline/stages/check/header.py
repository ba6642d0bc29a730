"""What stands in a header of the message stays in it.

A line end in a subject or a name ends the header and begins another (RFC 5322, section 2.2): so a
title could add recipients. The same goes for other controls, for the line ends Unicode adds, and
for halves of characters, which no header can say.
"""

import re
from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule

_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _find(material: Material) -> Iterator[Flaw]:
    for where, value in _values(material):
        broken = _BREAKING.search(value)
        if broken:
            yield Flaw(
                message=f"the character U+{ord(broken[0]):04X} would break a header",
                suggestion="Type these words again, on one line.",
                where=where,
                span=broken.span(),
            )


def _values(material: Material) -> Iterator[tuple[str, str]]:
    for issue in material.issues:
        yield f"issue {issue.part}, subject", issue.subject
        yield f"issue {issue.part}, preheader", issue.preheader
    for newsletter in material.configuration.newsletters:
        for field in ("name", "from_name", "from_address", "reply_to"):
            yield f"newsletter {newsletter.key}, {field}", getattr(newsletter, field)
    yield "clinic, name", material.configuration.clinic.name


RULE = Rule(
    code="header-injection",
    level="error",
    source="https://www.rfc-editor.org/rfc/rfc5322#section-2.2",
    find=_find,
)
