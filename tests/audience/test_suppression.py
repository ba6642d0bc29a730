"""Opt-outs are for ever: only the person's own act ends one (promise 4, D28, D34)."""

import datetime as dt

import pytest

from pipeline.audience.models import Rejoin, Subscriber, Suppression
from pipeline.audience.suppression import is_suppressed, readmit, suppress
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + dt.timedelta(days=400)


def stop(person: Subscriber, newsletter: str = "weekly", reason: str = "unsubscribed") -> bool:
    """Suppress a person."""
    return suppress(address_hash=person.address_hash, newsletter=newsletter, reason=reason, now=NOW)


def come_back(person: Subscriber, newsletter: str = "weekly") -> bool:
    """Let a person come back by a confirmation."""
    return readmit(subscriber=person, newsletter=newsletter, how="confirmed", now=LATER)


def stopped(person: Subscriber) -> list[bool]:
    """Whether weekly, monthly and all are suppressed."""
    return [is_suppressed(person.address_hash, key) for key in ("weekly", "monthly", "")]


def test_one_newsletter_or_all() -> None:
    ana, ben = subscriber("ana@example.com"), subscriber("ben@example.com")
    assert stop(ana)
    assert stopped(ana) == [True, False, False]
    assert stop(ben, "")
    assert stopped(ben) == [True, True, True]


def test_a_confirmed_wish_ends_it_for_one_newsletter_d34() -> None:
    ana = subscriber()
    stop(ana, "")
    stop(ana)
    assert come_back(ana)
    assert stopped(ana) == [False, True, True]
    assert Rejoin.objects.count() == Suppression.objects.count() == 2


def test_whoever_came_back_can_leave_again_and_come_back_again() -> None:
    ana = subscriber()
    for round_ in range(1, 4):
        assert stop(ana)
        assert not stop(ana)
        assert stopped(ana)[0]
        assert come_back(ana)
        assert not stopped(ana)[0]
        assert Suppression.objects.count() == round_


def test_leaving_all_after_coming_back_to_one_ends_that_one_too() -> None:
    ana = subscriber()
    stop(ana, "")
    come_back(ana)
    assert stop(ana, "")
    assert stopped(ana) == [True, True, True]


def test_coming_back_without_having_left_writes_nothing() -> None:
    ana = subscriber()
    assert come_back(ana)
    assert come_back(ana)
    assert not Rejoin.objects.exists()


@pytest.mark.parametrize("reason", ["unsubscribed", "bounced", "staff", "erased"])
def test_what_the_person_can_take_back(reason: str) -> None:
    ana = subscriber()
    stop(ana, "", reason)
    assert come_back(ana)
    assert not stopped(ana)[0]


@pytest.mark.parametrize("before", ["", "unsubscribed", "bounced"])
def test_a_complaint_is_for_ever_d28(before: str) -> None:
    ana = subscriber()
    if before:
        stop(ana, "", before)
    assert stop(ana, "", "complained")
    assert not stop(ana, "", "complained")
    assert not come_back(ana)
    assert stopped(ana) == [True, True, True]
    assert not Rejoin.objects.exists()


def test_two_people_are_two() -> None:
    ana, ben = subscriber("ana@example.com"), subscriber("ben@example.com")
    stop(ana)
    stop(ben)
    come_back(ben)
    assert stopped(ana)[0]
    assert not stopped(ben)[0]


def test_a_row_says_no_address_p8() -> None:
    ana = subscriber()
    stop(ana)
    come_back(ana)
    assert str(Rejoin.objects.get()) == f"rejoin {Rejoin.objects.get().pk}: confirmed"
