"""What a person does to a campaign. Each takes effect at the next claim: the gate asks anew."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import Q

from pipeline.campaigns.approval import approve
from pipeline.campaigns.calendar import due_at, wall_time
from pipeline.campaigns.effects import (
    Effect,
    effect_of_cancel,
    effect_of_move,
    effect_of_pause,
    effect_of_resume,
    effect_of_unschedule,
)
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Campaign, Issue, Variant
from pipeline.campaigns.slots import apply, cadence_of, lock_slots, place, told_issue
from pipeline.campaigns.texts import told_text
from pipeline.campaigns.variants import approve_variants, lacking_approval
from pipeline.errors import ApprovalError, SettingError


def find(article: str) -> Campaign:
    """The campaign of an article.

    Raises:
        SettingError: There is none.
    """
    campaign = Campaign.objects.filter(article=article).order_by("pk").last()
    if campaign is None:
        known = ", ".join(Campaign.objects.order_by("pk").values_list("article", flat=True))
        mend = f"There are: {known}." if known else "Run `meridian run` first."
        raise SettingError(f"there is no campaign of {article!r}", mend=mend)
    return campaign


@transaction.atomic
def approve_issues(
    *, article: str, approver: str, now: dt.datetime, part: int | None = None
) -> list[Issue]:
    """Say yes to one part, or to all parts that have not gone out, exactly as they are now.

    Each in every language there is, those that came when their part was out already included.

    Raises:
        ApprovalError: There is no such part, or it has gone out.
    """
    parts = find(article).issues.order_by("part")
    asked = parts if part is None else parts.filter(part=part)
    issues = list(asked.filter(Q(state=Issue.State.SCHEDULED) | Q(pk__in=lacking_approval())))
    if not issues:
        what = "part of this article" if part is None else f"part {part}"
        raise ApprovalError(f"no {what} waits", mend="`meridian campaign show` lists what does.")
    for issue in issues:
        hash_ = issue.content_hash
        approve(issue=issue, content_hash=hash_, approver=approver, now=now, via="command line")
        approve_variants(issue, approver=approver, now=now, via="command line")
    return issues


def pause(*, article: str, actor: str, now: dt.datetime) -> Effect:
    """Send nothing more of it until it is resumed: at most the batch under way goes out.

    Raises:
        SettingError: There is no such campaign, or it is not active.
    """
    return _do("paused", article, effect_of_pause, actor=actor, now=now)


def resume(*, article: str, actor: str, now: dt.datetime) -> Effect:
    """Let a paused campaign go on. What should have gone out meanwhile takes the next slots.

    Raises:
        SettingError: There is no such campaign, or it is not paused.
    """
    return _do("resumed", article, partial(effect_of_resume, now=now), actor=actor, now=now)


def unschedule(*, article: str, actor: str, now: dt.datetime) -> Effect:
    """Make it a proposal again: nothing more goes out until it is scheduled anew.

    Raises:
        SettingError: There is no such campaign, or it is neither active nor paused.
    """
    return _do("unscheduled", article, effect_of_unschedule, actor=actor, now=now)


def cancel(*, article: str, actor: str, now: dt.datetime) -> Effect:
    """Call off everything that has not gone out, for good.

    Raises:
        SettingError: There is no such campaign.
    """
    return _do("cancelled", article, effect_of_cancel, actor=actor, now=now)


@transaction.atomic
def move(*, article: str, part: int, slot: dt.datetime, actor: str, now: dt.datetime) -> Effect:
    """Give one part a slot that stays, whatever clinic.toml says later. Others yield to it.

    Args:
        article: The article's slug.
        part: The part.
        slot: Naive wall time in the newsletter's zone, to the minute.
        actor: Who chose it.
        now: The time.

    Raises:
        SettingError: There is no such campaign or part, it has gone out, or the slot has passed.
    """
    campaign = _alone(article)
    locked = lock_slots(campaign.newsletter)
    effect = effect_of_move(campaign, part, slot, now=now)
    _apply(effect, locked=locked, actor=actor, now=now)
    _fix(effect.moved[0].issue, slot, actor=actor, now=now)
    return effect


@transaction.atomic
def let_go(*, article: str, actor: str, now: dt.datetime, part: int | None = None) -> list[Issue]:
    """End the hold of one part, or of all: what is due goes out now, the rest in its slot.

    Of several that are due the first goes out, and the next ones a week apart.

    Raises:
        SettingError: There is no such campaign, or nothing of it is held.
    """
    campaign = _alone(article)
    lock_slots(campaign.newsletter)
    over = [Issue.State.SENT, Issue.State.CANCELLED]
    held = campaign.issues.exclude(state__in=over).exclude(held="").order_by("part")
    asked = campaign.issues.filter(**({} if part is None else {"part": part}))
    issues = list(held.select_related("campaign").filter(pk__in=asked))
    variants = list(Variant.objects.filter(issue__in=asked).exclude(held=""))
    if not issues and not variants:
        what = article if part is None else f"part {part} of {article}"
        raise SettingError(
            f"nothing holds {what}", mend="`meridian campaign show` says what waits."
        )
    for issue in issues:
        _let_go(issue, actor=actor, now=now)
    for variant in variants:
        _let_go_variant(variant, actor=actor, now=now)
    return sorted({*issues, *(each.issue for each in variants)}, key=lambda issue: issue.part)


def _let_go(issue: Issue, *, actor: str, now: dt.datetime) -> None:
    told = f"{told_issue(issue)} is let go; it was held: {issue.held}"
    issue.held = ""
    issue.save(update_fields=["held"])
    note("let go", told, actor=actor, now=now, issue=issue)
    # One on its way goes on where it was.
    if issue.state == Issue.State.SCHEDULED and issue.slot and due_at(issue) <= now:
        place(issue, wall_time(now, issue.time_zone), zone=issue.time_zone)


def _let_go_variant(variant: Variant, *, actor: str, now: dt.datetime) -> None:
    told = f"{told_text(variant)} is let go; it was held: {variant.held}"
    Variant.objects.filter(pk=variant.pk).update(held="")
    note("let go", told, actor=actor, now=now, issue=variant.issue, language=variant.language)


def _fix(issue: Issue, slot: dt.datetime, *, actor: str, now: dt.datetime) -> None:
    """Write down that a person chose a slot: nothing but a person, or its passing, moves it."""
    chosen = {"value": slot.isoformat(timespec="minutes"), "by": actor, "at": now.isoformat()}
    issue.edits = {**issue.edits, "slot": chosen}
    issue.save(update_fields=["edits"])


@transaction.atomic
def _do(
    kind: str,
    article: str,
    effect_of: Callable[[Campaign], Effect],
    *,
    actor: str,
    now: dt.datetime,
) -> Effect:
    """Do what an act would do, as its effect says it, and write it down."""
    campaign = _alone(article)
    locked = lock_slots(campaign.newsletter)
    effect = effect_of(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(state=effect.state)
    called_off = [issue.pk for issue in effect.called_off]
    waiting = Issue.objects.filter(pk__in=called_off, state=Issue.State.SCHEDULED)
    waiting.update(state=Issue.State.CANCELLED)
    told = f"{campaign.title} is {kind}"
    note(kind, told, actor=actor, now=now, campaign=campaign, effect=list(effect.told))
    _apply(effect, locked=locked, actor=actor, now=now)
    campaign.state = effect.state
    return effect


def _apply(effect: Effect, *, locked: frozenset[int], actor: str, now: dt.datetime) -> None:
    rules = cadence_of(effect.campaign.newsletter, now=now)
    zone = rules.newsletter.time_zone if rules else ""
    apply(effect.moved, zone=zone, locked=locked, actor=actor, now=now)


def _alone(article: str) -> Campaign:
    """The campaign, kept from others until the transaction ends."""
    return Campaign.objects.select_for_update().get(pk=find(article).pk)
