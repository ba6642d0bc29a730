"""The slots of a newsletter's issues: read as claims, given, and moved with a word in the log."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from pipeline.campaigns.cadence import Cadence, Claim, Move
from pipeline.campaigns.calendar import APART, due_at, series_slots, wall_time
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Campaign, ConfigurationRevision, Issue, LogEntry, Post
from pipeline.campaigns.names import folder
from pipeline.campaigns.revisions import current_configuration, is_configured
from pipeline.stages.days import EVERY_DAY, Days
from pipeline.values import Configuration, Newsletter

Kind = Campaign.Kind
# Who takes the weekly slots. A digest goes to others, and a welcome to each in their own time.
WEEKLY = (Kind.SERIES, Kind.EVERGREEN)
# Who went out this shortly after their slot went out in it: a few minutes move nobody behind them.
_PUNCTUAL = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """An issue that is moved, as a person wants to read it.

    Attributes:
        before: The wall time it was to go out, in the newsletter's zone; None if it had none.
        after: The wall time it goes out instead; None if the calendar leaves none, and it is held.
    """

    issue: Issue
    before: dt.datetime | None
    after: dt.datetime | None
    why: str

    @property
    def told(self) -> str:
        """``Part 2 of Why warmth helps: from Tue 3 Mar 2026 10:00 to …: Thanksgiving Day``."""
        if self.after is None:
            return f"{told_issue(self.issue)} is held: {self.why}"
        times = f"from {told_time(self.before)} to {told_time(self.after)}"
        return f"{told_issue(self.issue)}: {times}: {self.why}"


def told_time(slot: dt.datetime | None) -> str:
    """``Tue 3 Mar 2026 10:00``."""
    return f"{slot:%a} {slot.day} {slot:%b %Y %H:%M}" if slot else "a free slot"


def told_issue(issue: Issue) -> str:
    """``Part 2 of Why warmth helps``."""
    title = issue.campaign.title
    return f"Part {issue.part} of {title}" if issue.of > 1 else title


def cadence(newsletter: Newsletter, days: Days, *, now: dt.datetime) -> Cadence:
    """What the slots of a newsletter are given by at an instant."""
    return Cadence(newsletter=newsletter, days=days, here=wall_time(now, newsletter.time_zone))


def cadence_of(key: str, *, now: dt.datetime) -> Cadence | None:
    """The same of a newsletter by its key; None if clinic.toml does not name it."""
    if not is_configured():
        return None
    return cadence_in(current_configuration(), key, now=now)


def cadence_in(configuration: Configuration, key: str, *, now: dt.datetime) -> Cadence | None:
    """The same, of a configuration that is at hand."""
    for newsletter in configuration.newsletters:
        if newsletter.key == key:
            return cadence(newsletter, Days(configuration.calendar), now=now)
    return None


def lock_slots(newsletter: str) -> frozenset[int]:
    """Keep a newsletter's slots from everybody else until the transaction ends.

    The issues come first, by number, then the configuration: whoever makes issues holds theirs
    while they ask for slots, so the order is the same everywhere.

    Returns:
        The issues that may be moved.
    """
    waiting = Issue.objects.filter(newsletter=newsletter, state=Issue.State.SCHEDULED)
    held = waiting.select_for_update().order_by("pk").values_list("pk", flat=True)
    numbers = frozenset(held)
    _hold_configuration()
    return numbers


def _hold_configuration() -> None:
    """Whoever gives slots away holds the configuration, so that no two series get the same one."""
    list(ConfigurationRevision.objects.select_for_update().order_by("-pk")[:1])


def claimants(newsletter: str, *, now: dt.datetime, also: Collection[int] = ()) -> QuerySet[Issue]:
    """The issues that have a weekly slot of a newsletter, or went out a short while ago."""
    waits = Q(state=Issue.State.SCHEDULED) & (~Q(slot="") | Q(pk__in=list(also)))
    lately = Q(released_at__gt=now - 2 * APART) & ~Q(state=Issue.State.CANCELLED)
    return (
        Issue.objects.filter(waits | lately, newsletter=newsletter, campaign__kind__in=WEEKLY)
        .exclude(campaign__state=Campaign.State.CANCELLED, state=Issue.State.SCHEDULED)
        .select_related("campaign")
        .defer("html", "text")
        .order_by("campaign", "part")
    )


def claims(
    issues: Iterable[Issue],
    rules: Cadence,
    *,
    now: dt.datetime,
    put_off: Collection[int] = (),
    why: str = "",
    fixed: Mapping[int, dt.datetime] = MappingProxyType({}),
) -> list[Claim]:
    """The claims of issues to slots.

    What is due and may go at any moment stands where it is. What is due of a campaign that is
    stopped claims nothing: when it goes on, it asks anew.

    Args:
        issues: As :func:`claimants` gives them.
        rules: The newsletter's.
        now: The time.
        put_off: The issues that cannot keep their slot.
        why: The reason.
        fixed: The wall times a person sets for issues.
    """
    found = []
    for issue in issues:
        claim = _claim(issue, rules, fixed.get(issue.pk))
        if issue.pk in fixed:
            found.append(replace(claim, stands=True))
        elif issue.pk in put_off:
            found.append(replace(claim, stands=False, put_off=why))
        elif claim.stands or due_at(issue) > now:
            found.append(claim)
        elif issue.campaign.state == Campaign.State.ACTIVE and not issue.held:
            found.append(replace(claim, stands=True))
    return found


def _claim(issue: Issue, rules: Cadence, fixed: dt.datetime | None) -> Claim:
    return Claim(
        issue=issue.pk,
        series=issue.campaign_id,
        part=issue.part,
        slot=fixed or shown(issue, rules.newsletter.time_zone),
        stands=issue.released_at is not None or "slot" in issue.edits,
        start=_start(issue.campaign),
    )


def shown(issue: Issue, zone: str) -> dt.datetime:
    """When an issue with a slot goes out, or went out, on the clock of a zone."""
    if issue.released_at is None and issue.time_zone == zone:
        # As it is written: an hour that the clock skips is no reason to move.
        return dt.datetime.fromisoformat(issue.slot)
    due, gone = due_at(issue), issue.released_at
    return wall_time(gone if gone and gone - due > _PUNCTUAL else due, zone)


def _start(campaign: Campaign) -> dt.datetime | None:
    """The first wall time a campaign may go out, if it has one."""
    return dt.datetime.fromisoformat(campaign.start) if campaign.start else None


def shifts(
    rules: Cadence,
    *,
    now: dt.datetime,
    put_off: Collection[int] = (),
    why: str = "",
    fixed: Mapping[int, dt.datetime] = MappingProxyType({}),
) -> list[Shift]:
    """What has to move so that every issue of a newsletter has a slot of its own; moves nothing.

    The arguments are those of :func:`claims`.
    """
    found = claimants(rules.newsletter.key, now=now, also=fixed)
    issues = {issue.pk: issue for issue in found}
    asked = claims(issues.values(), rules, now=now, put_off=put_off, why=why, fixed=fixed)
    moved = [_shift(issues[move.issue], move) for move in rules.settled(asked)]
    return [shift for shift in moved if shift.after or not shift.issue.held]


def _shift(issue: Issue, move: Move) -> Shift:
    return Shift(issue=issue, before=move.before, after=move.slot, why=move.why)


def apply(
    moved: Sequence[Shift],
    *,
    zone: str,
    locked: Collection[int],
    actor: str = SCHEDULER,
    now: dt.datetime,
    stuck: str = "",
) -> list[Shift]:
    """Move issues, and say so in the log. Those that are not locked are left for the next pass.

    What the calendar leaves no day is held.

    Args:
        moved: What has to move.
        zone: The newsletter's; "" leaves each issue its own.
        locked: The issues that may be moved.
        actor: Who moves them.
        now: The time.
        stuck: What they all wait for, where that goes on week by week: the log says it once.
    """
    done = [shift for shift in moved if shift.issue.pk in locked]
    for shift in done:
        if shift.after is None:
            _hold(shift, actor=actor, now=now)
            continue
        place(shift.issue, shift.after, zone=zone or shift.issue.time_zone)
        if not stuck or _last_stuck(shift.issue) != stuck:
            _tell(shift, actor=actor, now=now, stuck=stuck)
    return done


def _tell(shift: Shift, *, actor: str, now: dt.datetime, stuck: str) -> None:
    told = f"{shift.told}; this goes on week by week until then" if stuck else shift.told
    values: dict[str, Any] = {"before": f"{shift.before or ''}", "after": f"{shift.after}"}
    values |= {"stuck": stuck} if stuck else {}
    note("moved", told, actor=actor, now=now, issue=shift.issue, **values)


def _last_stuck(issue: Issue) -> str:
    """What an issue waited for when it was moved last, or ""."""
    last = LogEntry.objects.filter(issue_id=issue.pk, kind="moved").order_by("pk").last()
    return str(last.values.get("stuck", "")) if last else ""


def _hold(shift: Shift, *, actor: str, now: dt.datetime) -> None:
    waiting = Issue.objects.filter(pk=shift.issue.pk, state=Issue.State.SCHEDULED, held="")
    if waiting.update(held=shift.why):
        note("held", shift.told, actor=actor, now=now, issue=shift.issue)


def place(issue: Issue, slot: dt.datetime, *, zone: str) -> None:
    """Give an issue another slot, and its posts with it. A person's own word for it ends."""
    by = slot - dt.datetime.fromisoformat(issue.slot) if issue.slot else None
    issue.slot, issue.time_zone = slot.isoformat(timespec="minutes"), zone
    issue.folder = folder(issue.campaign.article, issue)
    issue.edits = {name: edit for name, edit in issue.edits.items() if name != "slot"}
    issue.save(update_fields=["slot", "time_zone", "folder", "edits"])
    if by:
        _move_posts(issue, by)


def _move_posts(issue: Issue, by: dt.timedelta) -> None:
    for post in Post.objects.filter(issue=issue).exclude(slot=""):
        if "slot" not in post.edits:
            moved = dt.datetime.fromisoformat(post.slot) + by
            post.slot = moved.isoformat(timespec="minutes")
            post.save(update_fields=["slot"])


def free_slots(
    parts: list[int], campaign: Campaign, newsletter: Newsletter, *, now: dt.datetime
) -> dict[int, str]:
    """A slot for each new part of a campaign: behind its own parts, and none that is taken.

    A series that grows moves nobody: what was given to others stays theirs.
    """
    if not parts:
        return {}
    _hold_configuration()
    days = Days(current_configuration().calendar) if is_configured() else EVERY_DAY
    rules = cadence(newsletter, days, now=now)
    asked = claims(claimants(newsletter.key, now=now), rules, now=now)
    own = [claim.slot for claim in asked if claim.series == campaign.pk and claim.part < parts[0]]
    # A proposal claims nothing yet, but its own parts keep out of each other's way.
    proposed = campaign.issues.filter(state=Issue.State.SCHEDULED).exclude(slot="")
    own += [dt.datetime.fromisoformat(slot) for slot in proposed.values_list("slot", flat=True)]
    start = _start(campaign)
    begin = [start - dt.timedelta(minutes=1)] if start else []
    free = series_slots(
        newsletter,
        len(parts),
        now=now,
        taken=[*own, *(claim.slot for claim in asked)],
        days=days,
        after=max([*own, *begin], default=None),
    )
    return {
        part: slot.isoformat(timespec="minutes") for part, slot in zip(parts, free, strict=True)
    }


def settle(rules: Cadence, *, now: dt.datetime) -> list[Shift]:
    """Move every issue of a newsletter that cannot keep its slot; mostly there is none."""
    if not shifts(rules, now=now):
        return []
    with transaction.atomic():
        locked = lock_slots(rules.newsletter.key)
        return apply(
            shifts(rules, now=now), zone=rules.newsletter.time_zone, locked=locked, now=now
        )


@transaction.atomic
def put_off(
    issue: Issue, rules: Cadence, *, why: str, stuck: bool = False, now: dt.datetime
) -> list[Shift]:
    """Give an issue that is due the next free slot, and those behind it in its series later ones.

    What another process has moved meanwhile is not due any more, and is left where it is.

    Args:
        issue: The issue.
        rules: Its newsletter's.
        why: The reason.
        stuck: Whether the reason may hold for weeks: then it is told when it begins.
        now: The time.
    """
    locked = lock_slots(issue.newsletter)
    late = overdue(issue.campaign, now=now, part=issue.part)
    moved = shifts(rules, now=now, put_off=late, why=why)
    waits_for = f"campaign {issue.campaign_id}: {why}" if stuck else ""
    zone = rules.newsletter.time_zone
    return apply(moved, zone=zone, locked=locked, now=now, stuck=waits_for)


def overdue(campaign: Campaign, *, now: dt.datetime, part: int = 1) -> list[int]:
    """The issues of a campaign, from a part on, whose slot has passed while they wait."""
    waiting = campaign.issues.filter(state=Issue.State.SCHEDULED, part__gte=part).exclude(slot="")
    return [issue.pk for issue in waiting if due_at(issue) <= now]
