"""Every merge field is one that a channel can fill.

One that is misspelt, or written as another program writes it, is not filled in: the reader gets
"Dear @@frist_name@@". The fields are those of :mod:`pipeline.stages.merge`.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule

# As Mailchimp, Mailgun, Postmark, SendGrid, HubSpot and Jinja write theirs.
_FOREIGN = re.compile(
    r"\*\|[\w:]+\|\*|%recipient\.\w+%|\{\{\s*[A-Za-z_][\w -]*(?:\|[^{}]*)?\}\}"
    r"|<%=?\s*[A-Za-z_]\w*\s*%>|\[\[[A-Za-z_]\w*\]\]"
)


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        parts = {"subject": issue.subject, "preheader": issue.preheader}
        for part, text in (parts | {"HTML": issue.html, "text": issue.text}).items():
            where = f"issue {issue.part}, {part}"
            for name in dict.fromkeys(merge.unknown(text)):
                yield Flaw(
                    message=f"there is no merge field {merge.mark(name)}",
                    suggestion=_mend(name),
                    where=where,
                )
            for field in dict.fromkeys(_FOREIGN.findall(_without_styles(text))):
                yield Flaw(
                    message=f"the words {field[:60]} stay as they stand: no field is written so",
                    suggestion=f"Take it out, or use one of these: {', '.join(merge.FIELDS)}.",
                    where=where,
                )


def _mend(name: str) -> str:
    near = get_close_matches(name, merge.FIELDS, n=1)
    return f"Write {merge.mark(near[0])}." if near else f"Known are: {', '.join(merge.FIELDS)}."


def _without_styles(text: str) -> str:
    return re.sub(r"<style\b.*?</style>", "", text, flags=re.DOTALL | re.IGNORECASE)


RULE = Rule(
    code="unknown-merge-field",
    level="error",
    source="https://jinja.palletsprojects.com/en/stable/templates/#variables",
    find=_find,
)
