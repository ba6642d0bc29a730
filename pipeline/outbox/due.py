"""What becomes of an issue whose slot has come: it goes, waits, is held, or takes a later slot."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import QuerySet

from pipeline.campaigns.approval import approval_of
from pipeline.campaigns.cadence import Cadence
from pipeline.campaigns.calendar import APART, due_at, wall_time
from pipeline.campaigns.models import Issue
from pipeline.campaigns.slots import WEEKLY, told_time
from pipeline.values import Newsletter

# A pass comes every few seconds; what is later than this came due while nothing ran.
ON_TIME = dt.timedelta(minutes=30)
# What is free again so soon goes out then. Behind a slot that was moved by a day, the next one is
# six days off to the minute: a busy minute, or an hour of summer time, is worth no week.
_WORTH_WAITING = dt.timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What happens to an issue that is due.

    Attributes:
        why: The reason, in words that go on after a colon; of what is sent, how late it is.
        stuck: Whether the reason may hold for weeks: a part before it waits for a person.
    """

    act: Literal["send", "wait", "hold", "skip"]
    why: str = ""
    stuck: bool = False


def judge(
    issue: Issue, rules: Cadence | None, *, now: dt.datetime, silent_since: dt.datetime | None
) -> Verdict:
    """Say what becomes of an issue that is due and may go out.

    Args:
        issue: The issue, with its campaign.
        rules: Its newsletter's; None if clinic.toml does not name it: nothing is moved then.
        now: The time.
        silent_since: When a scheduler last looked, if that is long ago.
    """
    behind = _behind(issue)
    if behind:
        return replace(_later(issue, rules, f"part {behind} has not gone out"), stuck=True)
    last = last_release(issue, now=now)
    if last:
        if last + APART - now <= _WORTH_WAITING:
            return Verdict(act="wait")
        told = told_time(wall_time(last, issue.time_zone))
        return _later(issue, rules, f"the last letter went out on {told}, less than six days ago")
    return _punctual(issue, rules, now=now, silent_since=silent_since)


def last_release(issue: Issue, *, now: dt.datetime) -> dt.datetime | None:
    """When the last issue went out that this one must keep six days from; None if long ago."""
    lately = _rivals(issue).filter(released_at__gt=now - APART)
    return lately.order_by("released_at").values_list("released_at", flat=True).last()


def is_missed(due: dt.datetime, *, now: dt.datetime, silent_since: dt.datetime | None) -> bool:
    """Whether something came due while nothing ran (promise 7): long ago, or in a long silence."""
    return now - due > ON_TIME or (silent_since is not None and silent_since < due < now)


def stays_behind(lateness: dt.timedelta, newsletter: Newsletter) -> bool:
    """Whether what was missed by so much stays behind, as the newsletter's policy says."""
    return newsletter.missed != "send" or lateness > dt.timedelta(hours=newsletter.missed_hours)


def _behind(issue: Issue) -> int:
    """The part of its series that has to go out before it, or 0."""
    before = Issue.objects.filter(
        campaign=issue.campaign_id, part__lt=issue.part, state=Issue.State.SCHEDULED
    )
    return before.order_by("part").values_list("part", flat=True).first() or 0


def _later(issue: Issue, rules: Cadence | None, why: str) -> Verdict:
    moves = rules is not None and issue.campaign.kind in WEEKLY
    return Verdict(act="skip" if moves else "wait", why=why)


def _punctual(
    issue: Issue, rules: Cadence | None, *, now: dt.datetime, silent_since: dt.datetime | None
) -> Verdict:
    """What the newsletter's policy says of the lateness of an issue that nothing else keeps."""
    ready = _ready_at(issue)
    # Who approves, or waits, in a silence has missed nothing by it.
    silent_since = silent_since if ready == due_at(issue) else None
    lateness = now - ready
    if rules is None or not is_missed(ready, now=now, silent_since=silent_since):
        return Verdict(act="send")
    slot = told_time(dt.datetime.fromisoformat(issue.slot))
    if not stays_behind(lateness, rules.newsletter):
        return Verdict(act="send", why=f"{_told(lateness)} late; nothing ran at {slot}")
    missed = f"{slot} passed while nothing ran"
    if rules.newsletter.missed == "send":
        hours = rules.newsletter.missed_hours
        return Verdict(act="hold", why=f"{missed}, more than {hours} hours ago")
    if rules.newsletter.missed == "skip" and issue.campaign.kind in WEEKLY:
        return Verdict(act="skip", why=missed)
    return Verdict(act="hold", why=missed)


def _ready_at(issue: Issue) -> dt.datetime:
    """Since when nothing but a scheduler was missing: slot, approval, six days from the last."""
    approval = approval_of(issue)
    last = _rivals(issue).order_by("released_at").values_list("released_at", flat=True).last()
    moments = [due_at(issue), approval.created_at if approval else None, last and last + APART]
    return max(moment for moment in moments if moment)


def _rivals(issue: Issue) -> QuerySet[Issue]:
    """What went out that an issue must keep six days from.

    Weekly issues keep from each other, and so do digests: they go to other people.
    """
    kinds = WEEKLY if issue.campaign.kind in WEEKLY else (issue.campaign.kind,)
    return Issue.objects.filter(
        newsletter=issue.newsletter, released_at__isnull=False, campaign__kind__in=kinds
    )


def _told(lateness: dt.timedelta) -> str:
    hours, minutes = divmod(int(lateness.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
