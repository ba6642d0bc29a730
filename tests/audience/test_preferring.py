"""What a person sets for themselves."""

import datetime as dt

import pytest

from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.preferring import Changes, Rhythm, change, months_later
from tests.factories import NOW, subscriber


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-03-03", 1, "2026-04-03"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-10-31", 2, "2026-12-31"),
    ],
)
def test_so_many_months_later(day: str, months: int, then: str) -> None:
    moment = dt.datetime.fromisoformat(f"{day}T23:59:59+00:00")
    assert months_later(moment, months).isoformat() == f"{then}T23:59:59+00:00"


@pytest.mark.database
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("state", ["left", "ended", "pending"])
def test_who_is_not_on_the_list_is_put_on_it_by_no_setting(state: str) -> None:
    ana = subscriber(state=Subscription.State(state))
    assert change(
        Changes(rhythms={"weekly": Rhythm.EVERY, "other": Rhythm.PAUSE_1}),
        subscriber_id=ana.pk,
        now=NOW,
    )
    tie = Subscription.objects.get()
    assert (tie.state, tie.paused_until) == (state, None)


@pytest.mark.database
@pytest.mark.usefixtures("database")
def test_nothing_is_written_of_who_was_erased() -> None:
    ana = subscriber()
    Subscriber.objects.filter(pk=ana.pk).update(address="", name="")
    changes = Changes(own={"name": "Ana"})
    assert not change(changes, subscriber_id=ana.pk, now=NOW)
    assert not change(changes, subscriber_id=4711, now=NOW)
    assert Subscriber.objects.get().name == ""
