"""Every merge field is one that a channel can fill.

One that is misspelt, or written as another program writes it, is not filled in: the reader gets
"Dear {{ frist_name }}". The fields are those of :mod:`pipeline.stages.merge`.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from html import unescape

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule

# As Mailchimp, Mailgun, ERB and HubSpot write theirs.
_FOREIGN = re.compile(
    r"\*\|[\w:]+\|\*|%recipient\.\w+%|<%=?\s*[A-Za-z_]\w*\s*%>|\[\[[A-Za-z_]\w*\]\]"
)
# What one of them has in any case; a single sign is looked for many times as fast as two.
_FOREIGN_SIGNS = ("*", "%recipient.", "<%", "[[")
# What a style says, or an author shows as code, is meant as it stands.
_MEANT = re.compile(r"<(style|code|pre)\b[^<]*+(?:<(?!/\1>)[^<]*+)*+</\1>", re.IGNORECASE)


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        said = {
            "subject": issue.subject,
            "preheader": issue.preheader,
            "HTML": unescape(_MEANT.sub("", issue.html)),
        }
        for part, text in {**said, "text": issue.text}.items():
            where = f"issue {issue.part}, {part}"
            for name in dict.fromkeys(merge.unknown(text)):
                yield Flaw(
                    message=f"there is no merge field @@{name}@@",
                    suggestion=_mend(name),
                    where=where,
                )
            # The text part says the same as the HTML, and does not tell what is code.
            for field in dict.fromkeys(_left_over(said.get(part, ""))):
                yield Flaw(
                    message=f"the words {field[:60]} stay as they stand: no field is written so",
                    suggestion=_mend(field),
                    where=where,
                )


def _left_over(text: str) -> Iterator[str]:
    """What was meant as a merge field, and will be read as it stands."""
    # Most texts hold none of these, which is seen at once.
    if any(sign in text for sign in _FOREIGN_SIGNS):
        yield from _FOREIGN.findall(text)
    if "{" not in text:
        return
    yield from (slip.written for slip in merge.slips(text))
    yield from (text[start:end] for _, (start, end) in merge.fields(text))


def _mend(written: str) -> str:
    name = re.search(r"[A-Za-z_]\w*", written.replace("recipient.", ""))
    near = get_close_matches(name[0].lower() if name else "", merge.FIELDS, n=1)
    if near:
        return f"Write {{{{ {near[0]} }}}}, or take it out."
    return f"Take it out, or use one of these: {', '.join(merge.FIELDS)}."


RULE = Rule(
    code="unknown-merge-field",
    level="error",
    source="https://jinja.palletsprojects.com/en/stable/templates/#variables",
    find=_find,
)
