"""People at random over a quarter: they join, pause and leave; every promise holds throughout."""

import datetime as dt
import random
from itertools import pairwise

import pytest

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber
from pipeline.campaigns.calendar import APART
from pipeline.outbox.counts import counts
from pipeline.outbox.models import Delivery
from tests.outbox.channels import ListChannel
from tests.outbox.weeks import at, clinic, one_pass, person, series

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ZONES = ("", "Asia/Seoul", "Europe/Berlin", "Pacific/Honolulu", "Australia/Lord_Howe")
TUESDAYS = [f"{dt.date(2026, 2, 24) + dt.timedelta(days=7 * week)}T10:00" for week in range(12)]


@pytest.mark.parametrize("seed", [1])
def test_nobody_gets_too_much_or_out_of_order_whatever_people_do(seed: int) -> None:
    chance = random.Random(seed)
    clinic("local_time = true")
    series(*TUESDAYS[:4], article="first")
    series(*TUESDAYS[4:8], article="second")
    for number in range(6):
        person(f"reader-{number}", zone=chance.choice(ZONES))
    now = at(TUESDAYS[0]) - dt.timedelta(days=1)
    left: dict[int, dt.datetime] = {}
    channel = ListChannel(batch_size=4)
    while now < at(TUESDAYS[-1]) + dt.timedelta(days=28):
        left |= _something_happens(chance, now)
        one_pass(now, channel)
        assert all(each.adds_up() for each in counts().values())
        now += dt.timedelta(hours=chance.choice([5, 23, 40, 70, 100]))
    one_pass(now + dt.timedelta(days=90), channel)

    assert max(channel.copies().values()) <= 8
    for who in Subscriber.objects.all():
        _check(who, left.get(who.pk))


def _something_happens(chance: random.Random, now: dt.datetime) -> dict[int, dt.datetime]:
    """One person does something, or nobody; who leaves, and when."""
    people = list(Subscriber.objects.order_by("pk"))
    who, what = chance.choice(people), chance.random()
    if what < 0.15:
        person(f"late-{len(people)}", zone=chance.choice(ZONES), joined=now)
    elif what < 0.3:
        who.subscriptions.update(paused_until=now + dt.timedelta(days=chance.choice([3, 21])))
    elif what < 0.4:
        who.subscriptions.update(paused_until=None)
    elif what < 0.45 and unsubscribe(subscriber_id=who.pk, newsletter="weekly", now=now):
        return {who.pk: now}
    return {}


def _check(who: Subscriber, left: dt.datetime | None) -> None:
    sent = Delivery.objects.filter(subscriber=who, sent_at__isnull=False).order_by("sent_at")
    rows = list(sent.values_list("sent_at", "issue__campaign", "issue__part"))
    times = [moment for moment, _, _ in rows if moment]
    assert all(later - earlier >= APART for earlier, later in pairwise(times))
    parts = [(campaign, part) for _, campaign, part in rows]
    assert parts == sorted(parts)
    if left:
        assert all(moment < left for moment in times)
        assert not Delivery.objects.filter(subscriber=who, state="pending").exists()
