"""Slots: one a week on the reader's clock, never two within six days (X11)."""

import datetime as dt
from dataclasses import replace
from itertools import islice, pairwise, takewhile
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.campaigns.calendar import APART, WEEKDAYS, instant, series_slots, slots, wall_time
from pipeline.values import Newsletter, Weekday
from tests.samples import configuration

ZONES = ["America/New_York", "Asia/Seoul", "Australia/Lord_Howe", "Pacific/Apia"]
FirstIssue = Literal["next slot", "at once"]

TUESDAYS = replace(configuration().newsletters[0], time_zone="America/New_York")
AT_ONCE = replace(TUESDAYS, first_issue="at once")


def at(text: str) -> dt.datetime:
    """A naive wall time."""
    return dt.datetime.fromisoformat(text)


def planned(newsletter: Newsletter, count: int, now: str, *, taken: str = "") -> list[str]:
    """The slots of a series planned when the newsletter's clock shows ``now``."""
    moment = instant(at(now), newsletter.time_zone)
    found = series_slots(newsletter, count, now=moment, taken=[at(taken)] if taken else [])
    return [slot.isoformat(timespec="minutes") for slot in found]


# --- The weekly slots -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "first"),
    [
        ("2026-03-02T12:00", "2026-03-03T10:00"),
        ("2026-03-03T09:59", "2026-03-03T10:00"),
        ("2026-03-03T10:00", "2026-03-10T10:00"),
        ("2026-03-03T10:01", "2026-03-10T10:00"),
        ("2026-03-04T00:00", "2026-03-10T10:00"),
        ("2026-12-29T10:00", "2027-01-05T10:00"),
        ("2028-02-28T10:00", "2028-02-29T10:00"),  # a leap day that is a Tuesday
        ("2028-02-29T10:00", "2028-03-07T10:00"),
    ],
)
def test_the_next_slot_begins_after(after: str, first: str) -> None:
    assert next(slots(TUESDAYS, after=at(after))) == at(first)


@given(
    st.datetimes(at("1990-01-01T00:00"), at("2100-01-01T00:00")),
    st.sampled_from(get_args(Weekday)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_slots_are_a_week_apart_on_their_weekday(
    after: dt.datetime, weekday: Weekday, time: dt.time
) -> None:
    found = list(islice(slots(replace(TUESDAYS, weekday=weekday, time=time), after=after), 60))
    assert after < found[0] <= after + dt.timedelta(days=7)
    assert {slot.time() for slot in found} == {time}
    assert {WEEKDAYS[slot.weekday()] for slot in found} == {weekday}
    assert {later - earlier for earlier, later in pairwise(found)} == {dt.timedelta(days=7)}


def test_weekdays_are_those_of_the_configuration() -> None:
    assert get_args(Weekday) == WEEKDAYS


# --- The slots of a series ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-03-02T12:00", "2026-03-03T10:00"),
        ("2026-03-03T09:59", "2026-03-03T10:00"),
        ("2026-03-03T10:00", "2026-03-10T10:00"),
        ("2026-03-04T10:00", "2026-03-10T10:00"),
    ],
)
def test_a_series_begins_in_the_next_slot(now: str, first: str) -> None:
    assert planned(TUESDAYS, 1, now) == [first]


def test_a_series_goes_on_week_by_week_over_the_end_of_the_year() -> None:
    assert planned(TUESDAYS, 4, "2026-12-16T08:00") == [
        "2026-12-22T10:00",
        "2026-12-29T10:00",
        "2027-01-05T10:00",
        "2027-01-12T10:00",
    ]


def test_a_series_over_summer_time_keeps_its_hour_x11() -> None:
    found = planned(TUESDAYS, 3, "2026-03-01T08:00")
    assert found == ["2026-03-03T10:00", "2026-03-10T10:00", "2026-03-17T10:00"]
    hours = [instant(at(slot), "America/New_York").hour for slot in found]
    assert hours == [15, 14, 14]


@pytest.mark.parametrize(
    ("now", "second"),
    [
        ("2026-03-03T10:00", "2026-03-10T10:00"),  # at the very minute of a slot
        ("2026-03-03T09:00", "2026-03-10T10:00"),  # an hour before one
        ("2026-03-03T11:30", "2026-03-10T10:00"),
        ("2026-03-04T10:00", "2026-03-10T10:00"),  # six days to the minute
        ("2026-03-04T10:01", "2026-03-17T10:00"),
        ("2026-03-09T23:00", "2026-03-17T10:00"),
    ],
)
def test_a_series_at_once_goes_on_in_a_slot_six_days_later_or_more(now: str, second: str) -> None:
    third = at(second) + dt.timedelta(days=7)
    assert planned(AT_ONCE, 3, now) == [now, second, third.isoformat(timespec="minutes")]


@pytest.mark.parametrize(
    ("taken", "first"),
    [
        ("2026-02-24T10:00", "2026-03-02T12:00"),  # long enough ago
        ("2026-02-24T12:00", "2026-03-02T12:00"),  # six days to the minute
        ("2026-02-24T12:01", "2026-03-03T10:00"),  # a minute less: the next slot, not at once
        ("2026-02-25T10:00", "2026-03-03T10:00"),
        ("2026-02-25T10:01", "2026-03-10T10:00"),
        ("2026-03-02T12:00", "2026-03-10T10:00"),
        ("2026-03-03T10:00", "2026-03-10T10:00"),
        ("2026-03-05T10:00", "2026-03-17T10:00"),  # one that was set to another day
        ("2026-05-05T10:00", "2026-03-02T12:00"),  # there is room before it
    ],
)
def test_a_second_series_waits_for_the_first(taken: str, first: str) -> None:
    assert planned(AT_ONCE, 1, "2026-03-02T12:00", taken=taken) == [first]


def test_seconds_do_not_move_a_series() -> None:
    now = dt.datetime(2026, 3, 3, 15, 0, 59, 999_999, tzinfo=dt.UTC)
    assert series_slots(AT_ONCE, 1, now=now) == [at("2026-03-03T10:00")]
    assert series_slots(TUESDAYS, 1, now=now) == [at("2026-03-10T10:00")]


def slots_until(newsletter: Newsletter, after: dt.datetime, last: dt.datetime) -> list[dt.datetime]:
    """The weekly slots between two wall times."""
    return list(takewhile(lambda slot: slot <= last, slots(newsletter, after=after)))


@given(
    st.datetimes(at("1990-01-01T00:00"), at("2100-01-01T00:00"), timezones=st.just(dt.UTC)),
    st.one_of(st.none(), st.integers(-200_000, 200_000)),
    st.integers(1, 9),
    st.tuples(st.sampled_from(get_args(FirstIssue)), st.sampled_from(ZONES)),
)
def test_a_series_keeps_its_distance_whatever_went_before(
    now: dt.datetime, minutes: int | None, count: int, how: tuple[FirstIssue, str]
) -> None:
    first, zone = how
    newsletter = replace(TUESDAYS, first_issue=first, time_zone=zone)
    here = wall_time(now, zone)
    taken = None if minutes is None else here + dt.timedelta(minutes=minutes)
    found = series_slots(newsletter, count, now=now, taken=[taken] if taken else [])
    assert len(found) == count
    every = sorted([*([taken] if taken else []), *found])
    assert all(later - earlier >= APART for earlier, later in pairwise(every))
    assert found == sorted(found)
    assert found[0] >= here
    weekly = found[1:] if found[0] == here and first == "at once" else found
    assert all(slot.weekday() == 1 and slot.time() == newsletter.time for slot in weekly)
    # No slot is passed over that would have been free.
    passed = set(slots_until(newsletter, here, found[-1])) - set(found)
    assert all(min(abs(slot - other) for other in every) < APART for slot in passed)
