"""A subject does not pretend to be an answer.

Google's sender guidelines want no "Re:" or "Fwd:" where nothing is answered or passed on; CAN-SPAM,
15 U.S.C. 7704(a)(2), forbids subjects that mislead.
"""

import re
from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule

# As mail programs write it in English, German, Spanish, Swedish, Dutch, Korean, Japanese, Chinese.
TRICK = re.compile(
    r"\s*(?:re|fwd?|aw|wg|rv|sv|vs|antw|doorst|res|enc|답장|회신|전달|返信|転送|回复|转发)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        trick = TRICK.match(issue.subject)
        if trick:
            yield Flaw(
                message=f"the subject begins with “{trick[0].strip()}” but answers nobody",
                suggestion="Begin the heading with a word of its own.",
                where=f"issue {issue.part}, subject",
                span=trick.span(),
            )


RULE = Rule(
    code="reply-subject",
    level="error",
    source="https://support.google.com/a/answer/81126",
    find=_find,
)
