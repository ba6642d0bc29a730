"""A slot on each reader's own clock comes in waves, around the world (PAINS 25, promise 6, X11)."""

import datetime as dt

import pytest

from pipeline.campaigns.models import Issue
from pipeline.outbox.models import Delivery
from pipeline.outbox.rhythm import rhythm_of
from pipeline.outbox.waves import has_come, waves_of
from tests.outbox.weeks import NEW_YORK, at, clinic, every_hour, one_pass, person, series, told

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

TUESDAY = "2026-03-10T10:00"
LOCAL = "local_time = true"
ZONES = {
    "auckland": "Pacific/Auckland",
    "seoul": "Asia/Seoul",
    "kathmandu": "Asia/Kathmandu",
    "berlin": "Europe/Berlin",
    "home": "",
    "nowhere": "Mars/Olympus",
    "angeles": "America/Los_Angeles",
    "honolulu": "Pacific/Honolulu",
}


def due() -> dict[str, str]:
    """When each person's letter is due, on the clock of their zone."""
    deliveries = Delivery.objects.select_related("subscriber")
    return {
        each.subscriber.address.partition("@")[0]: told(
            each.due_at, _zone(each.subscriber.time_zone)
        )
        for each in deliveries
    }


def _zone(text: str) -> str:
    return text if text in ZONES.values() and text and "Mars" not in text else NEW_YORK


def test_everybody_gets_it_at_ten_on_their_own_clock_x11() -> None:
    clinic(LOCAL)
    series(TUESDAY)
    for name, zone in ZONES.items():
        person(name, zone=zone)

    every_hour("2026-03-09T16:00", "2026-03-10T16:00")

    assert due() == dict.fromkeys(ZONES, TUESDAY)
    sent = Delivery.objects.filter(state="accepted")
    assert sent.count() == len(ZONES)
    for each in sent:
        assert each.sent_at is not None
        assert dt.timedelta(0) <= each.sent_at - each.due_at < dt.timedelta(hours=1)


def test_the_release_begins_with_the_first_zone_among_the_readers_and_not_before() -> None:
    clinic(LOCAL)
    (issue,) = series(TUESDAY)
    person("home")
    person("berlin", zone="Europe/Berlin")
    first = at(TUESDAY, "Europe/Berlin")

    assert not has_come(issue, now=first - dt.timedelta(seconds=1))
    assert has_come(issue, now=first)
    one_pass(first)
    assert Issue.objects.get().released_at == first
    assert dict(Delivery.objects.values_list("subscriber__time_zone", "state")) == {
        "Europe/Berlin": "accepted",
        "": "pending",
    }


def test_readers_in_the_west_make_nobody_wait_for_them() -> None:
    clinic(LOCAL)
    series(TUESDAY)
    person("angeles", zone="America/Los_Angeles")
    one_pass(at(TUESDAY))
    assert list(Delivery.objects.values_list("state", flat=True)) == ["pending"]
    one_pass(at(TUESDAY, "America/Los_Angeles"))
    assert list(Delivery.objects.values_list("state", flat=True)) == ["accepted"]


@pytest.mark.parametrize("setting", ["", "local_time = false"])
def test_without_it_everybody_gets_it_at_the_newsletters_time(setting: str) -> None:
    clinic(setting)
    (issue,) = series(TUESDAY)
    person("seoul", zone="Asia/Seoul")
    assert not has_come(issue, now=at(TUESDAY) - dt.timedelta(seconds=1))
    one_pass(at(TUESDAY))
    assert Delivery.objects.get().sent_at == at(TUESDAY)


@pytest.mark.parametrize(
    ("zone", "slot", "utc"),
    [
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00"),  # skipped: the gap's end
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),  # twice: the first of both
        ("Europe/Berlin", "2026-03-08T02:30", "2026-03-08T01:30"),
        ("Pacific/Apia", "2028-02-29T10:00", "2028-02-28T21:00"),
    ],
)
def test_each_zone_has_its_own_summer_time_x11(zone: str, slot: str, utc: str) -> None:
    clinic(LOCAL)
    (issue,) = series(slot)
    person("there", zone=zone)
    waves = waves_of(issue, rhythm_of("weekly"))
    assert set(waves) == {"", zone}
    assert told(waves[zone], "UTC") == utc


def test_the_next_slot_of_a_person_is_at_or_after_an_instant_whatever_the_clock_does_x11() -> None:
    clinic(LOCAL)
    rhythm = rhythm_of("weekly")
    tuesday = at(TUESDAY, "Asia/Seoul")
    for after, nth, expected in [
        (tuesday, 0, "2026-03-10T10:00"),
        (tuesday + dt.timedelta(microseconds=1), 0, "2026-03-17T10:00"),
        (tuesday - dt.timedelta(days=6), 0, "2026-03-10T10:00"),
        (tuesday, 3, "2026-03-31T10:00"),
    ]:
        found = rhythm.next_slot("Asia/Seoul", after=after, nth=nth)
        assert told(found, "Asia/Seoul") == expected
    assert rhythm.next_slot("Mars/Olympus", after=tuesday) == at(TUESDAY)


@pytest.mark.parametrize(
    ("act", "expected"), [("skip", "2026-03-17T10:00"), ("move", "2026-03-11T10:00")]
)
def test_no_persons_slot_is_on_a_day_the_clinic_does_not_send(act: str, expected: str) -> None:
    clinic(LOCAL, "[calendar]", f'on_holiday = "{act}"', "closed = [2026-03-10]")
    found = rhythm_of("weekly").next_slot("Asia/Seoul", after=at("2026-03-09T00:00"))
    assert told(found, "Asia/Seoul") == expected


def test_a_newsletter_that_is_named_no_more_has_no_slots() -> None:
    clinic()
    now = at(TUESDAY)
    assert rhythm_of("gone").next_slot("", after=now) == now
