"""The check: what is wrong with issues and posts, before anybody gets them.

A rule is a file here with a value ``RULE``; to register it is a line in :data:`RULES`, or in
:data:`ARTICLE_RULES` if it asks about an article as it was read. Its examples are data,
``tests/examples/check/<code>.json``: a rule without examples fails a test.
"""

from pipeline.stages.check import (
    address,
    alternative,
    claims,
    header,
    link,
    lost_correction,
    plain_text,
    post_length,
    preheader,
    reply_trick,
    size,
    subject,
    unsubscribe,
    unsure_heading,
)
from pipeline.stages.check.rule import Checked, Material, Rule
from pipeline.values import (
    Article,
    Card,
    ComposedPost,
    Configuration,
    Finding,
    RenderedIssue,
    Source,
)

RULES: tuple[Rule[Material], ...] = (
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
ARTICLE_RULES: tuple[Rule[Source], ...] = (unsure_heading.RULE, lost_correction.RULE)


def check(
    issues: tuple[RenderedIssue, ...],
    posts: tuple[ComposedPost, ...],
    *,
    configuration: Configuration,
    cards: tuple[Card, ...] = (),
    article: Article | None = None,
) -> tuple[Finding, ...]:
    """All findings, rule by rule in the order of :data:`RULES`; then what is claimed."""
    material = Material(issues, posts, configuration, cards, article)
    found = (finding for rule in RULES for finding in findings(rule, material))
    return (*found, *claims.check_claims(material))


def check_article(source: Source) -> tuple[Finding, ...]:
    """What a person should be asked about an article as it was read; never an error."""
    return tuple(finding for rule in ARTICLE_RULES for finding in findings(rule, source))


def findings(rule: Rule[Checked], material: Checked) -> tuple[Finding, ...]:
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
