"""Weekly slots on a clinic's calendar: holidays are passed over, or give the next open day."""

import datetime as dt
from dataclasses import replace
from itertools import islice, pairwise, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.campaigns.calendar import Week, far_enough, is_slot, series_slots, slots, weeks
from pipeline.errors import SettingError
from pipeline.stages.days import Days
from pipeline.values import Calendar, OnHoliday, Season
from tests.samples import configuration

TUESDAYS = replace(configuration().newsletters[0], time_zone="Europe/Berlin")
CHRISTMAS = ("2026-12-22", "2026-12-23", "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27",
             "2026-12-28")  # fmt: skip


def at(text: str) -> dt.datetime:
    """A naive wall time."""
    return dt.datetime.fromisoformat(text)


def closing(*days: str, act: OnHoliday) -> Days:
    """A calendar that closes these days."""
    closed = tuple(dt.date.fromisoformat(day) for day in days)
    return Days(Calendar(closed=closed, on_holiday=act))


@pytest.mark.parametrize(
    ("act", "closed", "found"),
    [
        ("skip", ["2026-03-10"], ["2026-03-03", "2026-03-17"]),
        ("send", ["2026-03-10"], ["2026-03-03", "2026-03-10"]),
        ("move", ["2026-03-10"], ["2026-03-03", "2026-03-11"]),
        ("move", ["2026-03-10", "2026-03-11"], ["2026-03-03", "2026-03-12"]),
        ("move", ["2026-03-11"], ["2026-03-03", "2026-03-10"]),
        # A whole week is closed: the next day there is would be another slot's.
        ("move", [f"2026-03-{day}" for day in range(10, 17)], ["2026-03-03", "2026-03-17"]),
    ],
)
def test_a_closed_day_is_passed_over_or_moved(
    act: OnHoliday, closed: list[str], found: list[str]
) -> None:
    days = closing(*closed, act=act)
    first = [
        slot.date().isoformat()
        for slot in islice(slots(TUESDAYS, after=at("2026-03-02T12:00"), days=days), 2)
    ]
    assert first == found


def test_a_moved_slot_is_a_slot_even_when_its_tuesday_is_over() -> None:
    days = closing("2026-03-10", act="move")
    assert next(slots(TUESDAYS, after=at("2026-03-10T12:00"), days=days)) == at("2026-03-11T10:00")
    assert is_slot(TUESDAYS, at("2026-03-11T10:00"), days=days)
    assert not is_slot(TUESDAYS, at("2026-03-10T10:00"), days=days)
    assert not is_slot(TUESDAYS, at("2026-03-11T10:00"))


def test_a_week_tells_why_it_is_another() -> None:
    found = weeks(TUESDAYS, after=at("2026-12-15T10:00"), days=closing(*CHRISTMAS, act="skip"))
    assert list(islice(found, 2)) == [
        Week(weekly=at("2026-12-22T10:00"), slot=None, why="a closing day"),
        Week(weekly=at("2026-12-29T10:00"), slot=at("2026-12-29T10:00")),
    ]


def test_a_series_passes_over_the_slot_that_a_moved_one_is_too_near_to() -> None:
    """Moved by three days, the next Tuesday is only four days on."""
    days = closing("2026-03-10", "2026-03-11", "2026-03-12", act="move")
    found = series_slots(TUESDAYS, 3, now=at("2026-03-04T12:00").replace(tzinfo=dt.UTC), days=days)
    assert [slot.day for slot in found] == [13, 24, 31]


def test_nothing_goes_out_at_once_on_a_closed_day() -> None:
    at_once = replace(TUESDAYS, first_issue="at once")
    now = at("2026-03-05T12:00").replace(tzinfo=dt.UTC)
    days = closing("2026-03-05", act="skip")
    assert series_slots(at_once, 1, now=now) == [at("2026-03-05T13:00")]
    assert series_slots(at_once, 1, now=now, days=days) == [at("2026-03-10T10:00")]


@pytest.mark.parametrize(
    ("start", "first"),
    [("2026-03-01", "2026-03-10"), ("2026-03-10", "2026-03-10"), ("2026-03-11", "2026-03-17")],
)
def test_a_series_begins_no_earlier_than_its_start(start: str, first: str) -> None:
    now = at("2026-03-05T12:00").replace(tzinfo=dt.UTC)
    after = at(start) - dt.timedelta(minutes=1)
    assert f"{series_slots(TUESDAYS, 1, now=now, after=after)[0]:%Y-%m-%d}" == first


def test_a_calendar_that_closes_every_day_is_told() -> None:
    always = Season(name="always", first="01-01", last="12-31", act="skip")
    days = Days(Calendar(seasons=(always,)))
    with pytest.raises(SettingError, match="leaves the newsletter weekly no day to go out"):
        next(slots(TUESDAYS, after=at("2026-03-05T12:00"), days=days))


_CLOSED = st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 30)), max_size=60)


@given(_CLOSED, st.sampled_from(["skip", "move"]), st.integers(1, 12), st.integers(0, 5))
def test_no_slot_is_on_a_closed_day_and_all_keep_their_distance(
    closed: set[dt.date], act: OnHoliday, count: int, taken: int
) -> None:
    days = Days(Calendar(closed=tuple(closed), on_holiday=act))
    now = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
    others = series_slots(TUESDAYS, taken * 2, now=now, days=days)[::2]
    found = series_slots(TUESDAYS, count, now=now, taken=others, days=days)
    assert not {slot.date() for slot in found} & closed
    every = sorted([*found, *others])
    assert all(far_enough(later, [earlier]) for earlier, later in pairwise(every))
    assert found == sorted(found)
    # Each slot stands in the week of its own Tuesday, and is that Tuesday if it is open.
    for slot in found:
        tuesday = slot - dt.timedelta(days=(slot.weekday() - 1) % 7)
        assert slot == tuesday or (act == "move" and tuesday.date() in closed)


@given(_CLOSED, st.sampled_from(["skip", "move", "send"]))
def test_slots_come_in_order_whatever_is_closed(closed: set[dt.date], act: OnHoliday) -> None:
    days = Days(Calendar(closed=tuple(closed), on_holiday=act))
    every = slots(TUESDAYS, after=at("2026-01-01T00:00"), days=days)
    found = list(takewhile(lambda slot: slot < at("2026-08-01T00:00"), every))
    assert found == sorted(set(found))
    assert all(is_slot(TUESDAYS, slot, days=days) for slot in found)
