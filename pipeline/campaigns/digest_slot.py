"""The slot of a digest: the newsletter's first of a month, as the clinic's calendar leaves it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.campaigns.calendar import Week, is_slot, open_weeks, wall_time
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Issue
from pipeline.campaigns.slots import told_issue, told_time
from pipeline.errors import SettingError
from pipeline.stages.days import Days
from pipeline.values import Newsletter

_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a digest goes, and what the log says of it.

    Attributes:
        slot: Wall time in the newsletter's zone; "" if the calendar leaves none.
        held: Why it is held then; "" if it has a slot.
        lines: What became of the slots before it: kind and words.
    """

    slot: str
    held: str = ""
    lines: Sequence[tuple[str, str]] = ()


def placed(
    issue: Issue, newsletter: Newsletter, days: Days, *, month: dt.date, now: dt.datetime
) -> Placed:
    """Where a digest that waits goes: it keeps its slot if it can.

    What a person set stays, and so does what has come already.

    Args:
        issue: With its campaign; it may have no slot yet.
        newsletter: The newsletter.
        days: The days the clinic does not send.
        month: The first day of the month it goes out in.
        now: The time.
    """
    here = wall_time(now, newsletter.time_zone)
    before = dt.datetime.fromisoformat(issue.slot) if issue.slot else None
    kept = Placed(slot=issue.slot)
    if before and ("slot" in issue.edits or before <= here):
        return kept
    try:
        if before and is_slot(newsletter, before, days=days):
            return kept
        begins = dt.datetime.combine(month, dt.time()) - _MINUTE
        return _found(issue, newsletter, days, after=max(begins, here) if before else begins)
    except SettingError as error:
        return Placed(slot="", held=error.message)


def _found(issue: Issue, newsletter: Newsletter, days: Days, *, after: dt.datetime) -> Placed:
    passed: list[Week] = []
    coming = open_weeks(newsletter, after=after, days=days)
    week = next(coming)
    while week.slot is None:
        passed.append(week)
        week = next(coming)
    named, slot = told_issue(issue), week.slot
    lines = [
        ("skipped", f"{named} takes a later slot: {told_time(each.weekly)} is {each.why}")
        for each in passed
    ]
    if slot != week.weekly:
        times = f"from {told_time(week.weekly)} to {told_time(slot)}"
        lines.append(("moved", f"{named}: {times}: {week.why}"))
    elif issue.slot and not passed:
        before = dt.datetime.fromisoformat(issue.slot)
        why = "it is no slot of the newsletter any more"
        times = f"from {told_time(before)} to {told_time(slot)}"
        lines.append(("moved", f"{named}: {times}: {why}"))
    return Placed(slot=slot.isoformat(timespec="minutes"), lines=lines)


def tell(issue: Issue, found: Placed, *, now: dt.datetime) -> None:
    """Write down where a digest went, and why."""
    for kind, told in found.lines:
        note(kind, told, actor=SCHEDULER, now=now, issue=issue)
    if found.held:
        told = f"{told_issue(issue)} is held: {found.held}"
        note("held", told, actor=SCHEDULER, now=now, issue=issue)
