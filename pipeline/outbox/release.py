"""Which issues begin to go out now: those whose slot has come, approved, one a week."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from pipeline.campaigns.approval import approval_of, approved, sendable
from pipeline.campaigns.cadence import Cadence
from pipeline.campaigns.calendar import due_at, instant
from pipeline.campaigns.evergreen import choose, open_slot, queue
from pipeline.campaigns.log import SCHEDULER, note, note_once
from pipeline.campaigns.models import Campaign, Issue, LogEntry
from pipeline.campaigns.names import folder
from pipeline.campaigns.revisions import current_configuration, is_configured
from pipeline.campaigns.slots import cadence_in, put_off, settle, told_issue, told_time
from pipeline.outbox.due import ON_TIME, Verdict, is_missed, judge, last_release, stays_behind
from pipeline.outbox.enqueue import fill
from pipeline.outbox.waves import has_come


def release(*, now: dt.datetime, silent_since: dt.datetime | None = None) -> list[Issue]:
    """Queue every issue that is due, and go on with any whose queueing was cut short.

    An issue is due when its slot has come, it is approved and its campaign active, what comes
    before it in its series has gone out, and the last issue of its newsletter is at least six days
    old: at most one a week, whatever happens. A slot that nothing claims is fed from the evergreen
    queue.

    Args:
        now: The time.
        silent_since: When a scheduler last looked, if that is long ago: what came due since then
            was missed.

    Returns:
        The issues queued by this call.
    """
    begun = [
        issue
        for newsletter in _waiting()
        for issue in _release_of(newsletter, now=now, silent_since=silent_since)
    ]
    for issue in Issue.objects.filter(state=Issue.State.RELEASING).order_by("pk"):
        fill(issue, now=now)
    return begun


def finish() -> None:
    """Call sent every issue of which nothing waits any more."""
    sending = Issue.objects.filter(state=Issue.State.SENDING)
    sending.exclude(deliveries__state__in=["pending", "claimed"]).update(state=Issue.State.SENT)


def _waiting() -> list[str]:
    scheduled = Issue.objects.filter(state=Issue.State.SCHEDULED).order_by("newsletter")
    return list(scheduled.values_list("newsletter", flat=True).distinct())


def _release_of(
    newsletter: str, *, now: dt.datetime, silent_since: dt.datetime | None
) -> list[Issue]:
    configuration = current_configuration() if is_configured() else None
    rules = cadence_in(configuration, newsletter, now=now) if configuration else None
    if rules:
        settle(rules, now=now)
    _tell_unapproved(newsletter, now=now)
    begun = []
    for issue in _due(newsletter, now):
        verdict = judge(issue, rules, now=now, silent_since=silent_since)
        if _follow(verdict, issue, rules, now=now):
            begun.append(issue)
    fed = _feed(rules, now=now, silent_since=silent_since) if rules and not begun else None
    return [*begun, fed] if fed else begun


def _due(newsletter: str, now: dt.datetime) -> list[Issue]:
    waiting = _slotted(newsletter).filter(pk__in=sendable())
    return [issue for issue in waiting if has_come(issue, now=now)]


def _slotted(newsletter: str) -> QuerySet[Issue]:
    """The issues of a newsletter that wait for a slot of theirs, in order."""
    waiting = Issue.objects.filter(
        newsletter=newsletter,
        state=Issue.State.SCHEDULED,
        campaign__state=Campaign.State.ACTIVE,
    )
    return (
        waiting.exclude(slot="")
        .select_related("campaign")
        .defer("html", "text")
        .order_by("slot", "campaign", "part")
    )


def _tell_unapproved(newsletter: str, *, now: dt.datetime) -> None:
    """Say in the log what nobody has approved though its slot has come."""
    for issue in _slotted(newsletter).filter(~approved(), held=""):
        if due_at(issue) <= now:
            told = f"{told_issue(issue)} waits: its slot has come, and nobody has approved it"
            note_once("waits", told, actor=SCHEDULER, now=now, issue=issue)


def _follow(verdict: Verdict, issue: Issue, rules: Cadence | None, *, now: dt.datetime) -> bool:
    """Begin an issue that is due, or hold it, or put it off; True if it has begun."""
    match verdict.act:
        case "send":
            return _begin(issue, now=now, late=verdict.why)
        case "hold":
            _hold(issue, verdict, now=now)
        case "skip" if rules:
            put_off(issue, rules, why=verdict.why, stuck=verdict.stuck, now=now)
    return False


@transaction.atomic
def _begin(issue: Issue, *, now: dt.datetime, late: str = "") -> bool:
    """Move one issue from scheduled to releasing; False if another process was first."""
    scheduled = _alone(issue.newsletter)
    if last_release(issue, now=now) or not sendable().filter(pk=issue.pk).exists():
        return False
    # No join in this WHERE: PostgreSQL asks a subquery again with the old snapshot.
    mine = scheduled.filter(pk=issue.pk, slot=issue.slot)
    begun = bool(mine.update(state=Issue.State.RELEASING, released_at=now))
    if begun and late:
        note("late", f"{told_issue(issue)}: {late}", actor=SCHEDULER, now=now, issue=issue)
    return begun


def _alone(newsletter: str) -> QuerySet[Issue]:
    """The issues of a newsletter that wait, locked.

    Two schedulers must not release two of them side by side: the second waits here for the first
    one's commit, and sees it in what it asks next.
    """
    scheduled = Issue.objects.filter(newsletter=newsletter, state=Issue.State.SCHEDULED)
    list(scheduled.select_for_update().order_by("pk").values_list("pk"))
    return scheduled


def _hold(issue: Issue, verdict: Verdict, *, now: dt.datetime) -> None:
    waiting = Issue.objects.filter(pk=issue.pk, state=Issue.State.SCHEDULED)
    with transaction.atomic():
        if waiting.filter(slot=issue.slot, held="").update(held=verdict.why):
            told = f"{told_issue(issue)} is held: {verdict.why}"
            note("held", told, actor=SCHEDULER, now=now, issue=issue)


# --- The evergreen queue --------------------------------------------------------------------------


def _feed(rules: Cadence, *, now: dt.datetime, silent_since: dt.datetime | None) -> Issue | None:
    """Begin the next evergreen issue, if a slot has come that nothing claims."""
    slot = open_slot(rules, now=now)
    if slot is None:
        return None
    moment = instant(slot, rules.newsletter.time_zone)
    issue = choose(_ready_by(moment, rules), slot.date(), rules.days)
    if issue is None:
        return None
    missed = is_missed(moment, now=now, silent_since=silent_since)
    if missed and stays_behind(now - moment, rules.newsletter):
        _tell_missed(issue, slot, moment, now=now)
        return None
    return issue if _begin_evergreen(issue, slot, rules, now=now) else None


def _ready_by(moment: dt.datetime, rules: Cadence) -> list[Issue]:
    """The queue, but for what nobody had approved when the slot came: it takes the next one."""
    approvals = ((issue, approval_of(issue)) for issue in queue(rules.newsletter.key))
    return [issue for issue, yes in approvals if yes and yes.created_at <= moment + ON_TIME]


@transaction.atomic
def _begin_evergreen(issue: Issue, slot: dt.datetime, rules: Cadence, *, now: dt.datetime) -> bool:
    scheduled = _alone(issue.newsletter)
    gone = last_release(issue, now=now) or open_slot(rules, now=now) != slot
    if gone or not sendable().filter(pk=issue.pk).exists():
        return False
    issue.slot = slot.isoformat(timespec="minutes")
    issue.time_zone = rules.newsletter.time_zone
    begun = scheduled.filter(pk=issue.pk, slot="").update(
        state=Issue.State.RELEASING,
        released_at=now,
        slot=issue.slot,
        time_zone=issue.time_zone,
        folder=folder(issue.campaign.article, issue),
    )
    if begun:
        told = f"{told_issue(issue)} takes the slot of {told_time(slot)}, which no series claims"
        note("evergreen", told, actor=SCHEDULER, now=now, issue=issue)
    return bool(begun)


def _tell_missed(issue: Issue, slot: dt.datetime, moment: dt.datetime, *, now: dt.datetime) -> None:
    """Say once that a free slot has passed; who was approved later has not missed it."""
    approval = approval_of(issue)
    told = f"{told_issue(issue)} takes a later slot: {told_time(slot)} passed while nothing ran"
    if approval is None or approval.created_at >= moment:
        return
    if not LogEntry.objects.filter(issue_id=issue.pk, kind="skipped", told=told).exists():
        note("skipped", told, actor=SCHEDULER, now=now, issue=issue)
