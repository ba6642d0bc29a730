"""The throttle of a newsletter, and the warm-up of a sender's domain (D32)."""

import datetime as dt
import threading

import pytest
from django.db import connection

from pipeline.audience.models import Subscription
from pipeline.campaigns.models import Issue, LogEntry
from pipeline.errors import SettingError
from pipeline.outbox.models import Delivery, SendingDay
from pipeline.outbox.warm_up import caps, go_over
from tests import factories
from tests.outbox.channels import ListChannel
from tests.outbox.steps import drain, states
from tests.outbox.weeks import at, clinic, one_pass, person, series, told

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

TUESDAY = "2026-03-10T10:00"
ARTICLE = "why-warmth-helps"
DOMAIN = "harbour-street.example.com"


def readers(number: int) -> None:
    for index in range(number):
        person(f"reader-{index:02}")


def days() -> dict[str, int]:
    """How many letters went out on each day in New York."""
    sent = Delivery.objects.filter(sent_at__isnull=False).order_by("sent_at")
    found: dict[str, int] = {}
    for moment in sent.values_list("sent_at", flat=True):
        day = told(moment)[:10]
        found[day] = found.get(day, 0) + 1
    return found


def looked_at(*days: int) -> None:
    """Passes on days of March: at midnight, shortly before the slot, in it, and later."""
    for day in days:
        for hour in ("00", "09", "10", "12"):
            moment = at(f"2026-03-{day}T{hour}:00")
            if moment >= at(TUESDAY):
                one_pass(moment, ListChannel(batch_size=2))


def test_each_day_sends_at_most_twice_what_the_day_before_did_d32() -> None:
    clinic("warm_up = 2")
    series(TUESDAY)
    readers(20)

    looked_at(10, 11, 12, 13, 14)

    assert days() == {"2026-03-10": 2, "2026-03-11": 4, "2026-03-12": 8, "2026-03-13": 6}
    assert states() == {"accepted": 20}


def test_the_rest_goes_at_the_hour_of_the_slot_and_not_at_midnight_d32() -> None:
    clinic("warm_up = 2")
    series(TUESDAY)
    readers(3)
    looked_at(10, 11)
    last = Delivery.objects.order_by("sent_at").last()
    assert last is not None
    assert told(last.sent_at) == "2026-03-11T10:00"


def test_a_day_on_which_little_went_out_raises_little_d32() -> None:
    clinic("warm_up = 4")
    series(TUESDAY, "2026-03-17T10:00")
    readers(3)
    one_pass(at(TUESDAY))
    assert [each.cap for each in caps(now=at("2026-03-11T10:00"))] == [6]
    one_pass(at("2026-03-17T10:00"))
    assert [each.cap for each in caps(now=at("2026-03-18T10:00"))] == [6]


def test_who_is_engaged_comes_first_d32() -> None:
    clinic("warm_up = 2")
    series(TUESDAY)
    readers(5)
    for address, day in (("reader-03@example.com", 3), ("reader-04@example.com", 2)):
        tie = Subscription.objects.filter(subscriber__address=address)
        tie.update(engaged_at=at(f"2026-03-0{day}T10:00"))
    channel = one_pass(at(TUESDAY), ListChannel(batch_size=1))
    assert [address for _, address in channel.taken] == [
        "reader-03@example.com",
        "reader-04@example.com",
    ]


def test_a_named_person_lets_more_go_today_and_only_today_d32() -> None:
    clinic("warm_up = 2")
    series(TUESDAY)
    readers(5)
    one_pass(at(TUESDAY))

    cap = go_over(article=ARTICLE, actor="Mara Ellison", now=at(TUESDAY))
    assert (cap.cap, cap.used, cap.over_by) == (2, 2, "Mara Ellison")
    assert cap.told == (f"{DOMAIN}: 2 of 2 letters today (warm-up; Mara Ellison lets it send more)")
    one_pass(at("2026-03-10T11:00"))

    assert states() == {"accepted": 5}
    entry = LogEntry.objects.get(kind="over cap")
    assert (entry.actor, entry.values) == ("Mara Ellison", {"cap": 2, "domain": DOMAIN})
    # What a person let go is no step of the warm-up.
    assert [(each.cap, each.over_by) for each in caps(now=at("2026-03-11T10:00"))] == [(4, "")]


@pytest.mark.parametrize(
    ("settings", "article", "actor", "told"),
    [
        ("warm_up = 2", ARTICLE, "  ", "nobody is named who answers for it"),
        ("warm_up = 0", ARTICLE, "Mara", "no warm-up bounds why-warmth-helps"),
        ("warm_up = 2", "other", "Mara", "there is no campaign of 'other'"),
    ],
)
def test_what_cannot_be_let_go_is_told(settings: str, article: str, actor: str, told: str) -> None:
    clinic(settings)
    series(TUESDAY)
    with pytest.raises(SettingError) as caught:
        go_over(article=article, actor=actor, now=at(TUESDAY))
    assert caught.value.message == told
    assert not LogEntry.objects.filter(kind="over cap").exists()


def test_two_senders_at_once_keep_to_the_cap_d32() -> None:
    clinic("warm_up = 5")
    (issue,) = series(TUESDAY)
    for index in range(12):
        factories.delivery(issue, person(f"reader-{index}"), now=at(TUESDAY))
    Issue.objects.update(state=Issue.State.SENDING, released_at=at(TUESDAY))
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        drain(ListChannel(batch_size=2), now=at(TUESDAY), owner=threading.current_thread().name)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states() == {"accepted": 5, "pending": 7}


def test_looking_at_the_caps_changes_nothing() -> None:
    clinic("warm_up = 7")
    assert [each.told for each in caps(now=at(TUESDAY))] == [
        f"{DOMAIN}: 0 of 7 letters today (warm-up)"
    ]
    assert not SendingDay.objects.exists()


def test_a_throttle_lets_an_hours_share_go_minute_by_minute() -> None:
    clinic("per_hour = 120")
    series(TUESDAY)
    readers(9)
    for minutes, expected in ((0, 2), (0, 2), (1, 4), (2, 6), (30, 9)):
        one_pass(at(TUESDAY) + dt.timedelta(minutes=minutes))
        assert states().get("accepted") == expected


def test_no_hour_sends_more_than_the_throttle_whatever_came_due() -> None:
    clinic("per_hour = 4")
    series(TUESDAY)
    readers(9)
    for minutes in range(0, 200, 20):
        one_pass(at(TUESDAY) + dt.timedelta(minutes=minutes))
    times = [each for each in Delivery.objects.values_list("sent_at", flat=True) if each]
    assert states() == {"accepted": 9}
    assert all(
        sum(start <= each < start + dt.timedelta(hours=1) for each in times) <= 4 for start in times
    )


def test_what_bounds_one_newsletter_keeps_no_other_waiting() -> None:
    clinic("warm_up = 1")
    series(TUESDAY)
    readers(2)
    one_pass(at(TUESDAY))
    (other,) = series(TUESDAY, article="other")
    other.newsletter = "monthly"
    other.state, other.released_at = "sending", at(TUESDAY)
    other.save()
    monthly = person("monthly")
    monthly.subscriptions.update(newsletter="monthly")
    Delivery.objects.create(
        issue=other, subscriber=monthly, state="pending", due_at=at(TUESDAY), changed_at=at(TUESDAY)
    )
    one_pass(at(TUESDAY))
    assert Delivery.objects.get(subscriber=monthly).state == "accepted"
