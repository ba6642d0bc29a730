"""From an article to a campaign: issues with slots, posts, cards, and what is approved of them."""

import datetime as dt
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import Literal

from django.db import transaction

from pipeline.campaigns.arranging import (
    Arranged,
    arranged,
    base_of,
    changed_since,
    form_of,
    outline_of,
)
from pipeline.campaigns.keeping import free_proposed, keep_issues
from pipeline.campaigns.models import ArticleRevision, Campaign
from pipeline.campaigns.names import call_off_elsewhere, refuse_names
from pipeline.campaigns.revisions import newest_revision, sha256
from pipeline.campaigns.slots import free_slots
from pipeline.campaigns.waivers import applied, fingerprint
from pipeline.errors import CheckError, SourceError
from pipeline.run import Outline
from pipeline.values import Article, Edition, Finding, Newsletter, SeriesForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How an article becomes an edition.

    Attributes:
        begin: :func:`pipeline.run.begin` with the configuration filled in.
        complete: :func:`pipeline.run.complete` with configuration and templates filled in.
        surroundings: A hash of all else the rendering depends on (configuration, templates).
        preflight: What is found before a new campaign becomes active.
    """

    begin: Callable[..., Outline]
    complete: Callable[..., Edition]
    surroundings: str
    preflight: Callable[[Edition], tuple[Finding, ...]] = lambda _: ()


# How often an arrangement may be overtaken by a release before that is somebody's defect.
_TRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks of the plan of an article.

    Attributes:
        form: What it becomes; "" leaves it as it is.
        start: The first day, ``YYYY-MM-DD``; "" leaves it as it is.
        newsletter: The key of the newsletter, for an article that names none.
    """

    form: SeriesForm | Literal[""] = ""
    start: str = ""
    newsletter: str = ""


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


class _OvertakenError(Exception):
    """The series changed while the article was made: an issue went out, or was edited."""


def take_article(
    path: PurePath,
    content: bytes,
    *,
    making: Making,
    actor: str,
    now: dt.datetime,
    wish: Wish | None = None,
) -> Taken:
    """Make or renew the campaign of an article file.

    What was released stays as it was sent. The rest is made anew, and an approval that was given
    for other bytes no longer counts. A new campaign is active at once if its newsletter plans by
    itself, and nobody asked for a proposal only.

    Args:
        path: The file's name.
        content: Its bytes.
        making: How it becomes an edition.
        actor: Who schedules; recorded as approver where the newsletter asks for no other.
        now: The time.
        wish: What a person asks of the plan; then a new campaign is a proposal.

    Raises:
        SourceError: The file cannot be read as an article, or would go out a second time under
            another name.
        CheckError: A check found an error. Nothing is changed.
    """
    reading = _Reading(path=path, content=content, making=making, actor=actor, now=now, wish=wish)
    for _ in range(_TRIES):
        known = None if wish else _known(path.name, content, making.surroundings)
        if known is not None:
            return Taken(name=path.name, campaign=known.pk, changed=False)
        with suppress(_OvertakenError):
            return _take(reading)
    raise SourceError(
        "the series changes faster than it can be made", mend="Try again later.", path=path
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One reading of one file."""

    path: PurePath
    content: bytes
    making: Making
    actor: str
    now: dt.datetime
    wish: Wish | None


def _take(reading: _Reading) -> Taken:
    path, content, wish = reading.path, reading.content, reading.wish or Wish()
    making = reading.making
    outline = making.begin(path, content, newsletter=wish.newsletter or _chosen(path.name))
    article, newsletter = outline.article, outline.newsletter
    campaign = Campaign.objects.filter(article=article.slug, newsletter=newsletter.key).first()
    form = wish.form or form_of(campaign, article, newsletter.series)
    plan = arranged(campaign, article, form)
    edition = making.complete(outline, form=form, parts=plan.arrangement.parts)
    findings = applied(edition.findings, article=article.slug)
    if campaign is not None:
        findings = (*changed_since(campaign, article, plan.arrangement), *findings)
    refuse_errors(path, findings)
    refuse_names(path, content, edition)
    with transaction.atomic():
        # The campaign comes first: on PostgreSQL its row is the lock that a second reader waits at.
        campaign = _keep_campaign(edition, reading)
        # Locked, so that none is released between the look at its state and the renewal.
        list(campaign.issues.select_for_update().order_by("pk"))
        if not _holds(plan, campaign):
            raise _OvertakenError
        call_off_elsewhere(path, campaign)
        keep_revision(path, content, edition, now=reading.now)
        if wish.start and campaign.state == Campaign.State.PLANNED:
            free_proposed(campaign)
        if campaign.state != Campaign.State.CANCELLED:
            keep_issues(
                campaign,
                replace(edition, findings=findings),
                plan.arrangement,
                free_slots=partial(
                    free_slots, campaign=campaign, newsletter=newsletter, now=reading.now
                ),
                actor=reading.actor,
                now=reading.now,
            )
        kept = outline_of(campaign, article, plan.arrangement.keys, form)
        Campaign.objects.filter(pk=campaign.pk).update(outline=kept)
    return Taken(name=path.name, campaign=campaign.pk, changed=True, findings=findings)


def _holds(plan: Arranged, campaign: Campaign) -> bool:
    now = base_of(campaign)
    return plan.base in ((), now) if not campaign.issues.exists() else plan.base == now


def _chosen(name: str) -> str:
    """The newsletter a person chose for the article of a file when they planned it; or ""."""
    revision = newest_revision(name)
    if revision is None:
        return ""
    planned = Campaign.objects.filter(article=revision.slug).exclude(planned_by="")
    return planned.order_by("pk").values_list("newsletter", flat=True).last() or ""


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


def refuse_errors(path: PurePath, findings: tuple[Finding, ...]) -> None:
    """Refuse what a check found an error in.

    Raises:
        CheckError: It tells the first one.
    """
    errors = [finding for finding in findings if finding.stops]
    if errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise CheckError(f"{first.where}: {first.message}{more}", mend=first.suggestion, path=path)


def keep_revision(path: PurePath, content: bytes, edition: Edition, *, now: dt.datetime) -> None:
    """Keep the text of an article file if it is another than before."""
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


def _keep_campaign(edition: Edition, reading: _Reading) -> Campaign:
    article, newsletter = edition.article, edition.newsletter
    made_from = _made_from(reading.content, reading.making.surroundings, article.slug)
    renewed = {
        "made_from": made_from,
        "title": article.title,
        "kind": _kind(article),
        "season": article.season,
    }
    if reading.wish:
        renewed |= {
            name: value
            for name, value in (("form", reading.wish.form), ("start", reading.wish.start))
            if value
        }
    campaign, new = Campaign.objects.update_or_create(
        article=article.slug,
        newsletter=newsletter.key,
        defaults=renewed,
        create_defaults={
            **renewed,
            "state": _first_state(newsletter, reading.wish),
            "planned_by": reading.actor if reading.wish else "",
            "created_at": reading.now,
        },
    )
    if new and campaign.state == Campaign.State.ACTIVE:
        refuse_errors(reading.path, reading.making.preflight(edition))
    return campaign


def _kind(article: Article) -> Campaign.Kind:
    if article.welcome:
        return Campaign.Kind.WELCOME
    return Campaign.Kind.EVERGREEN if article.evergreen else Campaign.Kind.SERIES


def _first_state(newsletter: Newsletter, wish: Wish | None) -> Campaign.State:
    by_hand = wish is not None or newsletter.planning == "by hand"
    return Campaign.State.PLANNED if by_hand else Campaign.State.ACTIVE
