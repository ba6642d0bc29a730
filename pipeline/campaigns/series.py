"""From an article to a campaign: issues with slots, posts, cards, and what is approved of them."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import PurePath

from django.db import transaction

from pipeline.campaigns.approval import approve, content_hash
from pipeline.campaigns.models import (
    ArticleRevision,
    Campaign,
    Card,
    Issue,
    Post,
)
from pipeline.campaigns.names import call_off_elsewhere, folder, refuse_names
from pipeline.campaigns.parts import store
from pipeline.campaigns.revisions import newest_revision, sha256
from pipeline.campaigns.slots import free_slots
from pipeline.campaigns.trials import with_trial
from pipeline.campaigns.waivers import applied, fingerprint
from pipeline.errors import CheckError
from pipeline.values import Article, Edition, Finding, Newsletter, PlannedIssue, RenderedIssue

Make = Callable[[PurePath, bytes], Edition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What reading one article file changed.

    Attributes:
        campaign: The campaign's number.
        changed: False if file, configuration and templates were the same as before.
        findings: What the checks remark; no errors, for these refuse the article.
    """

    name: str
    campaign: int
    changed: bool
    findings: tuple[Finding, ...] = ()


def take_article(
    path: PurePath, content: bytes, *, make: Make, surroundings: str, actor: str, now: dt.datetime
) -> Taken:
    """Make or renew the campaign of an article file.

    What was released stays as it was sent. The rest is made anew, and an approval that was given
    for other bytes no longer counts.

    Args:
        path: The file's name.
        content: Its bytes.
        make: :func:`pipeline.run.run` with configuration and templates filled in.
        surroundings: A hash of all else the rendering depends on (configuration, templates).
        actor: Who schedules; recorded as approver where the newsletter asks for no other.
        now: The time.

    Raises:
        SourceError: The file cannot be read as an article, or would go out a second time under
            another name.
        CheckError: A check found an error. Nothing is changed.
    """
    known = _known(path.name, content, surroundings)
    if known is not None:
        return Taken(name=path.name, campaign=known.pk, changed=False)
    edition = make(path, content)
    slug = edition.article.slug
    findings = applied(edition.findings, article=slug)
    made_from = _made_from(content, surroundings, slug)
    _refuse_errors(path, findings)
    refuse_names(path, content, edition)
    with transaction.atomic():
        # The campaign comes first: on PostgreSQL its row is the lock that a second reader waits at.
        campaign = _keep_campaign(edition, made_from=made_from, now=now)
        call_off_elsewhere(path, campaign)
        _keep_revision(path, content, edition, now=now)
        if campaign.state != Campaign.State.CANCELLED:
            _keep_issues(campaign, edition, actor=actor, now=now)
    return Taken(name=path.name, campaign=campaign.pk, changed=True, findings=findings)


def _made_from(content: bytes, surroundings: str, slug: str) -> str:
    """The hash of all a campaign is made from; a waiver given or withdrawn is part of it."""
    waivers = fingerprint(article=slug)
    told = f"{sha256(content)} {surroundings}{f' {waivers}' if waivers else ''}"
    return hashlib.sha256(told.encode()).hexdigest()


def _known(name: str, content: bytes, surroundings: str) -> Campaign | None:
    revision = newest_revision(name)
    if revision is None:
        return None
    made_from = _made_from(content, surroundings, revision.slug)
    return Campaign.objects.filter(article=revision.slug, made_from=made_from).first()


def _refuse_errors(path: PurePath, findings: tuple[Finding, ...]) -> None:
    errors = [finding for finding in findings if finding.stops]
    if errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise CheckError(f"{first.where}: {first.message}{more}", mend=first.suggestion, path=path)


def _keep_revision(path: PurePath, content: bytes, edition: Edition, *, now: dt.datetime) -> None:
    newest = newest_revision(path.name)
    if newest is None or newest.sha256 != sha256(content):
        ArticleRevision.objects.create(
            slug=edition.article.slug,
            sha256=sha256(content),
            name=path.name,
            content=content,
            source=ArticleRevision.Source.FILE,
            created_at=now,
        )


def _keep_campaign(edition: Edition, *, made_from: str, now: dt.datetime) -> Campaign:
    article = edition.article
    made = {
        "made_from": made_from,
        "title": article.title,
        "kind": _kind(article),
        "season": article.season,
    }
    campaign, _ = Campaign.objects.update_or_create(
        article=article.slug,
        newsletter=edition.newsletter.key,
        defaults=made,
        create_defaults={**made, "created_at": now},
    )
    return campaign


def _kind(article: Article) -> Campaign.Kind:
    if article.welcome:
        return Campaign.Kind.WELCOME
    return Campaign.Kind.EVERGREEN if article.evergreen else Campaign.Kind.SERIES


def _keep_issues(campaign: Campaign, edition: Edition, *, actor: str, now: dt.datetime) -> None:
    # Locked, so that none is released between the look at its state and the renewal.
    existing = {issue.part: issue for issue in campaign.issues.select_for_update()}
    slots = _new_slots(campaign, edition, existing, now=now)
    welcome = campaign.kind == Campaign.Kind.WELCOME
    for planned, rendered in zip(edition.plan.issues, edition.issues, strict=True):
        issue = existing.get(planned.part) or Issue(campaign=campaign, part=planned.part)
        if planned.part in slots:
            issue.slot, issue.time_zone = slots[planned.part], edition.newsletter.time_zone
        # A welcome goes out for years: what is written anew is for whoever comes next.
        if welcome or issue.state in {Issue.State.SCHEDULED, Issue.State.CANCELLED}:
            _keep_issue(issue, planned, rendered, edition)
            _approve_if_asked(issue, edition.newsletter, actor=actor, now=now)
    surplus = campaign.issues.filter(part__gt=len(edition.plan.issues))
    surplus.filter(state=Issue.State.SCHEDULED).update(state=Issue.State.CANCELLED)


def _new_slots(
    campaign: Campaign, edition: Edition, existing: dict[int, Issue], *, now: dt.datetime
) -> dict[int, str]:
    """The slots of the parts that need one; an evergreen part and a welcome have none."""
    waits = {Issue.State.SCHEDULED, Issue.State.CANCELLED}
    parts = [planned.part for planned in edition.plan.issues]
    open_parts = [part for part in parts if part not in existing or existing[part].state in waits]
    if campaign.kind in {Campaign.Kind.EVERGREEN, Campaign.Kind.WELCOME}:
        return {part: "" for part in open_parts if not _is_set(existing.get(part))}
    # One called off has lost its slot: another series may have been given it.
    held = {part for part, issue in existing.items() if issue.state != "cancelled" and issue.slot}
    new = [part for part in open_parts if part not in held]
    return free_slots(new, campaign, edition.newsletter, now=now)


def _is_set(issue: Issue | None) -> bool:
    """Whether a person gave an issue its slot."""
    return issue is not None and "slot" in issue.edits


def _keep_issue(
    issue: Issue, planned: PlannedIssue, rendered: RenderedIssue, edition: Edition
) -> None:
    newsletter = edition.newsletter
    issue.state = Issue.State.SCHEDULED
    issue.newsletter = newsletter.key
    issue.of = planned.of
    issue.folder = folder(edition.article.slug, issue)
    issue.subject = rendered.subject
    issue.preheader = rendered.preheader
    issue.html_id = store(rendered.html.encode())
    issue.text_id = store(rendered.text.encode())
    issue.envelope = _envelope(newsletter)
    issue.about = asdict(rendered.about)
    posts = [post for post in edition.posts if post.section in planned.sections]
    cards = [card for card in edition.cards if card.section in planned.sections]
    stored = {card.section: store(card.png) for card in cards}
    content = content_hash(
        {
            "subject": issue.subject,
            "preheader": issue.preheader,
            "html": issue.html_id,
            "text": issue.text_id,
            "envelope": issue.envelope,
            "about": issue.about,
            "posts": [asdict(post) for post in posts],
            "cards": [[card.section, stored[card.section], card.alt] for card in cards],
            "audience": newsletter.key,
            # A yes that nobody was asked for does not count once somebody must be asked.
            "approval": newsletter.approval,
        }
    )
    issue.content_hash = with_trial(content, issue)
    issue.save()
    issue.posts.all().delete()
    Post.objects.bulk_create(Post(issue=issue, **asdict(post)) for post in posts)
    issue.cards.all().delete()
    Card.objects.bulk_create(
        Card(issue=issue, section=card.section, png_id=stored[card.section], alt=card.alt)
        for card in cards
    )


def _envelope(newsletter: Newsletter) -> dict[str, str]:
    """Who it comes from: approved with the rest, for a reader judges a letter by it."""
    domain = newsletter.from_address.rpartition("@")[2]
    return {
        "from_name": newsletter.from_name,
        "from_address": newsletter.from_address,
        "reply_to": newsletter.reply_to,
        "list_id": f"{newsletter.key}.{domain}",
        "list_name": newsletter.name,
    }


def _approve_if_asked(
    issue: Issue, newsletter: Newsletter, *, actor: str, now: dt.datetime
) -> None:
    if newsletter.approval == "none":
        approve(issue=issue, content_hash=issue.content_hash, approver=actor, now=now)
