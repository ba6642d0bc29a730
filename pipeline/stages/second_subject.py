"""A second subject is checked as the first one is: what it claims, poses as, and would break."""

from dataclasses import replace

from pipeline.stages.check import (
    claims,
    findings,
    header,
    merge_field,
    own_name,
    preheader,
    reply_trick,
    subject,
    subject_sign,
)
from pipeline.stages.check.rule import Material
from pipeline.values import Configuration, Finding, RenderedIssue

SECOND = "second subject"
# The rules that look at a subject.
_RULES = (
    subject.RULE,
    preheader.RULE,
    reply_trick.RULE,
    header.RULE,
    merge_field.RULE,
    subject_sign.RULE,
    own_name.RULE,
)


def check_second_subject(
    second: str, issue: RenderedIssue, *, configuration: Configuration
) -> tuple[Finding, ...]:
    """What is found in a second subject of an issue, as "issue 2, second subject".

    Args:
        second: The subject.
        issue: The issue it is tried with.
        configuration: What clinic.toml says.
    """
    # Only what stands in the inbox: of the letter itself the findings are there already.
    inbox = replace(issue, subject=second, html="<p></p>", text="")
    language = issue.about.language or configuration.clinic.language
    spoken = replace(configuration, clinic=replace(configuration.clinic, language=language))
    material = Material(issues=(inbox,), posts=(), configuration=spoken)
    found = [*(f for rule in _RULES for f in findings(rule, material))]
    found += claims.check_claims(material)
    where = f"issue {issue.part}, {SECOND}"
    return tuple(replace(each, where=where) for each in found if _is_of_subject(each))


def _is_of_subject(finding: Finding) -> bool:
    """Whether it is about the subject: what repeats it is told of the preheader."""
    return finding.where.endswith(", subject") or finding.code == preheader.RULE.code
