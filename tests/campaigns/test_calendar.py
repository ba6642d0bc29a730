"""Wall time: 10:00 stays 10:00, a gap takes its end, an overlap its first hour (X11, promise 6)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pipeline.campaigns.calendar import instant, wall_time


def at(text: str) -> dt.datetime:
    """A naive wall time."""
    return dt.datetime.fromisoformat(text)


def utc(slot: str, zone: str) -> str:
    """The instant of a wall time as UTC, both written as texts."""
    return f"{instant(at(slot), zone):%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize(
    ("zone", "hour", "days"),
    [
        # Clocks go forward on 29 March 2026 and back on 25 October.
        ("Europe/Berlin", 9, {"2026-03-24": 8, "2026-03-31": 7, "2026-10-20": 7, "2026-10-27": 8}),
        # Forward on 8 March, back on 1 November.
        ("America/New_York", 10,
         {"2026-03-03": 15, "2026-03-10": 14, "2026-10-27": 14, "2026-11-03": 15}),
        # The other half of the world: forward on 4 October, back on 5 April.
        ("Australia/Sydney", 10,
         {"2026-03-31": -1, "2026-04-07": 0, "2026-09-29": 0, "2026-10-06": -1}),
        # No daylight saving at all.
        ("Asia/Seoul", 10, {"2026-03-24": 1, "2026-03-31": 1, "2026-10-27": 1}),
        ("America/Phoenix", 10, {"2026-03-03": 17, "2026-03-10": 17, "2026-11-03": 17}),
        ("UTC", 10, {"2026-03-31": 10, "2026-10-27": 10}),
    ],
)  # fmt: skip
def test_the_hour_on_the_wall_stays_over_both_changes_x11(
    zone: str, hour: int, days: dict[str, int]
) -> None:
    for day, expected in days.items():
        midnight = at(f"{day}T00:00").replace(tzinfo=dt.UTC)
        found = instant(at(f"{day}T{hour:02}:00"), zone)
        assert found == midnight + dt.timedelta(hours=expected)
        assert found.astimezone(ZoneInfo(zone)).hour == hour


def test_a_change_of_half_an_hour_x11() -> None:
    """Lord Howe: UTC+10:30, in summer UTC+11."""
    zone = "Australia/Lord_Howe"
    assert utc("2026-04-04T10:00", zone) == "2026-04-03T23:00:00"
    assert utc("2026-04-05T10:00", zone) == "2026-04-04T23:30:00"
    assert utc("2026-10-04T02:15", zone) == "2026-10-03T15:30:00"  # 02:00–02:30 is skipped
    assert utc("2026-10-04T02:30", zone) == "2026-10-03T15:30:00"
    assert utc("2026-04-05T01:45", zone) == "2026-04-04T14:45:00"  # 01:30–02:00 comes twice


@pytest.mark.parametrize(
    ("slot", "zone", "expected"),
    [
        ("2026-03-29T02:00", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-03-29T02:59", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59:00"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:00:00"),
        ("2026-10-04T02:30", "Australia/Sydney", "2026-10-03T16:00:00"),
        ("2025-04-25T00:30", "Africa/Cairo", "2025-04-24T22:00:00"),  # midnight itself is skipped
        ("2011-12-30T10:00", "Pacific/Apia", "2011-12-30T10:00:00"),  # Samoa skipped a whole day
    ],
)
def test_an_hour_that_is_skipped_gives_its_end_x11(slot: str, zone: str, expected: str) -> None:
    assert utc(slot, zone) == expected


@pytest.mark.parametrize(
    ("slot", "zone", "expected"),
    [
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00"),
        ("2026-11-01T01:00", "America/New_York", "2026-11-01T05:00:00"),
        ("2026-11-01T02:00", "America/New_York", "2026-11-01T07:00:00"),
        ("2026-04-05T02:30", "Australia/Sydney", "2026-04-04T15:30:00"),
    ],
)
def test_an_hour_that_comes_twice_gives_the_first_x11(slot: str, zone: str, expected: str) -> None:
    assert utc(slot, zone) == expected


def test_a_leap_day_is_a_day_x11() -> None:
    assert utc("2028-02-29T10:00", "Europe/Berlin") == "2028-02-29T09:00:00"
    assert instant(at("2028-03-01T10:00"), "UTC") - instant(
        at("2028-02-28T10:00"), "UTC"
    ) == dt.timedelta(days=2)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Marquesas"])
def test_zones_far_from_the_hour_and_the_day(zone: str) -> None:
    slot = at("2026-07-01T00:10")
    assert wall_time(instant(slot, zone), zone) == slot


_ZONES = st.sampled_from(
    [
        "Africa/Cairo",
        "Africa/Casablanca",
        "America/Havana",
        "America/New_York",
        "America/Santiago",
        "Asia/Seoul",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Europe/Berlin",
        "Europe/Dublin",
        "Pacific/Apia",
        "Pacific/Chatham",
    ]
)
_SLOTS = st.datetimes(at("1990-01-01T00:00"), at("2040-01-01T00:00")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(_SLOTS, _ZONES)
@example(at("2026-03-29T02:30"), "Europe/Berlin")
@example(at("2026-04-05T01:45"), "Australia/Lord_Howe")
@example(at("2011-12-30T10:00"), "Pacific/Apia")
def test_no_earlier_instant_shows_the_wall_time_or_a_later_one(
    slot: dt.datetime, zone: str
) -> None:
    """Either the clock shows the slot for the first time, or it jumps over it just then."""
    found = instant(slot, zone)
    shown = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    before = (found - dt.timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert before < slot <= shown
    if shown != slot:
        assert shown - before > dt.timedelta(minutes=1)
    earlier = found - dt.timedelta(hours=1)
    assert earlier.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != slot


@given(_SLOTS, _SLOTS, _ZONES)
def test_of_two_slots_the_earlier_never_comes_later(
    first: dt.datetime, second: dt.datetime, zone: str
) -> None:
    assume(first < second)
    assert instant(first, zone) <= instant(second, zone)


@given(_SLOTS, st.integers(0, 59), st.integers(0, 999_999), _ZONES)
def test_wall_time_is_what_a_clock_without_seconds_shows(
    slot: dt.datetime, second: int, microsecond: int, zone: str
) -> None:
    moment = instant(slot, zone)
    later = moment + dt.timedelta(seconds=second, microseconds=microsecond)
    shown = wall_time(later, zone)
    assert shown == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown.tzinfo is None
