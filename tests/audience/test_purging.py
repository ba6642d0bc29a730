"""What is kept only for a while goes when its time is over, and nothing else does (L6)."""

import datetime as dt

import pytest

from pipeline.audience.forgetting import forget
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    Import,
    ImportChange,
    JoinRequest,
    Notice,
    Subscriber,
    Subscription,
)
from pipeline.audience.purging import AT_ONCE, ORIGIN_KEPT, purge
from pipeline.outbox.models import Delivery
from tests.audience.forms import DAY, join, links, press, send, wish
from tests.factories import NOW, delivery, issue, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SECOND = dt.timedelta(seconds=1)
WEEK = 7 * DAY


def settle() -> None:
    """Have every notice gone out."""
    Notice.objects.update(state=Notice.State.ACCEPTED)


def test_who_did_not_confirm_is_gone_after_seven_days_l6() -> None:
    send(wish(name="Ana Ruiz"))
    settle()
    assert purge(now=NOW + WEEK - SECOND) == 0
    assert purge(now=NOW + WEEK) == 3
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    assert not Notice.objects.exists()
    request = JoinRequest.objects.get()
    assert (request.wording, request.details) == ("", {})
    assert "Ruiz" not in repr(list(JoinRequest.objects.values_list()))
    assert purge(now=NOW + WEEK) == 0


def test_the_limits_still_know_of_the_mail_they_had_s16() -> None:
    for day in (0, 7, 14, 21):
        send(wish(), now=NOW + day * DAY)
        settle()
        purge(now=NOW + day * DAY + WEEK)
    mailed = JoinRequest.objects.order_by("pk").values_list("mailed", flat=True)
    assert list(mailed) == [True, True, True, False]


def test_who_asked_again_has_seven_days_more() -> None:
    send(wish())
    send(wish(), now=NOW + 2 * DAY)
    settle()
    purge(now=NOW + WEEK + DAY)
    assert Subscription.objects.get().state == "pending"
    assert press(links()[1], now=NOW + WEEK + DAY).name == "JOINED"


def test_who_confirmed_stays() -> None:
    join()
    settle()
    before = list(Subscription.objects.values_list())
    purge(now=NOW + 29 * DAY)
    assert list(Subscription.objects.values_list()) == before
    assert Subscriber.objects.get().address == "ana@example.com"


def test_a_mail_under_way_keeps_its_person_until_it_is_settled() -> None:
    send(wish())
    purge(now=NOW + WEEK)
    assert Subscriber.objects.exists()
    assert not Subscription.objects.exists()


def test_whoever_something_hangs_on_stays() -> None:
    people = {name: subscriber(f"{name}@example.com", newsletter="x") for name in "abcd"}
    Subscription.objects.exclude(subscriber=people["a"]).delete()
    delivery(issue(), people["b"], state=Delivery.State.ACCEPTED)
    Consent.objects.create(
        subscriber_id=people["c"].pk,
        address_hash=people["c"].address_hash,
        newsletter="x",
        basis="express",
        source="form",
        actor="subscriber",
        created_at=NOW,
    )
    imported = Import.objects.create(newsletter="x", basis="express", begun_at=NOW)
    ImportChange.objects.create(source=imported, subscriber=people["d"], created=False)
    for name in people:
        send(wish(f"{name}@example.com"))
    settle()
    assert purge(now=NOW + WEEK) == 8
    assert Subscriber.objects.count() == 4
    assert not Subscription.objects.filter(state="pending").exists()


def test_who_left_is_not_touched_by_a_request_that_ended() -> None:
    reader = subscriber()
    unsubscribe(subscriber_id=reader.pk, newsletter="weekly", now=NOW - DAY)
    send(wish())
    settle()
    purge(now=NOW + WEEK)
    assert Subscription.objects.get().state == "left"
    assert Subscriber.objects.get().address == "ana@example.com"


def test_who_was_erased_and_did_not_confirm_is_blank_again_l9() -> None:
    forget(subscriber_id=subscriber().pk, actor="subscriber", now=NOW - DAY)
    send(wish(name="Ana Ruiz"))
    send(wish(), now=NOW + 2 * DAY)
    purge(now=NOW + WEEK)
    assert Subscriber.objects.get().address == "ana@example.com"
    purge(now=NOW + WEEK + 2 * DAY)
    person = Subscriber.objects.get()
    assert (person.address, person.name, person.erased_at) == ("", "", NOW - DAY)


def test_who_was_erased_and_came_back_stays_l9() -> None:
    forget(subscriber_id=subscriber().pk, actor="subscriber", now=NOW - DAY)
    join()
    purge(now=NOW + 29 * DAY)
    assert Subscriber.objects.get().address == "ana@example.com"


def test_requests_go_after_thirty_days_and_networks_of_consents_after_three_years() -> None:
    join()
    settle()
    month = 30 * DAY
    purge(now=NOW + month - SECOND)
    assert JoinRequest.objects.exists()
    assert purge(now=NOW + month) == 1
    assert not JoinRequest.objects.exists()
    purge(now=NOW + ORIGIN_KEPT - SECOND)
    assert ConsentOrigin.objects.exists()
    assert purge(now=NOW + ORIGIN_KEPT) == 1
    assert not ConsentOrigin.objects.exists()
    assert Consent.objects.count() == 1


def test_a_pass_takes_a_part_and_the_next_ones_the_rest() -> None:
    JoinRequest.objects.bulk_create(
        JoinRequest(
            address_hash=f"{number}",
            origin_hash="",
            newsletter="weekly",
            mailed=True,
            wording="shown",
            created_at=NOW,
        )
        for number in range(AT_ONCE + 1)
    )
    assert purge(now=NOW + WEEK) == AT_ONCE
    assert purge(now=NOW + WEEK) == 1
    assert purge(now=NOW + 30 * DAY) == AT_ONCE
    assert purge(now=NOW + 30 * DAY) == 1
    assert not JoinRequest.objects.exists()
