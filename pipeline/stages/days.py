"""The days a clinic does not send, and its seasons: holidays, closing days, what it calls a season.

Holidays come from the library ``holidays``, under their English names, whatever the country speaks;
the country's own names are known too. It is loaded when the first country is asked for: most
commands never ask.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from pipeline.values import Calendar, Season

# What people call a holiday where the library has another English name for it.
_ALIASES = {"seollal": "korean new year", "lunar new year": "korean new year"}
# The years whose holidays tell what a country calls them.
_NAMING_YEARS = range(2024, 2029)
_DAY = dt.timedelta(days=1)
# The longest a season may reach over the end of a year, with its days before and after.
_NEIGHBOURS = (-1, 0, 1)


class UnknownError(Exception):
    """The library knows no such country, region or holiday; ``near`` are names like it."""

    def __init__(self, told: str, *, near: Iterable[str]) -> None:
        self.near = tuple(near)
        super().__init__(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why a day is not like others, and what becomes of a slot on it."""

    why: str
    act: Literal["skip", "move"]


class Days:
    """The calendar of a clinic, asked day by day."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._shut = frozenset(calendar.closed)

    def closed(self, day: dt.date) -> Closed | None:
        """What keeps a slot from this day; None if the clinic sends.

        A season's own word comes before that of the public holiday it lies on.
        """
        for season in self._calendar.seasons:
            if season.act != "prefer" and day in self._days(season, day.year):
                return Closed(why=season.name, act=season.act)
        act = self._calendar.on_holiday
        why = self.holiday(day) or ("a closing day" if day in self._shut else "")
        return Closed(why=why, act=act) if why and act != "send" else None

    def holiday(self, day: dt.date) -> str:
        """The public holiday of a day, in English; "" if there is none."""
        calendar = self._calendar
        if not calendar.country:
            return ""
        return _holidays(calendar.country, calendar.region, day.year).get(day, "")

    def seasons(self, day: dt.date) -> tuple[str, ...]:
        """The seasons of this day for which articles are written, by their folded names."""
        return tuple(
            season.name.casefold()
            for season in self._calendar.seasons
            if season.act == "prefer" and day in self._days(season, day.year)
        )

    def named(self) -> frozenset[str]:
        """The folded names of all seasons for which articles are written."""
        seasons = self._calendar.seasons
        return frozenset(each.name.casefold() for each in seasons if each.act == "prefer")

    def _days(self, season: Season, year: int) -> frozenset[dt.date]:
        return _season_days(season, self._calendar.country, self._calendar.region, year)


EVERY_DAY = Days(Calendar())


def check_holidays(calendar: Calendar) -> None:
    """Refuse a country or a region that the library does not know.

    Raises:
        UnknownError: It knows neither, or no such region of the country.
    """
    if not calendar.country:
        return
    library = import_module("holidays")
    regions = library.list_supported_countries(include_aliases=False)
    if calendar.country not in regions:
        near = get_close_matches(calendar.country, regions, n=4, cutoff=0.5)
        raise UnknownError(f"no holidays of a country {calendar.country} are known", near=near)
    known = regions[calendar.country]
    if calendar.region and calendar.region not in known:
        near = get_close_matches(calendar.region, known, n=4, cutoff=0.3) or known[:8]
        told = f"{calendar.country} has no region {calendar.region}"
        raise UnknownError(told, near=near)


def check_season(season: Season, calendar: Calendar) -> None:
    """Refuse a season on a holiday that the calendar's country does not have.

    Raises:
        UnknownError: It has no such holiday; near are those it has under like names.
    """
    if not season.holiday:
        return
    names = {
        name.casefold(): name
        for year in _NAMING_YEARS
        for _, name in _names(calendar.country, calendar.region, year)
    }
    if _folded(season.holiday) not in names:
        calls = names | {call: call.title() for call, name in _ALIASES.items() if name in names}
        close = get_close_matches(season.holiday.casefold(), calls, n=4, cutoff=0.5)
        told = f"{calendar.country} has no holiday {season.holiday}"
        raise UnknownError(told, near=[calls[name] for name in close] or list(names.values())[:12])


def _folded(name: str) -> str:
    folded = name.casefold()
    return _ALIASES.get(folded, folded)


@lru_cache(maxsize=256)
def _season_days(season: Season, country: str, region: str, year: int) -> frozenset[dt.date]:
    """The days of a year that belong to a season, also of one that began the year before."""
    if not season.holiday:
        return frozenset(day for around in (-1, 0) for day in _span(season, year + around))
    wanted = _folded(season.holiday)
    return frozenset(
        day + dt.timedelta(days=offset)
        for around in _NEIGHBOURS
        for day, name in _names(country, region, year + around)
        if name.casefold() == wanted
        for offset in range(-season.before, season.after + 1)
    )


def _span(season: Season, year: int) -> Iterator[dt.date]:
    """The days of a season that begins in a year; 29 February is the 28th where there is none."""
    over = season.last < season.first
    day, last = _day(season.first, year), _day(season.last, year + 1 if over else year)
    while day <= last:
        yield day
        day += _DAY


def _day(text: str, year: int) -> dt.date:
    month, day = int(text[:2]), int(text[3:])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return dt.date(year, month, 28 if (month, day, leap) == (2, 29, False) else day)


@lru_cache(maxsize=64)
def _holidays(country: str, region: str, year: int) -> Mapping[dt.date, str]:
    return dict(_library(country, region, year, language="en_US"))


@lru_cache(maxsize=64)
def _names(country: str, region: str, year: int) -> tuple[tuple[dt.date, str], ...]:
    """Each holiday of a year under each of its names: two may share a day, each in two tongues."""
    english = _library(country, region, year, language="en_US")
    texts = [english, _library(country, region, year, language=english.default_language)]
    pairs = [(day, name) for text in texts for day, told in text.items() for name in _apart(told)]
    return tuple(dict.fromkeys(pairs))


def _apart(told: str) -> list[str]:
    return [name.strip() for name in told.split(";")]


def _library(country: str, region: str, year: int, *, language: str | None) -> Any:
    # Without a language the library would take the machine's.
    library = import_module("holidays")
    return library.country_holidays(country, subdiv=region or None, years=[year], language=language)
