"""Who is written to, said in one place."""

import datetime as dt
from collections.abc import Callable

import pytest

from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.reach import Exclusion, exclusion, reachable
from pipeline.audience.suppression import suppress
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

Act = Callable[[Subscriber], object]


def change(**values: object) -> Act:
    """Write something into the person's subscription."""
    return lambda person: Subscription.objects.filter(subscriber=person).update(**values)


def stop(newsletter: str) -> Act:
    """Suppress the person."""
    return lambda person: suppress(
        address_hash=person.address_hash, newsletter=newsletter, reason="staff", now=NOW
    )


DAY = dt.timedelta(days=1)
CASES: list[tuple[str, Act]] = [
    ("", lambda _: None),
    ("unconfirmed", change(state="pending")),
    ("erased", lambda person: Subscriber.objects.filter(pk=person.pk).update(address="")),
    ("suppressed", stop("weekly")),
    ("suppressed", stop("")),
    ("", stop("monthly")),
    ("left", change(state="left")),
    ("left", change(state="ended")),
    ("expired", change(until=NOW)),
    ("", change(until=NOW + DAY)),
    ("monthly", change(frequency="monthly")),
    ("paused", change(paused_until=NOW + DAY)),
    ("", change(paused_until=NOW)),
]


@pytest.mark.parametrize(("reason", "act"), CASES)
def test_each_reason_by_itself_l6_l8(reason: str, act: Act) -> None:
    person = subscriber()
    subscriber("ben@example.com")
    act(person)
    found = Subscription.objects.annotate(excluded=exclusion(now=NOW)).order_by("pk")
    assert [row.excluded for row in found] == [reason, ""]
    reached = set(reachable("weekly", now=NOW).values_list("subscriber_id", flat=True))
    assert (person.pk in reached) is (reason == "")
    assert len(reached) == 1 + (reason == "")


def test_every_reason_is_tried() -> None:
    assert {reason for reason, _ in CASES} == {"", *Exclusion.values} - {Exclusion.WEEKLY}


def test_the_digest_reaches_those_whom_no_weekly_letter_does_and_nobody_else() -> None:
    change(frequency="monthly")(subscriber())
    person = subscriber("ben@example.com")
    found = Subscription.objects.annotate(excluded=exclusion(now=NOW, digest=True)).order_by("pk")
    assert [row.excluded for row in found] == ["", Exclusion.WEEKLY]
    reached = reachable("weekly", now=NOW, digest=True).values_list("subscriber", flat=True)
    assert person.pk not in reached
    assert len(reached) == 1


def test_the_weightiest_reason_is_told() -> None:
    person = subscriber()
    change(state="left", until=NOW, paused_until=NOW + DAY)(person)
    stop("weekly")(person)
    row = Subscription.objects.annotate(excluded=exclusion(now=NOW)).get()
    assert row.excluded == "suppressed"


def test_another_newsletter_is_another_list() -> None:
    subscriber(newsletter="monthly")
    assert not reachable("weekly", now=NOW).exists()
