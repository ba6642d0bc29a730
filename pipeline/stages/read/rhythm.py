"""What clinic.toml may say of times, days and numbers: slots, the calendar, the rhythm of posts."""

import datetime as dt
import re

from pipeline.stages.days import UnknownError, check_holidays, check_season
from pipeline.stages.read.wrong import Loc, WrongError
from pipeline.values import Account, Calendar, Newsletter, Season

_COUNTRY = re.compile(r"[A-Z]{2}")
_REGION = re.compile(r"[A-Z0-9]{1,10}")
# A leap year: 29 February is a day a season may begin or end on.
_LEAP = 2024
_LONGEST_SEASON = 60
_LAST_DAY = 27

# The least and the most of each number, what it counts, and the mend.
_NUMBERS = {
    "joins_per_hour": (1, 100_000, "people", "Write 1 to 100000; private = true takes it away."),
    "missed_hours": (1, 24 * 30, "hours", "Write 1 to 720."),
    "per_hour": (0, 100_000_000, "letters", "Write 0 for as fast as can be."),
    "warm_up": (0, 1_000_000, "letters", "Write 0 for no warm-up, or some 200."),
}


def check_time(loc: Loc, time: dt.time) -> None:
    """Refuse what is no wall time to the minute."""
    if time.tzinfo is not None or time.second or time.microsecond:
        raise WrongError(
            loc, f"{time} is no time of a slot", "Write it as 10:00:00, without a zone."
        )


def check_numbers(loc: Loc, newsletter: Newsletter) -> None:
    """Refuse numbers of a newsletter that nobody can mean."""
    for name, (least, most, counted, mend) in _NUMBERS.items():
        value = getattr(newsletter, name)
        if not least <= value <= most:
            raise WrongError((*loc, name), f"{value} is no number of {counted}", mend)


def check_rhythm(loc: Loc, account: Account) -> None:
    """Refuse a rhythm of posts that cannot be kept."""
    for name in ("time", "quiet_from", "quiet_until"):
        check_time((*loc, name), getattr(account, name))
    days = account.days
    if not days or list(days) != sorted(set(days)) or not 0 <= days[0] <= days[-1] <= _LAST_DAY:
        told = f"{list(days)} are no days after an issue"
        raise WrongError((*loc, "days"), told, "Write them in order, such as [0, 2, 4].")


def check_calendar(calendar: Calendar) -> None:
    """Refuse a calendar of which some day cannot be found."""
    if calendar.country and not _COUNTRY.fullmatch(calendar.country):
        told = f"{calendar.country!r} is no country"
        raise WrongError(("calendar", "country"), told, "Write two letters, such as US or KR.")
    if calendar.region and not (calendar.country and _REGION.fullmatch(calendar.region)):
        told = f"{calendar.region!r} is no region of a country"
        raise WrongError(("calendar", "region"), told, "Write its code, such as NY, and a country.")
    _check_known(calendar)
    for index, season in enumerate(calendar.seasons):
        _check_season(("calendar", "seasons", index), season, calendar)


def _check_known(calendar: Calendar) -> None:
    try:
        check_holidays(calendar)
    except UnknownError as error:
        name = "region" if calendar.region and "region" in str(error) else "country"
        raise WrongError(("calendar", name), str(error), _near(error)) from error


def _near(error: UnknownError) -> str:
    return f"Known are {', '.join(error.near)}." if error.near else "Write another."


def _check_season(loc: Loc, season: Season, calendar: Calendar) -> None:
    if season.holiday and not calendar.country:
        mend = 'Write country = "KR" under [calendar], or first and last days.'
        raise WrongError((*loc, "holiday"), f"no country says when {season.holiday} is", mend)
    if bool(season.holiday) is bool(season.first or season.last):
        told = f"the season {season.name} has either a holiday or a first and a last day"
        raise WrongError((*loc, "name"), told, 'Write first = "03-15" and last = "05-31".')
    for name in ("first", "last"):
        day = getattr(season, name)
        if not season.holiday and not _is_day(day):
            raise WrongError((*loc, name), f"{day!r} is no day of a year", "Write it as 03-15.")
    for name in ("before", "after"):
        days = getattr(season, name)
        if not 0 <= days <= (_LONGEST_SEASON if season.holiday else 0):
            told = f"{days} is no number of days around a holiday"
            raise WrongError((*loc, name), told, f"Write 0 to {_LONGEST_SEASON}, with a holiday.")
    try:
        check_season(season, calendar)
    except UnknownError as error:
        raise WrongError((*loc, "holiday"), str(error), _near(error)) from error


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(f"{_LEAP}-{text}").strftime("%m-%d") == text
    except ValueError:
        return False
