"""The text part says what the HTML says, and links where it links.

A message of two parts holds the same thing twice (RFC 2046, section 5.1.4): who reads the plain
one, by choice or by need, loses nothing.
"""

import re
from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.email.page import Link


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, page in material.pages():
        where = f"{name}, text"
        if not issue.text.strip():
            yield Flaw(
                message="the text part is empty",
                suggestion="Restore the template email/issue.txt.",
                where=where,
            )
            continue
        for link in dict.fromkeys(page.links):
            if not _told(link, issue.text):
                yield Flaw(
                    message=f"the text part lacks the link {link.href}",
                    suggestion="Print it on a line of its own.",
                    where=where,
                )


def _told(link: Link, text: str) -> bool:
    # People read an address or a number, not the scheme before it.
    scheme, _, rest = link.href.partition(":")
    if scheme == "mailto":
        return rest.partition("?")[0] in text
    if scheme == "tel":
        return _digits(rest) in _digits(text)
    return link.href in text


def _digits(text: str) -> str:
    return "".join(re.findall(r"\d+", text))


RULE = Rule(
    code="text-part",
    level="error",
    source="https://www.rfc-editor.org/rfc/rfc2046#section-5.1.4",
    find=_find,
)
