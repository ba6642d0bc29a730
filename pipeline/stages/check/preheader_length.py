"""The line after the subject is there, and is not longer than an inbox shows.

Where it is missing, mail programs show the first words they find: "View in browser". Phones show
some 40 characters of it, desktop programs some 90; what comes behind 150 nobody sees.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule

LONGEST = 150


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        where = f"issue {issue.part}, preheader"
        if not any(map(str.isalnum, issue.preheader)):
            yield Flaw(
                message="there is no preheader",
                suggestion="Begin the section with a short sentence of its own.",
                where=where,
            )
        elif len(issue.preheader) > LONGEST:
            yield Flaw(
                message=f"the preheader is {len(issue.preheader)} characters long; inboxes show 90",
                suggestion="Begin the section with a shorter sentence.",
                where=where,
                span=(LONGEST, len(issue.preheader)),
            )


RULE = Rule(
    code="preheader-length",
    level="info",
    source="https://emailgic.com/answers/email-preheader-writing-guide",
    find=_find,
)
