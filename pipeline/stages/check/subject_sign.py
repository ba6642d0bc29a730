"""A subject is told in words, not in signs.

A check mark, a reply arrow or a warning sign poses as something the mail program says (Google's
sender guidelines); an emoji is read aloud by its name, and looks different wherever it is seen.
"""

from collections.abc import Iterator

from pipeline.stages.check.display_name import SIGNS
from pipeline.stages.check.rule import Flaw, Material, Rule


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        sign = SIGNS.search(issue.subject)
        if sign:
            yield Flaw(
                message=f"the subject holds “{sign[0]}”",
                suggestion="Take the sign out of the heading; words say it to everybody.",
                where=f"issue {issue.part}, subject",
                span=sign.span(),
            )


RULE = Rule(
    code="subject-sign",
    level="warning",
    source="https://support.google.com/a/answer/81126",
    find=_find,
)
