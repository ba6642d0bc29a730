"""Asking to join: one mail at most, nobody changed by it, everybody answered alike (S16, L6)."""

import datetime as dt
import logging
import threading
from dataclasses import replace

import pytest
from django.db import connection

from pipeline.audience.asking import Answer
from pipeline.audience.forgetting import forget
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Consent,
    JoinRequest,
    Notice,
    Subscriber,
    Subscription,
)
from pipeline.audience.suppression import suppress
from tests.audience.forms import DAY, HOUR, NETWORK, WORDING, join, links, send, wish
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SECOND = dt.timedelta(seconds=1)


def kinds() -> list[str]:
    """The notices written down, by kind."""
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def network(number: int) -> str:
    """One of many networks."""
    return f"10.{number // 250}.{number % 250}.0/24"


def test_somebody_new_is_pending_and_asked_l6() -> None:
    assert send(wish(name="Ana Ruiz")) == Answer.TAKEN

    person = Subscriber.objects.get()
    assert (person.address, person.name, person.language) == ("ana@example.com", "", "")
    tie = Subscription.objects.get()
    assert (tie.subscriber, tie.state, tie.changed_at) == (person, "pending", NOW)
    assert tie.joined_at is None
    request = JoinRequest.objects.get()
    assert (request.mailed, request.wording) == (True, WORDING)
    assert request.details == {"name": "Ana Ruiz", "language": "es", "fields": {}}
    assert not Consent.objects.exists()


def test_the_mail_carries_a_link_of_seven_days_and_nothing_that_was_typed_s16_s19() -> None:
    send(wish(name="Click http://evil.example.com"))

    notice = Notice.objects.get()
    assert (notice.kind, notice.language, notice.newsletter) == ("confirm", "es", "weekly")
    assert notice.useful_until == NOW + 7 * DAY
    assert list(notice.values) == ["token"]
    assert "evil" not in repr([notice.values, notice.cause])
    assert links() == [(JoinRequest.objects.get().pk, notice.subscriber_id, "weekly")]


def test_who_is_on_the_list_is_told_so_and_stays_as_they_are() -> None:
    reader = subscriber(name="Ana")
    before = list(Subscription.objects.values_list())

    send(wish(name="Somebody"))

    assert kinds() == ["known"]
    assert Notice.objects.get().values == {}
    assert list(Subscription.objects.values_list()) == before
    reader.refresh_from_db()
    assert (reader.name, reader.language) == ("Ana", "")
    assert JoinRequest.objects.get().wording == ""


def test_an_implied_consent_may_become_an_express_one_l8() -> None:
    subscriber()
    Subscription.objects.update(until=NOW + DAY)
    send(wish())
    assert kinds() == ["confirm"]
    assert Subscription.objects.get().state == "active"


@pytest.mark.parametrize("newsletter", ["", "weekly"])
def test_who_left_stays_away_and_is_asked(newsletter: str) -> None:
    reader = subscriber()
    unsubscribe(subscriber_id=reader.pk, newsletter=newsletter, now=NOW)
    send(wish())
    assert kinds() == ["confirm"]
    assert Subscription.objects.get().state == "left"


@pytest.mark.parametrize("newsletter", ["", "weekly"])
def test_who_complained_is_never_written_to_and_takes_a_place_like_all_d28_s18(
    newsletter: str,
) -> None:
    key = address_hash("ana@example.com")
    suppress(address_hash=key, newsletter=newsletter, reason="complained", now=NOW)
    assert send(wish()) == Answer.TAKEN
    assert kinds() == []
    assert not Subscriber.objects.exists()
    assert JoinRequest.objects.get().mailed


def test_who_was_erased_may_ask_anew() -> None:
    reader = subscriber()
    forget(subscriber_id=reader.pk, actor="subscriber", now=NOW)
    send(wish())
    reader.refresh_from_db()
    assert (reader.address, reader.name, reader.erased_at) == ("ana@example.com", "", NOW)
    assert kinds() == ["confirm"]
    assert Subscription.objects.get().state == "left"


def test_an_erasure_ends_what_was_asked_for() -> None:
    send(wish(name="Ana Ruiz"))
    forget(subscriber_id=Subscriber.objects.get().pk, actor="subscriber", now=NOW)
    request = JoinRequest.objects.get()
    assert (request.wording, request.details) == ("", {})
    send(wish(), now=NOW + DAY)
    forget(subscriber_id=Subscriber.objects.get().pk, actor="subscriber", now=NOW + DAY)
    assert Subscriber.objects.get().address == ""


def test_the_language_of_somebody_we_know_is_their_own() -> None:
    reader = subscriber(newsletter="other")
    reader.language = "ko"
    reader.save()
    send(wish())
    assert Notice.objects.get().language == "ko"


# --- Limits ---------------------------------------------------------------------------------------


@pytest.mark.no_cover
def test_many_requests_for_one_victim_are_one_mail_s16() -> None:
    for number in range(200):
        lately = NOW + number * SECOND
        newsletter = ("weekly", "other")[number % 2]
        asked = send(wish(newsletter=newsletter), network=network(number), now=lately)
        assert asked == Answer.TAKEN
    assert kinds() == ["confirm"]
    assert JoinRequest.objects.count() == 200


def test_an_address_gets_one_mail_a_day_and_three_in_thirty_days_s16() -> None:
    days = [0, 0.99, 1, 2, 3, 29.9, 30, 30.9, 31, 32]
    for place, days_later in enumerate(days):
        send(wish(), network=network(place), now=NOW + days_later * DAY)
    mailed = JoinRequest.objects.filter(mailed=True).order_by("created_at")
    told = [(row.created_at - NOW) / DAY for row in mailed]
    assert told == [0, 1, 2, 30, 31, 32]
    assert len(kinds()) == 6


def test_a_network_asks_ten_times_an_hour_s16() -> None:
    asked = [send(wish(f"a{n}@example.com"), now=NOW + n * SECOND) for n in range(12)]
    assert asked == [Answer.TAKEN] * 10 + [Answer.NETWORK_IS_FULL] * 2
    assert JoinRequest.objects.count() == 10
    assert send(wish("b@example.com"), network=network(1)) == Answer.TAKEN
    assert send(wish("c@example.com"), now=NOW + HOUR) == Answer.TAKEN
    assert send(wish("d@example.com"), now=NOW + HOUR) == Answer.NETWORK_IS_FULL


def test_a_form_that_tells_no_time_has_half_of_that_s16() -> None:
    asked = [send(wish(f"a{n}@example.com"), timed=False) for n in range(6)]
    assert asked == [Answer.TAKEN] * 5 + [Answer.NETWORK_IS_FULL]
    assert send(wish("b@example.com"), timed=True) == Answer.TAKEN


def test_no_network_is_kept_in_clear() -> None:
    send(wish())
    assert NETWORK not in repr(list(JoinRequest.objects.values_list()))


def test_a_newsletter_rests_after_so_many_mails_and_says_so_once_s16(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "pipeline")
    asked = [
        send(wish(f"a{n}@example.com"), network=network(n), most=3, now=NOW + n * SECOND)
        for n in range(5)
    ]
    assert asked == [Answer.TAKEN] * 3 + [Answer.NEWSLETTER_RESTS] * 2
    assert len(kinds()) == 3
    (alarm,) = caplog.messages
    assert alarm.startswith("joining weekly rests: 3 people were asked to confirm it within an")
    assert send(wish(newsletter="other"), network=network(9), most=3) == Answer.TAKEN
    assert send(wish("b@example.com"), most=3, now=NOW + HOUR) == Answer.TAKEN


def test_requests_without_a_mail_take_no_place_of_the_newsletter_s16() -> None:
    for number in range(5):
        send(wish(), network=network(number), most=2)
    assert send(wish("ben@example.com"), network=network(9), most=2) == Answer.TAKEN


@pytest.mark.parametrize("same", ["address", "network"])
def test_no_race_passes_a_limit_s16(same: str) -> None:
    together = threading.Barrier(12)

    def ask(number: int) -> None:
        asked = wish() if same == "address" else wish(f"a{number}@example.com")
        together.wait()
        send(asked, network=NETWORK if same == "network" else network(number))
        connection.close()

    threads = [threading.Thread(target=ask, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kinds()) == (1 if same == "address" else 10)
    assert Subscriber.objects.count() == (1 if same == "address" else 10)


def test_asking_again_keeps_a_pending_one_waiting() -> None:
    send(wish())
    send(wish(), now=NOW + 2 * DAY)
    assert Subscription.objects.get().changed_at == NOW + 2 * DAY
    assert kinds() == ["confirm", "confirm"]


def test_asking_again_does_not_take_back_a_confirmation() -> None:
    """What another system did: the form called a confirmed reader pending again."""
    join()
    send(wish(), now=NOW + 2 * DAY)
    assert Subscription.objects.get().state == "active"
    assert kinds() == ["confirm", "known"]


def test_fields_wait_with_the_request() -> None:
    send(replace(wish(), fields={"topic": "Sleep"}))
    assert JoinRequest.objects.get().details["fields"] == {"topic": "Sleep"}
    assert Subscriber.objects.get().fields == {}
