"""Delivering a batch: the one place where a letter is handed to a channel.

Every write here is fenced by owner and epoch (I3): a process that was taken for dead and wakes up
again changes nothing.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import cast

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.claim import lease
from pipeline.outbox.compiled import among
from pipeline.outbox.frozen import letter_of, payload_sha256
from pipeline.outbox.letter import Channel, LookUpChannel, Receipt, Safety
from pipeline.outbox.members import give_back, is_called_off, members, still_wanted
from pipeline.outbox.models import Batch, Delivery

log = logging.getLogger(__name__)

LONGEST_WAIT = dt.timedelta(hours=1)
# A wrong key or a provider that is away may take a weekend to be noticed and mended.
LONGEST_TRYING = dt.timedelta(days=3)

State = Batch.State


class LeaseLostError(Exception):
    """Another sender has the batch now; what this one wanted to write is void."""


def deliver(batch: Batch, channel: Channel, *, now: dt.datetime) -> None:
    """Submit a batch one is the owner of, and write down what came of it.

    Args:
        batch: A batch just claimed or taken over.
        channel: The channel it was made for.
        now: The time, for backoff; leases go by the database's clock.
    """
    try:
        _deliver(batch, channel, now=now)
    except LeaseLostError:
        log.warning("batch %s: lease lost, left to its new owner", batch.pk)


def _deliver(batch: Batch, channel: Channel, *, now: dt.datetime) -> None:
    letter = letter_of(batch)
    just_made = batch.letter is not None
    # Its first owner's call is the first, also if the claim has written that it begins.
    tried = batch.epoch > 1 and batch.state in {State.SUBMITTING, State.UNKNOWN}
    if not (just_made and batch.state == State.SUBMITTING):
        same = just_made or payload_sha256(channel, letter) == batch.payload_sha256
        if not begin(batch, channel, same=same, now=now):
            return
    # SUBMITTING is committed: from here on it may have gone out (I2). Do not move this into a
    # transaction.
    try:
        receipt = channel.submit(letter)
    except RefusedError as error:
        if tried:
            _refused_again(batch, channel, error, now=now)
        else:
            refused(batch, error, now=now)
    except UnsureError as error:
        if error.final:
            _alarm(batch, reason=str(error), now=now)
        else:
            unsure(batch, channel, reason=str(error), now=now)
    else:
        accepted(batch, receipt, now=now)


@transaction.atomic
def begin(
    batch: Batch,
    channel: Channel,
    *,
    same: bool,
    now: dt.datetime,
    in_flight: int | None = None,
) -> bool:
    """Commit that the call begins, unless the batch must not be sent (any more).

    Args:
        batch: The batch.
        channel: Its channel.
        same: Whether the payload is what was frozen.
        now: The time.
        in_flight: 0 for a channel that goes reader by reader and has begun with none.
    """
    untouched = batch.state in {State.CLAIMED, State.RETRY}
    if untouched and not (same and still_wanted(batch, now=now)):
        dissolve(batch, now=now)
        return False
    if not same:
        _alarm(batch, reason="the payload is another than before", now=now)
        return False
    write(
        batch,
        state=State.SUBMITTING,
        submissions=F("submissions") + 1,
        first_submit_at=batch.first_submit_at or now,
        last_submit_at=now,
        lease_until=lease(channel),
        retry_at=None,
        in_flight=in_flight,
        done=None,
    )
    batch.submissions += 1
    return True


def write(batch: Batch, **changes: object) -> None:
    """Change a batch if it is still ours.

    Raises:
        LeaseLostError: It is not.
    """
    mine = Batch.objects.filter(pk=batch.pk, owner=batch.owner, epoch=batch.epoch)
    if mine.filter(settled_at__isnull=True).update(**changes) != 1:
        raise LeaseLostError


def settle(batch: Batch, *, state: State, now: dt.datetime, **changes: object) -> None:
    """Close a batch and drop what it held of its recipients."""
    write(batch, state=state, settled_at=now, frozen=None, lease_until=Now(), **changes)


@transaction.atomic
def accepted(batch: Batch, receipt: Receipt, *, now: dt.datetime) -> None:
    """Write down a channel's answer."""
    settle(batch, state=State.ACCEPTED, now=now)
    letter, ids = batch.letter, set(receipt.accepted.values())
    if letter and len(ids) == 1 and len(receipt.accepted) == len(letter.recipients):
        # Nearly always: all of them, by one id. Then none need be named.
        move(batch, Delivery.State.ACCEPTED, provider_id=ids.pop(), now=now)
        return
    record(batch, receipt.accepted, now=now)
    by_reason = _grouped(receipt.refused)
    for reason, deliveries in by_reason.items():
        move(batch, Delivery.State.REFUSED, only=deliveries, reason=reason[:500], now=now)
    move(batch, Delivery.State.UNKNOWN, reason="the answer does not name this reader", now=now)


def record(batch: Batch, accepted: Mapping[int, str], *, now: dt.datetime) -> None:
    """Mark deliveries as accepted, with the provider's ids."""
    for provider_id, deliveries in _grouped(accepted).items():
        move(batch, Delivery.State.ACCEPTED, only=deliveries, provider_id=provider_id, now=now)


def _grouped(values: Mapping[int, str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for delivery, value in values.items():
        groups[value].append(delivery)
    return groups


def move(
    batch: Batch,
    state: Delivery.State,
    *,
    now: dt.datetime,
    only: list[int] | None = None,
    **changes: object,
) -> None:
    """Move what the batch holds and has no end yet to a state.

    An event may have come before our own answer: what it settled stays (I6).
    """
    waiting = members(batch).filter(state__in=[Delivery.State.CLAIMED, Delivery.State.UNKNOWN])
    if only is not None:
        waiting = waiting.filter(pk__in=among(only))
    waiting.update(state=state, changed_at=now, **changes)


@transaction.atomic
def dissolve(batch: Batch, *, now: dt.datetime) -> None:
    """Take a batch apart of which certainly nothing has gone out (I9)."""
    settle(batch, state=State.DISSOLVED, now=now)
    if is_called_off(batch):
        # It is no letter of the week: nothing went out.
        move(batch, Delivery.State.CANCELLED, sent_at=None, now=now)
    else:
        give_back(batch, now=now)


@transaction.atomic
def lose(batch: Batch, *, reason: str, now: dt.datetime) -> None:
    """Say openly that nobody knows what became of the rest. It is not tried again by itself."""
    settle(batch, state=State.UNKNOWN, reason=reason[:500], now=now)
    move(batch, Delivery.State.UNKNOWN, reason=reason[:500], now=now)


def _alarm(batch: Batch, *, reason: str, now: dt.datetime) -> None:
    """A batch that may have gone out and cannot be tried again: somebody should look (X4)."""
    log.error("batch %s: it is not sent again: %s", batch.pk, reason)
    lose(batch, reason=reason, now=now)


def unsure(
    batch: Batch,
    channel: Channel,
    *,
    reason: str,
    now: dt.datetime,
    asked: dt.timedelta | None = None,
) -> None:
    """Decide what happens after a lost answer, by the channel's safety.

    Args:
        batch: The batch.
        channel: The channel that was to take it.
        reason: What went wrong.
        now: The time.
        asked: How long the channel asks to wait, if it said so.
    """
    if channel.safety is Safety.NEITHER:
        lose(batch, reason=reason, now=now)
        return
    if channel.safety is Safety.LOOK_UP:
        wait = cast("LookUpChannel", channel).grace
    else:
        wait = asked if asked is not None else backoff(batch.submissions)
    write(batch, state=State.UNKNOWN, reason=reason[:500], retry_at=now + wait, lease_until=Now())


def refused(batch: Batch, error: RefusedError, *, now: dt.datetime) -> None:
    """Decide what happens after a definite refusal of all that is left of a batch."""
    reason = str(error)[:500]
    if error.final:
        _end(batch, Delivery.State.REFUSED, reason=reason, now=now)
    elif now - (batch.first_submit_at or now) >= LONGEST_TRYING:
        _end(batch, Delivery.State.ABANDONED, reason=reason, now=now)
    else:
        wait = error.wait if error.wait is not None else backoff(batch.submissions)
        write(batch, state=State.RETRY, reason=reason, retry_at=now + wait, lease_until=Now())


def _refused_again(
    batch: Batch, channel: Channel, error: RefusedError, *, now: dt.datetime
) -> None:
    """A refusal of a second call says nothing of the first, whose answer was lost."""
    age = now - (batch.first_submit_at or now)
    if error.final or age >= LONGEST_TRYING:
        lose(batch, reason=str(error), now=now)
    else:
        unsure(batch, channel, reason=str(error), now=now, asked=error.wait)


@transaction.atomic
def _end(batch: Batch, state: Delivery.State, *, reason: str, now: dt.datetime) -> None:
    settle(batch, state=State.ABANDONED, reason=reason, now=now)
    move(batch, state, reason=reason, now=now)


def backoff(submissions: int) -> dt.timedelta:
    """How long to wait after the n-th try: 15 s, doubling, an hour at most."""
    return min(LONGEST_WAIT, dt.timedelta(seconds=15 * 2 ** min(submissions - 1, 20)))
