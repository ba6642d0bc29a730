"""Wall time. A slot is a weekday and an hour on the reader's clock; it becomes UTC last of all."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.campaigns.models import Issue
from pipeline.errors import SettingError
from pipeline.stages.days import EVERY_DAY, Days
from pipeline.values import Newsletter

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Two issues of one newsletter stand at least this far apart. A day less than a week, so that a
# series that began at once may go on in the weekly slot, and summer time may shift it.
APART = dt.timedelta(days=6)
_WEEK = dt.timedelta(days=7)
_MINUTE = dt.timedelta(minutes=1)
# A calendar that closes this many weeks one after the other leaves no slot at all.
_CLOSED_WEEKS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A weekly slot, and what the clinic's calendar makes of it.

    Attributes:
        weekly: The slot by weekday and hour.
        slot: The slot there is: the same, a later day of the week, or None if it is passed over.
        why: The holiday, season or closing day that changes it, or "".
    """

    weekly: dt.datetime
    slot: dt.datetime | None
    why: str = ""


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


def weeks(newsletter: Newsletter, *, after: dt.datetime, days: Days = EVERY_DAY) -> Iterator[Week]:
    """The weeks of a newsletter whose slot, or what was the slot, is after a wall time; for ever.

    A slot that is moved goes out on the next day the clinic sends, at the same hour. Were that the
    day of the next slot, or a later one, it would take that one's place: it is passed over instead.
    """
    weekday = WEEKDAYS.index(newsletter.weekday)
    day = after.date() + dt.timedelta(days=(weekday - after.weekday()) % 7) - _WEEK
    while True:
        week = _week(dt.datetime.combine(day, newsletter.time), days)
        if (week.slot or week.weekly) > after:
            yield week
        day += _WEEK


def _week(weekly: dt.datetime, days: Days) -> Week:
    closed = days.closed(weekly.date())
    if closed is None:
        return Week(weekly=weekly, slot=weekly)
    if closed.act == "skip":
        return Week(weekly=weekly, slot=None, why=closed.why)
    later = (weekly + dt.timedelta(days=number) for number in range(1, 7))
    slot = next((slot for slot in later if days.closed(slot.date()) is None), None)
    return Week(weekly=weekly, slot=slot, why=closed.why)


def slots(
    newsletter: Newsletter, *, after: dt.datetime, days: Days = EVERY_DAY
) -> Iterator[dt.datetime]:
    """The slots of a newsletter that begin after a naive wall time, for ever.

    Raises:
        SettingError: The calendar closes every one of them for years.
    """
    for week in open_weeks(newsletter, after=after, days=days):
        if week.slot:
            yield week.slot


def open_weeks(
    newsletter: Newsletter, *, after: dt.datetime, days: Days = EVERY_DAY
) -> Iterator[Week]:
    """The weeks of a newsletter, as :func:`weeks` gives them, as long as a slot may come.

    Raises:
        SettingError: The calendar closes every slot for years.
    """
    closed = 0
    for week in weeks(newsletter, after=after, days=days):
        closed = 0 if week.slot else closed + 1
        if closed > _CLOSED_WEEKS:
            raise SettingError(
                f"the calendar leaves the newsletter {newsletter.key} no day to go out",
                mend="Close fewer days under [calendar] in clinic.toml.",
            )
        yield week


def is_slot(newsletter: Newsletter, slot: dt.datetime, *, days: Days = EVERY_DAY) -> bool:
    """Whether a wall time is a slot of the newsletter, as the calendar leaves it."""
    return next(slots(newsletter, after=slot - _MINUTE, days=days)) == slot


def far_enough(slot: dt.datetime, taken: Collection[dt.datetime]) -> bool:
    """Whether a slot is six days at least from each one that is taken, before and behind it."""
    return all(abs(slot - other) >= APART for other in taken)


def series_slots(
    newsletter: Newsletter,
    count: int,
    *,
    now: dt.datetime,
    taken: Collection[dt.datetime] = (),
    days: Days = EVERY_DAY,
    after: dt.datetime | None = None,
) -> list[dt.datetime]:
    """The slots of ``count`` issues of a series: those that are free, in order.

    Args:
        newsletter: Says weekday, hour, zone, and whether the first issue may go at once.
        count: How many issues want a slot.
        now: The instant of planning, aware.
        taken: The slots of this newsletter that others have or had, in any order.
        days: The days the clinic does not send.
        after: The wall time they come after: of the part before, or the start of the campaign. With
            it nothing goes out at once.
    """
    here = wall_time(now, newsletter.time_zone)
    at_once = newsletter.first_issue == "at once" and (after is None or after < here)
    found: list[dt.datetime] = []
    if at_once and far_enough(here, taken) and days.closed(here.date()) is None:
        found.append(here)
    weekly = slots(newsletter, after=here if after is None else max(here, after), days=days)
    while len(found) < count:
        slot = next(weekly)
        if far_enough(slot, [*taken, *found]):
            found.append(slot)
    return found[:count]
