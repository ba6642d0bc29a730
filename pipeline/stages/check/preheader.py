"""The line after the subject says something new.

An inbox shows subject and preheader side by side; said twice, the second line is lost.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.plan import repeats


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        if repeats(issue.preheader, issue.subject):
            yield Flaw(
                message="the preheader repeats the subject",
                suggestion="Begin the section with a sentence that is not its heading.",
                where=f"issue {issue.part}, preheader",
            )


RULE = Rule(
    code="preheader-repeats-subject",
    level="warning",
    source="https://emailgic.com/answers/email-preheader-writing-guide",
    find=_find,
)
