"""The evergreen queue: what goes out in a slot that no series claims."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.campaigns.approval import sendable
from pipeline.campaigns.cadence import Cadence
from pipeline.campaigns.calendar import APART, weeks
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.slots import claimants, claims
from pipeline.stages.days import Days

_WEEK = dt.timedelta(days=7)


def queue(newsletter: str) -> list[Issue]:
    """The issues that may take a free slot: of each evergreen article the next part, oldest first.

    A part that is not approved, or is held, keeps those behind it waiting, but no other article.
    """
    waiting = (
        Issue.objects.filter(
            newsletter=newsletter,
            campaign__kind=Campaign.Kind.EVERGREEN,
            campaign__state=Campaign.State.ACTIVE,
            state=Issue.State.SCHEDULED,
        )
        .select_related("campaign")
        .defer("html", "text")
        .order_by("campaign", "part")
    )
    ready = set(sendable().filter(newsletter=newsletter, slot="").values_list("pk", flat=True))
    return list(_ready(waiting, ready))


def _ready(waiting: Iterable[Issue], ready: set[int]) -> Iterator[Issue]:
    for _, parts in groupby(waiting, key=lambda issue: issue.campaign_id):
        for issue in parts:
            if issue.pk not in ready:
                break
            yield issue


def choose(waiting: Iterable[Issue], day: dt.date, days: Days) -> Issue | None:
    """The issue that a day is for: the oldest written for its season, else the oldest for any day.

    What is written for another season of the clinic's calendar waits for that season.
    """
    now, known = days.seasons(day), days.named()
    begun = [issue for issue in waiting if issue.campaign.start <= day.isoformat()]
    fit = [issue for issue in begun if issue.campaign.season.casefold() in now]
    timeless = [issue for issue in begun if issue.campaign.season.casefold() not in known]
    return next(iter([*fit, *timeless]), None)


def open_slot(rules: Cadence, *, now: dt.datetime) -> dt.datetime | None:
    """The newsletter's last slot, if nothing claims it: no issue of a series, and none lately."""
    slot = _last_slot(rules)
    if slot is None:
        return None
    active = [
        issue
        for issue in claimants(rules.newsletter.key, now=now)
        if issue.released_at or issue.campaign.state == Campaign.State.ACTIVE
    ]
    claimed = claims(active, rules, now=now)
    return None if any(abs(claim.slot - slot) < APART for claim in claimed) else slot


def _last_slot(rules: Cadence) -> dt.datetime | None:
    """The last slot that has come, of the past week."""
    last = None
    for week in weeks(rules.newsletter, after=rules.here - _WEEK, days=rules.days):
        if week.weekly > rules.here:
            break
        last = week.slot if week.slot and week.slot <= rules.here else last
    return last
