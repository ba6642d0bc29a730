"""Steps that tests of the queue take again and again."""

import datetime as dt
from collections import Counter
from typing import Any

from pipeline.audience.models import Notice
from pipeline.engine.passes import send_one
from pipeline.outbox.frozen import freeze
from pipeline.outbox.letter import Channel
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.readers import Person, Reader

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def drain(channel: Channel, *, now: dt.datetime, owner: str = "sender") -> int:
    """Send until nothing can be done at ``now``; how many batches were handled."""
    handled = 0
    while send_one(channel, owner=owner, now=now):
        handled += 1
        assert handled < 1_000
    return handled


def age_leases() -> None:
    """Let every lease end, as if its owner had died: written back, not slept through (I4)."""
    Batch.objects.filter(settled_at__isnull=True).update(lease_until=LONG_AGO)


def frozen(*deliveries: Delivery, now: dt.datetime) -> dict[str, Any]:
    """What is frozen of these deliveries of one issue, as a claim freezes it."""
    readers = []
    for each in deliveries:
        who = each.subscriber
        person = Person("", None, False, who.address, who.name, who.language, who.time_zone)
        readers.append(Reader(each.pk, who.pk, person))
    first = deliveries[0]
    return freeze(first.issue, readers, language=first.language, arm=first.arm, now=now)


def states() -> dict[str, int]:
    """How many deliveries are in each state."""
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def batch_states() -> dict[str, int]:
    """How many batches are in each state."""
    return dict(Counter(Batch.objects.values_list("state", flat=True)))


def notice_states() -> dict[str, int]:
    """How many notices are in each state."""
    return dict(Counter(Notice.objects.values_list("state", flat=True)))
