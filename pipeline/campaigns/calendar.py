"""Wall time. A slot is a weekday and an hour on the reader's clock; it becomes UTC last of all."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pipeline.campaigns.models import Issue
from pipeline.values import Newsletter

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Two issues of one newsletter stand at least this far apart. A day less than a week, so that a
# series that began at once may go on in the weekly slot, and summer time may shift it.
APART = dt.timedelta(days=6)


def instant(slot: dt.datetime, zone: str) -> dt.datetime:
    """The UTC instant of a naive wall time in an IANA zone.

    An hour that the clock skips gives the first instant after the gap; an hour that it shows twice
    gives the first of the two (promise 6).
    """
    local = slot.replace(tzinfo=ZoneInfo(zone))
    first = local.astimezone(dt.UTC)
    if first.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == slot:
        return first
    return _end_of_gap(local.replace(fold=1).astimezone(dt.UTC), first, ZoneInfo(zone))


def due_at(issue: Issue) -> dt.datetime:
    """The instant an issue's slot stands for today, UTC."""
    return instant(dt.datetime.fromisoformat(issue.slot), issue.time_zone)


def _end_of_gap(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The second at which the zone's offset changes between two instants."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + dt.timedelta(seconds=middle)).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return before + dt.timedelta(seconds=high)


def wall_time(moment: dt.datetime, zone: str) -> dt.datetime:
    """What the clock of a zone shows at an instant, to the minute, naive."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def slots(newsletter: Newsletter, *, after: dt.datetime) -> Iterator[dt.datetime]:
    """The weekly slots of a newsletter that begin after a naive wall time, for ever."""
    weekday = WEEKDAYS.index(newsletter.weekday)
    day = after.date() + dt.timedelta(days=(weekday - after.weekday()) % 7)
    while True:
        slot = dt.datetime.combine(day, newsletter.time)
        if slot > after:
            yield slot
        day += dt.timedelta(days=7)


def series_slots(
    newsletter: Newsletter, count: int, *, now: dt.datetime, taken: dt.datetime | None
) -> list[dt.datetime]:
    """The slots of a new series of ``count`` issues.

    Args:
        newsletter: Says weekday, hour, zone, and whether the first issue may go at once.
        count: How many issues the series has.
        now: The instant of planning, aware.
        taken: The last slot of this newsletter that another series has or had, or None.
    """
    here = wall_time(now, newsletter.time_zone)
    alone = taken is None or here >= taken + APART
    if newsletter.first_issue == "at once" and alone:
        first = here
    else:
        first = next(slots(newsletter, after=here if taken is None else max(here, _apart(taken))))
    weekly = slots(newsletter, after=_apart(first))
    return [first, *(next(weekly) for _ in range(count - 1))]


def _apart(slot: dt.datetime) -> dt.datetime:
    """The last minute after which every other slot is far enough behind this one."""
    return slot + APART - dt.timedelta(minutes=1)
