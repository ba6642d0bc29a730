"""The many events that say no more than expected: taken, delivered. A few statements for a chunk.

Whatever needs a second look (an answer of ours that is not there yet, a mail that came back before)
is left to the careful way of ``take.py``, which does the same to one event at a time.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from pipeline.audience.codes import Verdict, weigh
from pipeline.audience.models import SoftBounce, Subscriber
from pipeline.events.forward import RANK
from pipeline.events.models import Event
from pipeline.outbox.models import Batch, Delivery

State = Delivery.State

# By rank, as one reader's events may be among them.
_TARGETS = (State.ACCEPTED, State.DELIVERED)
_KINDS = {"accepted": State.ACCEPTED, "deferred": State.ACCEPTED, "delivered": State.DELIVERED}


def take_plain(rows: Sequence[Event], *, now: dt.datetime) -> set[str]:
    """Apply the plain ones among new events, inside a transaction.

    Args:
        rows: Not stored yet; no two of one key.
        now: The time.

    Returns:
        The keys of those that were applied.
    """
    plain = [row for row in rows if row.kind in _KINDS and weigh(row.code) != Verdict.SENDER]
    found = _deliveries(plain)
    done = [row for row in plain if row.key in found]
    for target in _TARGETS:
        mine = {found[row.key] for row in done if _KINDS[row.kind] == target}
        below = [state for state, rank in RANK.items() if rank < RANK[target]]
        behind = Delivery.objects.filter(pk__in=mine, state__in=below)
        behind.update(state=target, reason="", changed_at=now)
    for row in done:
        row.state = Event.State.APPLIED
    # Who else takes the same at this moment does the same.
    Event.objects.bulk_create(done, ignore_conflicts=True)
    return {row.key for row in done}


def _deliveries(rows: Iterable[Event]) -> dict[str, int]:
    """The delivery of each event, of which our own answer is written down, by the event's key."""
    issues = _issues({row.batch for row in rows})
    people = _people({row.address_hash for row in rows})
    settled = Delivery.objects.filter(
        issue_id__in=set(issues.values()), subscriber_id__in=set(people.values())
    )
    known = settled.filter(state__in=[state for state, rank in RANK.items() if rank])
    known = known.exclude(provider_id="").filter(sent_at__isnull=False)
    numbers = {
        (issue, person): number
        for issue, person, number in known.values_list("issue_id", "subscriber_id", "pk")
    }
    wanted = {
        row.key: (issues.get((row.provider, row.batch)), people.get(row.address_hash))
        for row in rows
    }
    return {key: numbers[pair] for key, pair in wanted.items() if pair in numbers}


def _issues(keys: set[str]) -> dict[tuple[str, str], int | None]:
    """The issue of each batch that was handed over, by its channel and key."""
    batches = Batch.objects.filter(key__in=keys, submissions__gt=0, issue__isnull=False)
    told = batches.values_list("channel", "key", "issue_id")
    return {(channel, key): issue for channel, key, issue in told}


def _people(hashes: set[str]) -> dict[str, int]:
    """The person of each hash, but for those of whom a mail came back before."""
    people = Subscriber.objects.filter(address_hash__in=hashes)
    found = dict(people.values_list("address_hash", "pk"))
    counted = SoftBounce.objects.filter(subscriber_id__in=found.values())
    careful = set(counted.values_list("subscriber_id", flat=True))
    return {key: number for key, number in found.items() if number not in careful}
