"""Holidays by their English names, closing days, seasons: what a day is to a clinic."""

import datetime as dt

import pytest

from pipeline.stages.days import EVERY_DAY, Closed, Days, UnknownError, check_holidays, check_season
from pipeline.values import Calendar, OnHoliday, Season

SEOLLAL = Season(name="Seollal", holiday="Seollal", before=1, after=1, act="move")
NEW_YEAR = Season(name="the turn of the year", first="12-24", last="01-02", act="skip")
POLLEN = Season(name="Pollen", first="03-15", last="05-31")
LEAP = Season(name="leap", first="02-29", last="02-29")


def closed(day: str, calendar: Calendar) -> Closed | None:
    """What keeps a day."""
    return Days(calendar).closed(dt.date.fromisoformat(day))


def test_every_day_is_open_without_a_calendar() -> None:
    assert closed("2026-12-25", Calendar()) is None
    assert EVERY_DAY.closed(dt.date(2026, 12, 25)) is None
    assert EVERY_DAY.holiday(dt.date(2026, 12, 25)) == ""


@pytest.mark.parametrize(
    ("day", "calendar", "why"),
    [
        ("2026-12-25", Calendar(country="US"), "Christmas Day"),
        ("2026-11-26", Calendar(country="US"), "Thanksgiving Day"),
        ("2026-02-12", Calendar(country="US", region="NY"), "Lincoln's Birthday"),
        ("2026-02-12", Calendar(country="US"), None),
        ("2026-10-03", Calendar(country="DE"), "German Unity Day"),  # not in German
        ("2026-05-05", Calendar(country="KR"), "Children's Day"),  # not in Korean
        ("2026-06-04", Calendar(closed=(dt.date(2026, 6, 4),)), "a closing day"),
    ],
)
def test_a_day_is_closed_for_a_reason(day: str, calendar: Calendar, why: str | None) -> None:
    found = closed(day, calendar)
    assert (found.why if found else None) == why


@pytest.mark.parametrize("act", ["skip", "move", "send"])
def test_what_happens_on_a_holiday_is_set(act: OnHoliday) -> None:
    found = closed("2026-12-25", Calendar(country="US", on_holiday=act))
    assert found == (None if act == "send" else Closed(why="Christmas Day", act=act))


def test_a_season_on_a_holiday_has_days_around_it_in_every_year() -> None:
    calendar = Calendar(country="KR", seasons=(SEOLLAL,), on_holiday="send")
    days = [dt.date(2026, 2, 16), dt.date(2026, 2, 17), dt.date(2026, 2, 18), dt.date(2027, 2, 6)]
    assert all(Days(calendar).closed(day) == Closed(why="Seollal", act="move") for day in days)
    assert closed("2026-02-19", calendar) is None
    assert closed("2026-02-15", calendar) is None


def test_a_season_has_its_own_word_where_it_lies_on_a_holiday() -> None:
    calendar = Calendar(country="KR", seasons=(SEOLLAL,), on_holiday="skip")
    assert closed("2026-02-17", calendar) == Closed(why="Seollal", act="move")
    assert closed("2026-05-05", calendar) == Closed(why="Children's Day", act="skip")


@pytest.mark.parametrize(
    ("day", "inside"),
    [("12-23", False), ("12-24", True), ("12-31", True), ("01-01", True), ("01-02", True),
     ("01-03", False)],
)  # fmt: skip
def test_a_season_may_go_over_the_new_year(day: str, *, inside: bool) -> None:
    found = closed(f"2026-{day}", Calendar(seasons=(NEW_YEAR,)))
    assert (found is not None) is inside


def test_a_holiday_at_the_new_year_reaches_into_the_other_one() -> None:
    season = Season(name="rest", holiday="New Year's Day", before=3, act="skip")
    assert closed("2026-12-29", Calendar(country="US", seasons=(season,))) is not None


def test_a_season_to_prefer_closes_no_day() -> None:
    days = Days(Calendar(country="KR", seasons=(POLLEN, SEOLLAL)))
    assert days.closed(dt.date(2026, 4, 1)) is None
    assert days.seasons(dt.date(2026, 4, 1)) == ("pollen",)
    assert days.seasons(dt.date(2026, 6, 1)) == ()
    assert days.named() == {"pollen"}


def test_a_leap_day_is_the_28th_where_there_is_none_x11() -> None:
    days = Days(Calendar(seasons=(LEAP,)))
    assert days.seasons(dt.date(2028, 2, 29)) == ("leap",)
    assert days.seasons(dt.date(2028, 2, 28)) == ()
    assert days.seasons(dt.date(2027, 2, 28)) == ("leap",)


@pytest.mark.parametrize(
    ("country", "holiday"),
    [("KR", "Seollal"), ("KR", "Korean New Year"), ("KR", "chuseok"), ("KR", "설날"),
     ("DE", "Karfreitag"), ("DE", "good friday"), ("ES", "Epiphany"), ("MX", "Labor Day")],
)  # fmt: skip
def test_a_holiday_is_found_in_english_and_as_the_country_calls_it(
    country: str, holiday: str
) -> None:
    check_season(Season(name="x", holiday=holiday), Calendar(country=country))


@pytest.mark.parametrize(
    ("country", "holiday", "near"),
    [("KR", "Soellal", "Seollal"), ("KR", "Chusok", "Chuseok"),
     ("US", "Thanksgiving", "Thanksgiving Day"), ("DE", "zzz", "Good Friday")],
)  # fmt: skip
def test_a_holiday_nobody_knows_is_told_with_those_like_it(
    country: str, holiday: str, near: str
) -> None:
    with pytest.raises(UnknownError) as caught:
        check_season(Season(name="x", holiday=holiday), Calendar(country=country))
    assert near in caught.value.near
    assert len(caught.value.near) <= 12


@pytest.mark.parametrize(
    ("country", "region", "near"), [("UQ", "", "US"), ("US", "NQ", "NY"), ("US", "00", "AK")]
)
def test_a_country_or_region_nobody_knows_is_told_with_those_like_it(
    country: str, region: str, near: str
) -> None:
    with pytest.raises(UnknownError) as caught:
        check_holidays(Calendar(country=country, region=region))
    assert near in caught.value.near
