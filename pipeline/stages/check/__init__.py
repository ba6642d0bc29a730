"""The check: what is wrong with issues and posts, before anybody gets them.

A rule is a file here with a value ``RULE``; to register it is a line in :data:`RULES`. Its examples
are data, ``tests/examples/check/<code>.json``: a rule without examples fails a test.
"""

from pipeline.stages.check import (
    address,
    alternative,
    header,
    link,
    plain_text,
    post_length,
    preheader,
    reply_trick,
    size,
    subject,
    unsubscribe,
)
from pipeline.stages.check.rule import Material, Rule
from pipeline.values import ComposedPost, Configuration, Finding, RenderedIssue

RULES: tuple[Rule, ...] = (
    unsubscribe.RULE,
    address.RULE,
    size.RULE,
    subject.RULE,
    preheader.RULE,
    reply_trick.RULE,
    alternative.RULE,
    link.RULE,
    post_length.RULE,
    plain_text.RULE,
    header.RULE,
)


def check(
    issues: tuple[RenderedIssue, ...],
    posts: tuple[ComposedPost, ...],
    *,
    configuration: Configuration,
) -> tuple[Finding, ...]:
    """All findings, rule by rule in the order of :data:`RULES`."""
    material = Material(issues, posts, configuration)
    return tuple(finding for rule in RULES for finding in findings(rule, material))


def findings(rule: Rule, material: Material) -> tuple[Finding, ...]:
    """The findings of one rule."""
    return tuple(
        Finding(
            code=rule.code,
            level=flaw.level or rule.level,
            message=flaw.message,
            suggestion=flaw.suggestion,
            where=flaw.where,
            span=flaw.span,
            source=rule.source,
        )
        for flaw in rule.find(material)
    )
