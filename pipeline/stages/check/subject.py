"""Every issue has a subject.

RFC 5322 leaves the subject optional, but an inbox shows little else of a letter than this.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule


def _find(material: Material) -> Iterator[Flaw]:
    for issue in material.issues:
        # Signs and invisible characters are no subject either.
        if not any(map(str.isalnum, issue.subject)):
            yield Flaw(
                message="the subject is empty",
                suggestion="Give the article a title, and its numbered sections headings.",
                where=f"issue {issue.part}, subject",
            )


RULE = Rule(
    code="empty-subject",
    level="error",
    source="https://www.rfc-editor.org/rfc/rfc5322#section-3.6.5",
    find=_find,
)
