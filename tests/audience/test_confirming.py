"""Confirming: the one act that puts anybody onto a list, once, and never back by an old mail."""

import hashlib
import threading
from dataclasses import replace

import pytest
from django.db import connection

from pipeline.audience.confirming import Standing, confirm, language_of, look
from pipeline.audience.forgetting import forget
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    JoinRequest,
    Rejoin,
    Subscriber,
    Subscription,
    Suppression,
)
from pipeline.audience.reach import reachable
from pipeline.audience.suppression import is_suppressed, suppress
from pipeline.audience.tokens import ConfirmLink
from tests.audience.forms import DAY, HOUR, NETWORK, WORDING, join, links, press, send, wish
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def link(address: str = "ana@example.com") -> ConfirmLink:
    """The link somebody was just sent."""
    send(wish(address))
    return links()[-1]


def reached() -> list[str]:
    """Who an issue would go to."""
    rows = reachable("weekly", now=NOW + 30 * DAY)
    return list(rows.values_list("subscriber__address", flat=True))


def test_the_record_says_who_agreed_to_what_when_and_where_l5() -> None:
    used = link()
    assert reached() == []
    assert press(used) == Standing.JOINED

    person = Subscriber.objects.get()
    consent = Consent.objects.get()
    assert (consent.subscriber_id, consent.address_hash) == (person.pk, person.address_hash)
    assert (consent.newsletter, consent.purpose, consent.basis) == ("weekly", "letters", "express")
    assert consent.wording == WORDING
    assert consent.wording_sha256 == hashlib.sha256(WORDING.encode()).hexdigest()
    assert consent.form == "https://letters.example.com/subscribe/weekly"
    assert (consent.source, consent.actor, consent.given) == ("form", "subscriber", True)
    assert (consent.asked_at, consent.created_at) == (NOW, NOW + HOUR)
    origin = ConsentOrigin.objects.get()
    assert (origin.consent_id, origin.subscriber_id) == (consent.pk, person.pk)
    assert (origin.network, origin.created_at) == (NETWORK, NOW + HOUR)
    tie = Subscription.objects.get()
    assert (tie.state, tie.joined_at, tie.changed_at) == ("active", NOW + HOUR, NOW + HOUR)
    assert reached() == ["ana@example.com"]


def test_what_was_typed_is_the_persons_from_now_on() -> None:
    send(replace(wish(name="Ana Ruiz"), fields={"topic": "Sleep"}))
    press(links()[0])
    person = Subscriber.objects.get()
    assert (person.name, person.language, person.fields) == ("Ana Ruiz", "es", {"topic": "Sleep"})
    request = JoinRequest.objects.get()
    assert (request.wording, request.details, request.confirmed_at) == ("", {}, NOW + HOUR)


def test_of_somebody_we_know_it_only_fills_what_is_empty() -> None:
    reader = subscriber(name="Ana", newsletter="other")
    reader.fields = {"topic": "Food"}
    reader.save()
    send(replace(wish(name="Somebody"), fields={"topic": "Sleep", "town": "Fairhaven"}))
    press(links()[0])
    reader.refresh_from_db()
    assert (reader.name, reader.language) == ("Ana", "es")
    assert reader.fields == {"topic": "Food", "town": "Fairhaven"}


def test_who_comes_back_may_be_called_otherwise() -> None:
    reader = subscriber(name="Ana")
    unsubscribe(subscriber_id=reader.pk, newsletter="weekly", now=NOW - HOUR)
    send(wish(name="Ana Ruiz"))
    press(links()[0])
    reader.refresh_from_db()
    assert reader.name == "Ana Ruiz"


def test_looking_changes_nothing_d7() -> None:
    used = link()
    before = [list(kind.objects.values_list()) for kind in (Subscription, JoinRequest, Consent)]
    for _ in range(20):
        assert look(used, now=NOW) == Standing.ASKS
    after = [list(kind.objects.values_list()) for kind in (Subscription, JoinRequest, Consent)]
    assert after == before


def test_a_second_use_does_no_harm() -> None:
    used = join()
    before = list(Subscription.objects.values_list())
    assert press(used, now=NOW + DAY) == look(used, now=NOW + DAY) == Standing.JOINED
    assert list(Subscription.objects.values_list()) == before
    assert Consent.objects.count() == 1


def test_an_old_link_does_not_bring_back_who_left_since() -> None:
    """The mail still lies in the inbox: used again after leaving, it must not flip back."""
    used = join()
    unsubscribe(subscriber_id=used.subscriber, newsletter="weekly", now=NOW + DAY)
    assert press(used, now=NOW + 2 * DAY) == look(used, now=NOW + 2 * DAY) == Standing.ENDED
    assert reached() == []


def test_nor_does_a_second_link_from_before_the_leaving() -> None:
    send(wish())
    send(wish(), now=NOW + DAY)
    first, second = links()
    press(second, now=NOW + DAY)
    unsubscribe(subscriber_id=first.subscriber, newsletter="", now=NOW + 2 * DAY)
    assert press(first, now=NOW + 3 * DAY) == Standing.ENDED
    assert reached() == []
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("newsletter", ["", "weekly"])
@pytest.mark.parametrize("reason", ["unsubscribed", "bounced", "staff"])
def test_a_suppressed_person_comes_back_by_confirming_alone_d34(
    newsletter: str, reason: str
) -> None:
    key = address_hash("ana@example.com")
    suppress(address_hash=key, newsletter=newsletter, reason=reason, now=NOW - DAY)
    used = link()
    assert is_suppressed(key, "weekly")
    assert press(used) == Standing.JOINED
    assert not is_suppressed(key, "weekly")
    assert is_suppressed(key, "other") == (newsletter == "")
    assert list(Rejoin.objects.values_list("how", "newsletter")) == [("confirmed", "weekly")]
    assert reached() == ["ana@example.com"]


def test_who_complained_before_is_told_the_same_and_stays_out_d28_s18() -> None:
    used = link()
    # Brought in beside the functions of this house, as a backup's log is.
    Suppression.objects.create(
        address_hash=address_hash("ana@example.com"), reason="complained", created_at=NOW - DAY
    )
    assert look(used, now=NOW) == Standing.ASKS
    assert press(used) == Standing.JOINED
    assert reached() == []
    assert not Consent.objects.exists()
    assert not Rejoin.objects.exists()


def test_a_complaint_since_ends_the_link_d28() -> None:
    used = link()
    key = address_hash("ana@example.com")
    suppress(address_hash=key, newsletter="", reason="complained", now=NOW + HOUR / 2)
    assert press(used) == Standing.ENDED
    assert reached() == []


def test_leaving_ends_what_was_asked_for_before_even_if_one_had_left_already() -> None:
    reader = subscriber()
    unsubscribe(subscriber_id=reader.pk, newsletter="weekly", now=NOW - DAY)
    used = link()
    other = ConfirmLink(used.request, used.subscriber, "weekly")
    # It ended a request, and is written down for that.
    assert unsubscribe(subscriber_id=reader.pk, newsletter="weekly", now=NOW + HOUR / 2)
    assert press(other) == Standing.ENDED
    assert reached() == []


def test_leaving_one_newsletter_does_not_end_the_request_for_another() -> None:
    reader = subscriber(newsletter="other")
    used = link()
    unsubscribe(subscriber_id=reader.pk, newsletter="other", now=NOW + HOUR / 2)
    assert press(used) == Standing.JOINED


def test_a_suppression_that_came_after_a_restored_request_ends_it() -> None:
    used = link()
    Suppression.objects.create(
        address_hash=address_hash("ana@example.com"),
        newsletter="weekly",
        reason="unsubscribed",
        created_at=NOW + HOUR / 2,
    )
    assert press(used) == Standing.ENDED


def test_a_link_works_for_seven_days_s19_l6() -> None:
    used = link()
    assert look(used, now=NOW + 7 * DAY - HOUR) == Standing.ASKS
    assert press(used, now=NOW + 7 * DAY) == look(used, now=NOW + 7 * DAY) == Standing.ENDED
    assert Subscription.objects.get().state == "pending"
    assert not Consent.objects.exists()


def test_a_link_is_for_its_person_and_newsletter_alone_s19() -> None:
    mine, theirs = link(), link("ben@example.com")
    for wrong in (
        mine._replace(subscriber=theirs.subscriber),
        mine._replace(newsletter="other"),
        mine._replace(request=theirs.request),
        mine._replace(request=99),
        mine._replace(subscriber=99),
    ):
        assert press(wrong) == look(wrong, now=NOW) == Standing.ENDED
    assert not Consent.objects.exists()


def test_the_link_of_an_erased_person_has_ended_and_a_new_one_fills_the_row_again_l9() -> None:
    used = join()
    send(wish(), now=NOW + 2 * DAY)
    forget(subscriber_id=used.subscriber, actor="subscriber", now=NOW + 3 * DAY)
    assert press(used, now=NOW + 4 * DAY) == Standing.ENDED
    assert not ConsentOrigin.objects.exists()

    send(wish(name="Ana Ruiz"), now=NOW + 5 * DAY)
    assert press(links()[-1], now=NOW + 5 * DAY) == Standing.JOINED
    person = Subscriber.objects.get()
    assert (person.address, person.name, person.erased_at) == ("ana@example.com", "Ana Ruiz", None)
    assert reached() == ["ana@example.com"]
    assert Consent.objects.count() == 2


def test_an_implied_consent_becomes_an_express_one_l8() -> None:
    subscriber()
    Subscription.objects.update(until=NOW + DAY, joined_at=NOW - DAY, frequency="monthly")
    used = link()
    assert press(used) == Standing.JOINED
    tie = Subscription.objects.get()
    assert (tie.until, tie.joined_at, tie.frequency) == (None, NOW - DAY, "monthly")
    assert Consent.objects.get().basis == "express"


def test_who_comes_back_gets_every_letter_again() -> None:
    reader = subscriber()
    Subscription.objects.update(frequency="monthly", paused_until=NOW + 30 * DAY)
    unsubscribe(subscriber_id=reader.pk, newsletter="weekly", now=NOW - HOUR)
    press(link())
    tie = Subscription.objects.get()
    assert (tie.state, tie.frequency, tie.paused_until) == ("active", "every", None)


def test_no_network_no_origin() -> None:
    used = link()
    confirm(used, network="", now=NOW)
    assert Consent.objects.count() == 1
    assert not ConsentOrigin.objects.exists()


def test_ten_clicks_at_once_are_one_consent() -> None:
    used = link()
    together = threading.Barrier(10)
    seen: list[Standing] = []

    def click() -> None:
        together.wait()
        seen.append(press(used))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [Standing.JOINED] * 10
    assert Consent.objects.count() == Subscription.objects.filter(state="active").count() == 1


def test_the_page_speaks_the_persons_language_or_that_of_the_form() -> None:
    used = link()
    assert language_of(used) == "es"
    press(used)
    Subscriber.objects.update(language="ko")
    assert language_of(used) == "ko"
    assert language_of(ConfirmLink(99, 99, "weekly")) == ""
