"""Whose an event is: found by batch or by id, else an orphan that suppresses nobody (S21, X12)."""

from typing import Any

import pytest

from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber, Suppression
from pipeline.events.models import Event
from pipeline.events.take import take
from pipeline.events.upkeep import settle_orphans
from pipeline.outbox.deliver import accepted
from pipeline.outbox.letter import Receipt
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.events.test_take import BATCH, LATER, open_again, stands, state_of
from tests.events.words import MINUTE, sent, told
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

State = Delivery.State


# --- Whose it is ----------------------------------------------------------------------------------


def test_delivered_before_our_own_answer_is_found_by_its_batch_x12() -> None:
    letter = sent(State.CLAIMED, provider_id="")
    open_again(letter)
    take([told("delivered", batch=BATCH)], now=LATER)
    accepted(Batch.objects.get(), Receipt(accepted={letter.pk: "<1@mg.example.com>"}), now=LATER)
    assert state_of(letter) == State.DELIVERED
    assert letter.provider_id == "<1@mg.example.com>"


def test_delivered_before_our_own_answer_without_a_batch_waits_as_an_orphan_x12() -> None:
    letter = sent(State.CLAIMED, provider_id="")
    open_again(letter)
    take([told("delivered")], now=LATER)
    assert (state_of(letter), stands()) == (State.CLAIMED, {"orphan": 1})
    accepted(Batch.objects.get(), Receipt(accepted={letter.pk: "<1@mg.example.com>"}), now=LATER)
    assert settle_orphans(now=LATER) == 0
    assert settle_orphans(now=LATER + MINUTE) == 1
    assert (state_of(letter), stands()) == (State.DELIVERED, {"applied": 1})
    assert settle_orphans(now=LATER + 2 * MINUTE) == 0


def test_an_orphan_is_looked_at_ever_more_seldom_and_then_left() -> None:
    take([told("complained")], now=NOW)
    looks, now = 0, NOW
    while (at := Event.objects.get().retry_at) is not None:
        assert at > now
        now, looks = at, looks + 1
        assert settle_orphans(now=now) == 0
    assert (looks, stands()) == (6, {"orphan": 1})


@pytest.mark.parametrize(
    "other",
    [
        {"provider_id": "<other@mg.example.com>"},
        {"address": "ben@example.com"},
        {"address": ""},
        {"address": "no address"},
        {"provider": "brevo"},
        {"provider_id": ""},
        {"provider_id": "", "batch": "x" * 32},
    ],
)
def test_an_event_of_no_message_of_ours_suppresses_nobody_s21(other: dict[str, Any]) -> None:
    letter = sent()
    factories.subscriber("ben@example.com")
    take([told("complained", **other)], now=LATER)
    assert stands() == {"orphan": 1}
    assert state_of(letter) == State.ACCEPTED
    assert not Suppression.objects.exists()
    assert Delivery.objects.count() == 1


def test_a_batch_that_was_never_handed_over_tells_nothing() -> None:
    letter = sent(State.CLAIMED, provider_id="")
    Batch.objects.update(submissions=0)
    take([told("delivered", batch=BATCH)], now=LATER)
    assert (state_of(letter), stands()) == (State.CLAIMED, {"orphan": 1})


def test_a_letter_given_back_that_had_gone_out_does_not_go_again() -> None:
    """Never twice: the provider's log was late, the event is later still."""
    letter = sent(State.PENDING, provider_id="")
    Delivery.objects.update(batch=None, sent_at=None)
    take([told("delivered", batch=BATCH)], now=LATER)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == (State.DELIVERED, NOW + MINUTE)


def test_a_complaint_from_an_address_of_before_holds_for_both_d28() -> None:
    """The letter is found by batch and id; the person has changed the address since."""
    letter = sent()
    Subscriber.objects.update(address="new@example.com", address_hash=address_hash("new@e.test"))
    take([told("complained", batch=BATCH)], now=LATER)
    hashes = {address_hash("ana@example.com"), address_hash("new@e.test")}
    assert set(Suppression.objects.values_list("address_hash", flat=True)) == hashes
    assert state_of(letter) == State.COMPLAINED


def test_an_id_shared_by_a_batch_tells_no_reader_apart() -> None:
    letter = sent()
    sent(address="ben@example.com", issue=letter.issue)
    take([told("complained", address="old@example.com", batch=BATCH)], now=LATER)
    assert stands() == {"orphan": 1}


# --- Class c --------------------------------------------------------------------------------------


def test_events_settle_what_nobody_knew_and_at_last_the_batch() -> None:
    ana = sent(State.UNKNOWN, provider_id="")
    ben = sent(State.UNKNOWN, address="ben@example.com", issue=ana.issue, provider_id="")
    Batch.objects.update(state=Batch.State.UNKNOWN)
    take([told("accepted", batch=BATCH)], now=LATER)
    assert (state_of(ana), Batch.objects.get().state) == (State.ACCEPTED, "unknown")
    take([told("delivered", batch=BATCH, address="ben@example.com")], now=LATER)
    assert (state_of(ben), Batch.objects.get().state) == (State.DELIVERED, "reconciled")
