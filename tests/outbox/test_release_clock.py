"""Whatever the clock does, each slot begins exactly once, at its wall time (X11, promise 6).

A scheduler passes again and again; each pass gets the time that its clock shows.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from pipeline.campaigns import calendar
from pipeline.campaigns.models import Issue
from pipeline.outbox.release import release
from tests.campaigns import weeks
from tests.campaigns.weeks import at

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

BERLIN = "Europe/Berlin"
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def utc(text: str) -> dt.datetime:
    """An instant."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def passes(*moments: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """Each part that begins, and the pass it begins in."""
    return [(issue.part, moment) for moment in moments for issue in release(now=moment)]


def around(moment: dt.datetime) -> Iterator[dt.datetime]:
    """Passes around an instant, a quarter of an hour apart, and its very minute."""
    yield from (moment + number * dt.timedelta(minutes=15) for number in range(-9, 0))
    yield from (moment - MINUTE, moment, moment, moment + MINUTE)
    yield from (moment + number * dt.timedelta(minutes=15) for number in range(1, 9))


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        # The clocks of Berlin go forward on 29 March 2026, and back on 25 October.
        (["2026-03-24", "2026-03-31", "2026-04-07"], [8, 7, 7]),
        (["2026-10-20", "2026-10-27", "2026-11-03"], [7, 8, 8]),
        # A leap day that is a Tuesday.
        (["2028-02-22", "2028-02-29", "2028-03-07"], [8, 8, 8]),
    ],
)
def test_every_tuesday_at_nine_in_berlin_x11(days: list[str], hours: list[int]) -> None:
    weeks.clinic(zone=BERLIN, time="09:00:00")
    for part, day in enumerate(days, 1):
        weeks.issue(part, f"{day}T09:00", zone=BERLIN)
    instants = [utc(f"{day}T{hour:02}:00") for day, hour in zip(days, hours, strict=True)]
    every = [moment for middle in instants for moment in around(middle)]
    assert passes(*every) == list(enumerate(instants, 1))
    assert weeks.log() == []


@pytest.mark.parametrize(
    ("weekday", "slot", "moment"),
    [
        ("sunday", "2026-03-29T02:30", "2026-03-29T01:00"),  # skipped: the first instant after it
        ("sunday", "2026-10-25T02:30", "2026-10-25T00:30"),  # comes twice: the first of the two
        ("sunday", "2026-04-05T02:30", "2026-04-05T00:30"),  # as always
    ],
)
def test_half_past_two_at_night_x11(weekday: str, slot: str, moment: str) -> None:
    weeks.clinic(zone=BERLIN, weekday=weekday, time="02:30:00")
    weeks.issue(1, slot, zone=BERLIN)
    assert passes(*around(utc(moment))) == [(1, utc(moment))]
    # The hour that comes again begins nothing again.
    assert passes(utc(moment) + HOUR, utc(moment) + HOUR + MINUTE) == []
    assert weeks.log() == []


def test_a_series_at_half_past_two_over_the_gap_has_its_slots_x11() -> None:
    weeks.clinic(zone=BERLIN, weekday="sunday", time="02:30:00")
    slots = ["2026-03-22T02:30", "2026-03-29T02:30", "2026-04-05T02:30"]
    for part, slot in enumerate(slots, 1):
        weeks.issue(part, slot, zone=BERLIN)
    instants = [utc("2026-03-22T01:30"), utc("2026-03-29T01:00"), utc("2026-04-05T00:30")]
    every = [moment for middle in instants for moment in around(middle)]
    assert passes(*every) == list(enumerate(instants, 1))
    assert weeks.slots() == slots


# --- Clock jumps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY])
@pytest.mark.parametrize("before", [2 * MINUTE, dt.timedelta(0), -2 * MINUTE])
def test_a_clock_that_jumps_begins_each_slot_once_x11(
    jump: dt.timedelta, before: dt.timedelta
) -> None:
    """The clock runs up to some minutes before or after the slot, jumps, and later comes back."""
    weeks.clinic(newsletter='missed = "send"\nmissed_hours = 48')
    weeks.issue(1, "2026-03-10T10:00")
    slot = at("2026-03-10")
    runs = [slot - DAY - HOUR, slot - HOUR, slot - 2 * MINUTE, slot - before]
    wrong = [slot - before + jump + number * MINUTE for number in range(4)]
    right = [slot - before + number * MINUTE for number in range(200)]
    begun = passes(*(each for each in runs if each <= slot - before), *wrong, *right)
    assert [part for part, _ in begun] == [1]
    assert begun[0][1] >= slot


@pytest.mark.parametrize("missed", ["hold", "skip"])
def test_a_jump_over_the_slot_begins_it_at_most_once_x11(missed: str) -> None:
    """A day forward is a missed start: the policy says what becomes of it, and the log says so."""
    weeks.clinic(newsletter=f'missed = "{missed}"')
    weeks.issue(1, "2026-03-10T10:00")
    slot = at("2026-03-10")
    begun = passes(slot - MINUTE, slot - MINUTE + DAY, slot, slot + MINUTE, slot + 7 * DAY)
    assert [part for part, _ in begun] == ([1] if missed == "skip" else [])
    assert weeks.log() != []


def test_a_clock_set_back_behind_a_start_lets_no_second_letter_out_early_x11() -> None:
    weeks.clinic()
    weeks.series("2026-03-10T10:00", "2026-03-17T10:00")
    slot = at("2026-03-10")
    assert passes(slot, slot - DAY, slot - HOUR, slot, slot + 6 * DAY) == [(1, slot)]
    assert passes(slot + 7 * DAY) == [(2, slot + 7 * DAY)]


# --- The rules of a zone change -------------------------------------------------------------------


class _NewRules:
    """Berlin without daylight saving from now on: it stays at UTC+1 in summer."""

    def __new__(cls, name: str) -> "ZoneInfo":  # type: ignore[misc]
        return ZoneInfo("Africa/Algiers" if name == BERLIN else name)


def test_a_change_of_a_zones_rules_moves_the_instant_and_not_the_hour_x11(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The update of the zone data comes while an issue waits: UTC is computed last of all."""
    weeks.clinic(zone=BERLIN, time="09:00:00")
    weeks.issue(1, "2026-06-02T09:00", zone=BERLIN)
    weeks.issue(2, "2026-06-09T09:00", zone=BERLIN)
    assert passes(*around(utc("2026-06-02T07:00"))) == [(1, utc("2026-06-02T07:00"))]
    monkeypatch.setattr(calendar, "ZoneInfo", _NewRules)
    assert passes(*around(utc("2026-06-09T07:00")))[0] == (2, utc("2026-06-09T08:00"))
    assert weeks.log() == []
    assert set(Issue.objects.values_list("slot", flat=True)) == {
        "2026-06-02T09:00",
        "2026-06-09T09:00",
    }
