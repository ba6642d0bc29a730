"""What a person should know of slots before they are kept: collisions, closed days, the order."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.campaigns.cadence import Cadence
from pipeline.campaigns.calendar import APART
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.slots import cadence_of, claimants, shown, told_issue, told_time
from pipeline.values import Finding

_MOVE = "Move one of them: `meridian campaign move`."

# What begins at once has its slot a moment ago, and goes out at the next pass.
_GRACE = dt.timedelta(hours=1)


def calendar_warnings(campaign: Campaign, *, now: dt.datetime) -> tuple[Finding, ...]:
    """What speaks against the slots of a campaign's issues that wait.

    Most of it the scheduler mends by itself at its next pass. What a person set it leaves alone,
    and puts off only when the day comes.

    Returns:
        Findings of the codes ``slot-collision``, ``slot-too-soon``, ``slot-closed-day``,
        ``slot-order`` and ``slot-passed``; none of them stops anything.
    """
    rules = cadence_of(campaign.newsletter, now=now)
    if rules is None:
        return ()
    issues = list(claimants(campaign.newsletter, now=now))
    own = [issue for issue in issues if issue.campaign_id == campaign.pk]
    return (
        *_neighbours(issues, campaign, rules),
        *_days([issue for issue in own if issue.released_at is None], rules),
        *_order(own, rules),
    )


def _neighbours(issues: Sequence[Issue], campaign: Campaign, rules: Cadence) -> Iterator[Finding]:
    """Two letters less than six days apart, of which one is this campaign's and still waits."""
    zone = rules.newsletter.time_zone
    ordered = sorted((shown(issue, zone), issue.pk, issue) for issue in issues)
    for (first, _, before), (second, _, after) in pairwise(ordered):
        waits = [each for each in (before, after) if each.released_at is None]
        if second - first >= APART or campaign.pk not in {each.campaign_id for each in waits}:
            continue
        if first == second:
            told = f"{told_issue(before)} and {told_issue(after)} have the same slot"
            yield _finding("slot-collision", told, after, rules)
        else:
            told = f"{told_issue(after)} goes out less than six days after {told_issue(before)}"
            yield _finding("slot-too-soon", told, after, rules)


def _days(waiting: Sequence[Issue], rules: Cadence) -> Iterator[Finding]:
    for issue in waiting:
        slot = shown(issue, rules.newsletter.time_zone)
        closed = rules.days.closed(slot.date())
        if closed:
            told = f"{told_issue(issue)} goes out on a day the clinic does not send: {closed.why}"
            yield _finding("slot-closed-day", told, issue, rules)
        if slot <= rules.here - _GRACE:
            yield _finding(
                "slot-passed", f"the slot of {told_issue(issue)} has passed", issue, rules
            )


def _order(own: Sequence[Issue], rules: Cadence) -> Iterator[Finding]:
    zone = rules.newsletter.time_zone
    for before, after in pairwise(sorted(own, key=lambda issue: issue.part)):
        if shown(after, zone) <= shown(before, zone):
            told = f"{told_issue(after)} would go out before part {before.part}"
            yield _finding("slot-order", told, after, rules)


def _finding(code: str, told: str, issue: Issue, rules: Cadence) -> Finding:
    slot = told_time(shown(issue, rules.newsletter.time_zone))
    return Finding(
        code=code,
        level="warning",
        message=told,
        suggestion=_MOVE,
        where=f"part {issue.part}, {slot}",
    )
