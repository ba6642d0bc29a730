"""The check: what is wrong with issues and posts, before anybody gets them.

A rule is a file here with a value ``RULE``; to register it is a line in :data:`RULES`, or in
:data:`ARTICLE_RULES` if it asks about an article as it was read. Its examples are data,
``tests/examples/check/<code>.json``: a rule without examples fails a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.errors import CheckError
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.check import (
    address,
    alternative,
    claims,
    contrast,
    dead_link,
    display_name,
    header,
    heading_order,
    hidden,
    image_weight,
    link,
    link_text,
    lookalike,
    lost_correction,
    merge_field,
    missing_part,
    own_name,
    plain_text,
    post_length,
    preheader,
    preheader_length,
    reading,
    reply_trick,
    size,
    subject,
    subject_sign,
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
    merge_field.RULE,
    display_name.RULE,
    subject_sign.RULE,
    hidden.RULE,
    contrast.RULE,
    lookalike.RULE,
    dead_link.RULE,
    missing_part.RULE,
    heading_order.RULE,
    link_text.RULE,
    own_name.RULE,
    image_weight.RULE,
    preheader_length.RULE,
    reading.RULE,
)
ARTICLE_RULES: tuple[Rule[Source], ...] = (unsure_heading.RULE, lost_correction.RULE)


def check(
    issues: tuple[RenderedIssue, ...],
    posts: tuple[ComposedPost, ...],
    *,
    configuration: Configuration,
    cards: tuple[Card, ...] = (),
    article: Article | None = None,
    answers: Mapping[str, LinkAnswer] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """All findings, rule by rule in the order of :data:`RULES`; then what is claimed.

    Args:
        issues: The rendered emails.
        posts: The composed posts.
        configuration: What clinic.toml says.
        cards: The pictures of the posts.
        article: What they were made from; without it, what is asked of an article is not asked.
        answers: What the links answered, by address, if a person asked for them to be tried.

    Raises:
        CheckError: A rule cannot judge this; then nothing is made of it.
    """
    material = Material(issues, posts, configuration, cards, article, answers)
    found = (finding for rule in RULES for finding in findings(rule, material))
    return (*found, *claims.check_claims(material))


def check_article(source: Source) -> tuple[Finding, ...]:
    """What a person should be asked about an article as it was read; never an error."""
    return tuple(finding for rule in ARTICLE_RULES for finding in findings(rule, source))


def findings(rule: Rule[Checked], material: Checked) -> tuple[Finding, ...]:
    """The findings of one rule.

    Raises:
        CheckError: It cannot judge this: what was not checked does not go out.
    """
    try:
        flaws = tuple(rule.find(material))
    except Exception as error:
        raise CheckError(
            f"the check {rule.code} failed on it: {type(error).__name__}: {error}",
            mend="Please report this with the file; nothing was made of it.",
        ) from error
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
        for flaw in flaws
    )
