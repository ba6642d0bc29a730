"""Events are taken in once, each for itself, and move a message only forward (I6, X12, S21)."""

import datetime as dt
import logging
from typing import Any

import pytest
from django.db import OperationalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.keys import address_hash
from pipeline.audience.models import Notice, SoftBounce, Subscriber, Subscription, Suppression
from pipeline.events import delivered, kinds
from pipeline.events.forward import RANK
from pipeline.events.models import Event
from pipeline.events.take import CHUNK, KEPT, Unread, take
from pipeline.events.upkeep import purge_events, settle_orphans
from pipeline.outbox.deliver import accepted
from pipeline.outbox.letter import Receipt
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.events.words import MINUTE, batch_of, noticed, sent, told
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

State = Delivery.State
LATER = NOW + 10 * MINUTE
BATCH = "k" * 32


def state_of(row: Delivery | Notice) -> str:
    row.refresh_from_db()
    return row.state


def stands() -> dict[str, int]:
    """How many events are in each state."""
    found: dict[str, int] = {}
    for state in Event.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


# --- What each kind does --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("accepted", State.UNKNOWN, State.ACCEPTED),
        ("deferred", State.UNKNOWN, State.ACCEPTED),
        ("delivered", State.ACCEPTED, State.DELIVERED),
        ("refused", State.ACCEPTED, State.REFUSED),
        ("bounced", State.DELIVERED, State.BOUNCED),
        ("complained", State.DELIVERED, State.COMPLAINED),
        ("delivered", State.UNKNOWN, State.DELIVERED),
        ("delivered", State.CLAIMED, State.DELIVERED),
        ("delivered", State.ABANDONED, State.DELIVERED),
        ("delivered", State.SUPPRESSED, State.SUPPRESSED),
        ("delivered", State.CANCELLED, State.CANCELLED),
        ("accepted", State.BOUNCED, State.BOUNCED),
        ("delivered", State.BOUNCED, State.BOUNCED),
        ("refused", State.DELIVERED, State.DELIVERED),
        ("bounced", State.COMPLAINED, State.COMPLAINED),
        ("unsubscribed", State.ACCEPTED, State.ACCEPTED),
    ],
)
def test_an_event_moves_a_letter_forward_only_i6(kind: str, before: State, after: State) -> None:
    letter = sent(before)
    assert take([told(kind)], now=LATER) == 1
    assert state_of(letter) == after
    assert stands() == {"applied": 1}


def test_a_complaint_is_suppressed_everywhere_at_once_d28() -> None:
    letter = sent()
    Subscription.objects.create(
        subscriber=letter.subscriber, newsletter="monthly", state="active", changed_at=NOW
    )
    take([told("complained")], now=LATER)
    row = Suppression.objects.get()
    assert (row.address_hash, row.newsletter) == (letter.subscriber.address_hash, "")
    assert (row.reason, row.source, row.created_at) == ("complained", "mailgun", LATER)
    assert set(Subscription.objects.values_list("state", flat=True)) == {"ended"}


def test_an_address_that_is_gone_is_given_up_at_once_d29() -> None:
    letter = sent()
    take([told("bounced", code="5.1.1", reason="550 5.1.1 no such user")], now=LATER)
    assert Suppression.objects.get().reason == "bounced"
    letter.refresh_from_db()
    assert letter.reason == "no such address: 5.1.1: 550 5.1.1 no such user"


def test_an_address_on_the_providers_list_is_given_up_d29() -> None:
    letter = sent()
    take([told("refused", code="suppressed")], now=LATER)
    assert Suppression.objects.get().reason == "bounced"
    assert state_of(letter) == State.REFUSED


def test_a_refusal_for_another_reason_is_not_held_against_the_person_d29() -> None:
    sent()
    take([told("refused", reason="the template is broken")], now=LATER)
    assert not Suppression.objects.exists()


def test_three_full_mailboxes_over_two_weeks_end_it_d29() -> None:
    issues = [factories.issue(part=part) for part in (1, 2, 3)]
    person = factories.subscriber()
    for number, issue in enumerate(issues):
        row = factories.delivery(issue, person, state=State.ACCEPTED)
        row.batch, row.sent_at = batch_of(issue, key=f"{number}" * 32), NOW
        row.provider_id = f"<{number}@mg.example.com>"
        row.save()
    for number, days in enumerate((0, 7, 14)):
        at = NOW + dt.timedelta(days=days)
        full = told("bounced", code="5.2.2", when=at, provider_id=f"<{number}@mg.example.com>")
        assert not Suppression.objects.exists()
        take([full, full], now=at + MINUTE)
    assert Suppression.objects.get().reason == "bounced"


def test_what_came_back_before_a_letter_arrived_does_not_count_in_any_order_d29() -> None:
    first, second = factories.issue(part=1), factories.issue(part=2)
    sent(issue=first)
    person = Subscriber.objects.get()
    later = factories.delivery(second, person, state=State.DELIVERED)
    later.sent_at = NOW + 60 * MINUTE
    later.save()
    take([told("bounced", code="5.2.2")], now=NOW + 90 * MINUTE)
    assert not SoftBounce.objects.exists()


def test_leaving_by_the_providers_link_ends_this_newsletter() -> None:
    letter = sent()
    take([told("unsubscribed")], now=LATER)
    row = Suppression.objects.get()
    assert (row.newsletter, row.reason, row.source) == ("weekly", "unsubscribed", "mailgun")
    assert letter.subscriber.subscriptions.get().state == "left"


def test_a_confirmation_that_bounces_ends_the_request_d29() -> None:
    notice = noticed()
    take([told("bounced", code="5.1.1", provider_id="<n@mg.example.com>")], now=LATER)
    assert state_of(notice) == Notice.State.BOUNCED
    assert Subscription.objects.get().state == "ended"
    assert Suppression.objects.get().reason == "bounced"


def test_a_confirmation_is_found_by_its_batch_and_can_be_left() -> None:
    notice = noticed(Notice.State.CLAIMED)
    Notice.objects.update(provider_id="")
    by_batch = {"provider_id": "<new@mg.example.com>", "batch": "n" * 32}
    take([told("delivered", **by_batch), told("unsubscribed", **by_batch)], now=LATER)
    assert state_of(notice) == Notice.State.DELIVERED
    assert notice.provider_id == "<new@mg.example.com>"
    assert Suppression.objects.get().newsletter == notice.newsletter


# --- Twice, late, in any order --------------------------------------------------------------------


def test_told_ten_times_it_is_taken_once_x12() -> None:
    letter = sent()
    events = [told("complained", event_id="e1")] * 10
    assert take(events, now=LATER) == 1
    assert take(events, now=LATER + MINUTE) == 0
    assert state_of(letter) == State.COMPLAINED
    assert Event.objects.count() == Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("other", "new"),
    [
        ({}, 0),
        ({"minutes": 2}, 1),
        ({"address": "ben@example.com"}, 1),
        ({"kind": "delivered"}, 1),
        ({"provider": "brevo"}, 1),
        ({"provider_id": "<2@mg.example.com>"}, 1),
    ],
)
def test_without_an_id_it_is_known_by_all_it_says_a6(other: dict[str, Any], new: int) -> None:
    take([told("bounced")], now=LATER)
    changed: dict[str, Any] = {"kind": "bounced", **other}
    assert take([told(changed.pop("kind"), **changed)], now=LATER) == new


def test_with_an_id_it_is_the_same_whatever_else_it_says_a6() -> None:
    take([told("bounced", event_id="e")], now=LATER)
    assert take([told("bounced", event_id="e", minutes=3, reason="other")], now=LATER) == 0
    assert take([told("bounced", event_id="e", address="ben@example.com")], now=LATER) == 1


def test_an_event_of_last_week_counts_and_one_of_last_month_does_not_x12() -> None:
    letter = sent()
    assert take([told("bounced")], now=NOW + KEPT + 2 * MINUTE) == 0
    assert take([told("complained")], now=NOW + dt.timedelta(days=7)) == 1
    assert state_of(letter) == State.COMPLAINED


def test_many_are_taken_in_pieces() -> None:
    events = [told("delivered", event_id=f"{number}") for number in range(2 * CHUNK + 3)]
    assert take(iter(events), now=LATER) == len(events)


WORDS = ["accepted", "deferred", "refused", "delivered", "bounced", "complained"]
_TELLS = {"deferred": "accepted"}


@pytest.mark.no_cover
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_and_ten_of_each_ends_at_the_highest_rank_x12(data: st.DataObject) -> None:
    """Permuted, doubled up to ten times, before or after our own answer."""
    words = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, unique=True))
    times = data.draw(st.lists(st.integers(1, 10), min_size=len(words), max_size=len(words)))
    events = [word for word, n in zip(words, times, strict=True) for _ in range(n)]
    order = data.draw(st.permutations([*events, "answer"]))
    with transaction.atomic():
        letter = sent(State.CLAIMED, provider_id="")
        open_again(letter)
        for word in order:
            tell(word, letter)
        best = max((State(_TELLS.get(word, word)) for word in words), key=RANK.__getitem__)
        assert state_of(letter) == best
        assert letter.provider_id == "<1@mg.example.com>"
        suppressed = set(Suppression.objects.values_list("reason", flat=True))
        assert ("complained" in suppressed) == ("complained" in words)
        assert bool(suppressed) == bool({"complained", "bounced"} & {*words})
        assert Event.objects.count() == len(words)
        transaction.set_rollback(True)


def tell(word: str, letter: Delivery) -> None:
    """Our own answer, or an event."""
    if word == "answer":
        batch = Batch.objects.get()
        accepted(batch, Receipt(accepted={letter.pk: "<1@mg.example.com>"}), now=NOW)
    else:
        code = "5.1.1" if word == "bounced" else ""
        take([told(word, batch=BATCH, code=code)], now=LATER)


def open_again(letter: Delivery) -> None:
    """The batch as it is while the call is under way."""
    Batch.objects.update(state=Batch.State.SUBMITTING, settled_at=None)


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


# --- Poison ---------------------------------------------------------------------------------------


def test_an_event_that_cannot_be_applied_is_kept_and_the_others_go_on_x12() -> None:
    letter = sent()
    strange = told("martian", event_id="1", reason="ask ana@example.com")
    assert take([strange, told("delivered")], now=LATER) == 2
    assert stands() == {"poison": 1, "applied": 1}
    row = Event.objects.get(state="poison")
    assert (row.error, row.reason) == ("KeyError: 'martian'", "ask …")
    assert state_of(letter) == State.DELIVERED


def test_poison_is_tried_again_for_the_mend_may_have_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("of ana@example.com\nnothing")

    letter = sent()
    monkeypatch.setitem(kinds.KINDS, "delivered", broken)  # type: ignore[arg-type]
    take([told("delivered")], now=LATER)
    assert Event.objects.get().error == "ValueError: of … nothing"
    monkeypatch.setitem(kinds.KINDS, "delivered", delivered.apply)  # type: ignore[arg-type]
    assert settle_orphans(now=LATER + MINUTE) == 1
    assert (state_of(letter), Event.objects.get().error) == (State.DELIVERED, "")


def test_a_database_that_fails_is_no_fault_of_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is told to send all of it again: nothing of it is kept."""

    def away(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    sent()
    monkeypatch.setitem(kinds.KINDS, "delivered", away)  # type: ignore[arg-type]
    with pytest.raises(OperationalError):
        take([told("bounced"), told("delivered")], now=LATER)
    assert not Event.objects.exists()


def test_what_could_not_be_read_is_kept_once_by_its_fields() -> None:
    unread = Unread(
        provider="brevo", digest="d", fields="event, ana@example.com", error="KeyError: 'event'"
    )
    assert take([unread, unread], now=LATER) == 1
    row = Event.objects.get()
    assert (row.state, row.reason, row.error) == ("poison", "event, …", "KeyError: 'event'")
    assert settle_orphans(now=LATER + dt.timedelta(days=2)) == 0


# --- What is kept, and how long -------------------------------------------------------------------


def test_no_address_is_kept_or_logged_p8(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="pipeline")
    sent()
    reason = "550 <ana@example.com> ana%40example.com"
    take([told("bounced", code="5.7.26", reason=reason), told("martian")], now=LATER)
    kept = " ".join(str(row) for row in Event.objects.values_list())
    assert "ana" not in kept
    assert "example.com" not in kept.replace("mg.example.com", "")
    assert "ana" not in caplog.text
    assert "ana" not in repr(told("bounced"))


def test_events_go_after_a_month() -> None:
    take([told("delivered")], now=NOW)
    assert purge_events(now=NOW + KEPT) == 0
    assert purge_events(now=NOW + KEPT + MINUTE) == 1
