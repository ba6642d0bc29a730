"""How people leave: in one transaction, once, for ever (D3, D9, D10)."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from pipeline.audience import models
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber, Subscription, Suppression
from pipeline.audience.suppression import suppress
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + dt.timedelta(days=400)


def state_of(person: Subscriber, newsletter: str = "weekly") -> str:
    """How the subscription stands."""
    return Subscription.objects.get(subscriber=person, newsletter=newsletter).state


def leave(person: Subscriber, newsletter: str = "weekly", *, now: dt.datetime = NOW) -> bool:
    """Let a person leave."""
    return unsubscribe(subscriber_id=person.pk, newsletter=newsletter, now=now)


def at_once(count: int, act: Callable[[], bool]) -> list[bool]:
    """What ``act`` gives in so many threads, all started in the same moment."""
    start, answers = threading.Barrier(count), list[bool]()

    def run() -> None:
        try:
            start.wait()
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_leaving_ends_the_subscription_and_suppresses_the_address_d3() -> None:
    ana, ben = subscriber("ana@example.com"), subscriber("ben@example.com")
    assert leave(ana, now=LATER)
    assert (state_of(ana), state_of(ben)) == ("left", "active")
    ended = Subscription.objects.get(subscriber=ana)
    row = Suppression.objects.get()
    assert (row.address_hash, row.newsletter) == (ana.address_hash, "weekly")
    assert row.reason == "unsubscribed"
    assert row.created_at == ended.changed_at == LATER


def test_both_are_written_or_neither_d3() -> None:
    ana = subscriber()
    with transaction.atomic():
        assert leave(ana)
        transaction.set_rollback(True)
    assert state_of(ana) == "active"
    assert not Suppression.objects.exists()


def test_a_failure_half_way_writes_neither_d3() -> None:
    ana = subscriber()

    def cut(execute: Callable[..., object], sql: str, *arguments: object) -> object:
        if sql.startswith('UPDATE "pipeline_subscription"'):
            raise ConnectionError
        return execute(sql, *arguments)

    with connection.execute_wrapper(cut), pytest.raises(ConnectionError):
        leave(ana)
    assert not Suppression.objects.exists()
    assert state_of(ana) == "active"


def test_leaving_again_changes_nothing_d9() -> None:
    ana = subscriber()
    assert [leave(ana, now=NOW), leave(ana, now=LATER), leave(ana, now=LATER)] == [
        True,
        False,
        False,
    ]
    assert Suppression.objects.get().created_at == NOW
    assert Subscription.objects.get().changed_at == NOW


def test_ten_at_once_write_one_row_d9() -> None:
    ana = subscriber()
    answers = at_once(10, lambda: leave(ana))
    assert sorted(answers) == [False] * 9 + [True]
    assert Suppression.objects.count() == 1
    assert state_of(ana) == "left"


def test_ten_suppressions_at_once_write_one_row_d9() -> None:
    answers = at_once(
        10, lambda: suppress(address_hash="0" * 64, newsletter="", reason="bounced", now=NOW)
    )
    assert sorted(answers) == [False] * 9 + [True]
    assert Suppression.objects.count() == 1


def test_leaving_one_newsletter_keeps_the_other() -> None:
    ana = subscriber()
    Subscription.objects.create(
        subscriber=ana, newsletter="monthly", state="active", changed_at=NOW
    )
    assert leave(ana)
    assert (state_of(ana), state_of(ana, "monthly")) == ("left", "active")
    assert leave(ana, "monthly")
    assert state_of(ana, "monthly") == "left"
    assert Suppression.objects.count() == 2


def test_leaving_before_confirming_or_without_a_subscription_is_written_down() -> None:
    ana = subscriber(state=Subscription.State.PENDING)
    assert leave(ana)
    assert state_of(ana) == "pending"
    assert leave(ana, "monthly")
    assert set(Suppression.objects.values_list("newsletter", flat=True)) == {"weekly", "monthly"}


def test_leaving_after_erasure_keeps_the_hash_d10() -> None:
    ana = subscriber()
    known = ana.address_hash
    Subscriber.objects.filter(pk=ana.pk).update(address="", name="")
    assert leave(ana, now=LATER)
    assert Suppression.objects.get().address_hash == known


@pytest.mark.parametrize("number", [0, -1, 5, 2**63 - 1])
def test_nobody_of_this_number_changes_nothing(number: int) -> None:
    assert not unsubscribe(subscriber_id=number, newsletter="weekly", now=NOW)
    assert not Suppression.objects.exists()


def test_a_first_reason_stays() -> None:
    assert suppress(address_hash="0" * 64, newsletter="", reason="bounced", now=NOW)
    assert not suppress(address_hash="0" * 64, newsletter="", reason="staff", now=LATER)
    assert suppress(address_hash="0" * 64, newsletter="weekly", reason="staff", now=LATER)
    assert list(Suppression.objects.order_by("pk").values_list("reason", "created_at")) == [
        ("bounced", NOW),
        ("staff", LATER),
    ]


def test_no_row_of_the_audience_shows_an_address_in_a_log_p8() -> None:
    ana = subscriber("ana@example.com", name="Ana")
    leave(ana)
    consent = models.Consent(pk=3, basis="express")
    rows = [ana, Subscription.objects.get(), Suppression.objects.get(), consent]
    assert [str(row) for row in rows] == [
        f"subscriber {ana.pk}",
        f"subscription {rows[1].pk} to weekly: left",
        f"suppression {rows[2].pk}: unsubscribed",
        "consent 3: express",
    ]
