"""From an article to a campaign: issues with slots, posts, cards, and what is approved of them."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath

from django.db import transaction

from pipeline.campaigns.approval import also_approved, approve, content_hash
from pipeline.campaigns.audit import note_renewed
from pipeline.campaigns.calendar import series_slots
from pipeline.campaigns.findings import findings_of
from pipeline.campaigns.models import (
    ArticleRevision,
    Campaign,
    Card,
    ConfigurationRevision,
    Issue,
    Post,
)
from pipeline.campaigns.names import call_off_elsewhere, refuse_names
from pipeline.campaigns.parts import store
from pipeline.campaigns.revisions import newest_revision, sha256
from pipeline.campaigns.waivers import applied, fingerprint
from pipeline.errors import CheckError
from pipeline.values import Edition, Finding, Newsletter, PlannedIssue, RenderedIssue

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
            judged = replace(edition, findings=findings)
            _keep_issues(campaign, judged, actor=actor, now=now)
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
    campaign, _ = Campaign.objects.update_or_create(
        article=edition.article.slug,
        newsletter=edition.newsletter.key,
        defaults={"made_from": made_from, "title": edition.article.title},
        create_defaults={
            "made_from": made_from,
            "title": edition.article.title,
            "created_at": now,
        },
    )
    return campaign


def _keep_issues(campaign: Campaign, edition: Edition, *, actor: str, now: dt.datetime) -> None:
    # Locked, so that none is released between the look at its state and the renewal.
    existing = {issue.part: issue for issue in campaign.issues.select_for_update()}
    # One called off has lost its slot: another series may have been given it.
    held = {part for part, issue in existing.items() if issue.state != Issue.State.CANCELLED}
    new = [planned.part for planned in edition.plan.issues if planned.part not in held]
    slots = _free_slots(new, edition.newsletter, now=now)
    for planned, rendered in zip(edition.plan.issues, edition.issues, strict=True):
        issue = existing.get(planned.part) or Issue(campaign=campaign, part=planned.part)
        issue.slot = slots.get(planned.part, issue.slot)
        if issue.state in {Issue.State.SCHEDULED, Issue.State.CANCELLED}:
            before = issue.content_hash
            _keep_issue(issue, planned, rendered, edition)
            _approve_if_asked(issue, edition.newsletter, actor=actor, now=now)
            note_renewed(issue, before=before, actor=actor, now=now)
    surplus = campaign.issues.filter(part__gt=len(edition.plan.issues))
    surplus.filter(state=Issue.State.SCHEDULED).update(state=Issue.State.CANCELLED)


def _free_slots(parts: list[int], newsletter: Newsletter, *, now: dt.datetime) -> dict[int, str]:
    """A slot for each new part, behind all slots the newsletter has given away."""
    if not parts:
        return {}
    # Whoever gives slots away holds the configuration, so that no two series get the same one.
    list(ConfigurationRevision.objects.select_for_update().order_by("-pk")[:1])
    given = Issue.objects.filter(newsletter=newsletter.key).exclude(state=Issue.State.CANCELLED)
    last = given.order_by("slot").values_list("slot", flat=True).last()
    taken = dt.datetime.fromisoformat(last) if last else None
    free = series_slots(newsletter, len(parts), now=now, taken=taken)
    return {
        part: slot.isoformat(timespec="minutes") for part, slot in zip(parts, free, strict=True)
    }


def _keep_issue(
    issue: Issue, planned: PlannedIssue, rendered: RenderedIssue, edition: Edition
) -> None:
    newsletter = edition.newsletter
    issue.state = Issue.State.SCHEDULED
    issue.newsletter = newsletter.key
    issue.of = planned.of
    issue.folder = _folder(edition.article.slug, issue)
    issue.subject = rendered.subject
    issue.preheader = rendered.preheader
    issue.html_id = store(rendered.html.encode())
    issue.text_id = store(rendered.text.encode())
    issue.envelope = _envelope(newsletter)
    issue.about = asdict(rendered.about)
    issue.time_zone = newsletter.time_zone
    issue.four_eyes = newsletter.four_eyes and newsletter.approval != "none"
    issue.findings = findings_of(planned, edition)
    posts = [post for post in edition.posts if post.section in planned.sections]
    cards = [card for card in edition.cards if card.section in planned.sections]
    stored = {card.section: store(card.png) for card in cards}
    issue.content_hash = content_hash(
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
            **also_approved(issue, kind=issue.campaign.kind),
        }
    )
    issue.save()
    issue.posts.all().delete()
    Post.objects.bulk_create(Post(issue=issue, **asdict(post)) for post in posts)
    issue.cards.all().delete()
    Card.objects.bulk_create(
        Card(issue=issue, section=card.section, png_id=stored[card.section], alt=card.alt)
        for card in cards
    )


def _folder(slug: str, issue: Issue) -> str:
    part = f"-part-{issue.part}" if issue.of > 1 else ""
    return f"{issue.slot[:10]}-{slug}{part}"


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
