"""Taking over what another sender left behind, and settling what nobody is sure of.

What happens to a batch in each state follows the crash table of docs/architecture.md.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from pipeline.errors import SendError
from pipeline.outbox.claim import lease
from pipeline.outbox.compiled import NOW, compiled
from pipeline.outbox.deliver import (
    LeaseLostError,
    deliver,
    dissolve,
    lose,
    record,
    settle,
    unsure,
    write,
)
from pipeline.outbox.frozen import letter_of
from pipeline.outbox.letter import Channel, LookUpChannel, Safety
from pipeline.outbox.members import give_back, is_bereft, members
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.stepwise import hand_over, never, unravel

LOOKS = 2
# What an older channel of ours left unsure is given up after a day: nobody can ask it any more.
ORPHANED = dt.timedelta(days=1)

State = Batch.State


def take_over(channel: Channel, *, owner: str, now: dt.datetime) -> Batch | None:
    """Make an open batch one's own whose lease has ended and whose time to wait is over.

    Returns:
        The batch with a new epoch, or None if there is none.
    """
    found = _left_behind(channel.name).rows(now=now)
    return _own(found, _waited(now), channel, owner=owner)


@compiled
def _left_behind(channel: str) -> QuerySet[Batch, Any]:
    return _free().filter(_waited(NOW), channel=channel).values_list("pk", "epoch")[:100]


def _waited(now: dt.datetime) -> Q:
    """The condition that a batch need not wait for its next try."""
    return Q(retry_at__isnull=True) | Q(retry_at__lte=now)


def _free() -> QuerySet[Batch]:
    """Open batches that nobody holds any more."""
    free = Batch.objects.filter(
        state__in=Batch.OPEN, settled_at__isnull=True, lease_until__lte=Now()
    )
    # The order of its index: without it all batches there ever were are looked at.
    return free.order_by("lease_until", "pk")


def _own(
    found: Iterable[tuple[int, int]], still: Q, channel: Channel, *, owner: str
) -> Batch | None:
    """Take the first of these batches that nobody else takes at the same moment.

    Args:
        found: Number and epoch of each.
        still: What they were found by, asked again as each is taken.
        channel: The channel that goes on with it.
        owner: Whose it becomes.
    """
    for number, epoch in found:
        mine = _free().filter(still, pk=number, epoch=epoch)
        if mine.update(owner=owner, epoch=F("epoch") + 1, lease_until=lease(channel)):
            return Batch.objects.select_related("issue__campaign").get(pk=number)
    return None


def take_over_orphan(channel: Channel, *, owner: str, now: dt.datetime) -> Batch | None:
    """Make a batch one's own that another channel left behind: the provider was changed.

    What certainly did not go out is free at once; what may have is given a day, in which its old
    channel may come back.
    """
    found = _orphans(channel.name).rows(now=now - ORPHANED)
    return _own(found, _orphaned(now - ORPHANED), channel, owner=owner)


@compiled
def _orphans(channel: str) -> QuerySet[Batch, Any]:
    orphans = _free().filter(_orphaned(NOW)).exclude(channel=channel)
    return orphans.values_list("pk", "epoch")[:100]


def _orphaned(since: dt.datetime) -> Q:
    """The condition that a batch has not been handed over, or not since then."""
    return Q(state__in=[State.CLAIMED, State.RETRY]) | Q(last_submit_at__lt=since)


def end_orphan(batch: Batch, *, now: dt.datetime) -> None:
    """Put an orphan's readers back into the queue, or say that nobody knows."""
    try:
        if batch.state in {State.CLAIMED, State.RETRY}:
            dissolve(batch, now=now)
        else:
            _lose(batch, reason=f"{batch.channel} is no longer asked", now=now)
    except LeaseLostError:
        return


def resume(
    batch: Batch, channel: Channel, *, now: dt.datetime, stopped: Callable[[], bool] = never
) -> None:
    """Go on with a batch that was taken over, by the rule of its state and its channel."""
    if batch.state in {State.CLAIMED, State.RETRY}:
        hand_over(batch, channel, now=now, stopped=stopped)
        return
    rules: dict[Safety, Callable[..., None]] = {
        Safety.KEYED: _resend,
        Safety.LOOK_UP: _look_up,
        Safety.NEITHER: _give_up,
    }
    try:
        if is_bereft(batch):
            lose(batch, reason="the person it was for is gone", now=now)
        else:
            rules[channel.safety](batch, channel, now=now)
    except LeaseLostError:
        return


def _resend(batch: Batch, channel: Channel, *, now: dt.datetime) -> None:
    """Class a: the same key and the same bytes, while the channel surely remembers the key (I8)."""
    age = now - (batch.first_submit_at or now)
    if channel.key_lifetime is None or age < channel.key_lifetime / 2:
        deliver(batch, channel, now=now)
    else:
        lose(batch, reason="the provider may have forgotten the key", now=now)


def _look_up(batch: Batch, channel: Channel, *, now: dt.datetime) -> None:
    """Class b: ask what was taken; what is missing twice has not gone out."""
    asked = cast("LookUpChannel", channel)
    since, last = batch.first_submit_at or now, batch.last_submit_at or now
    if now - since >= asked.memory:
        lose(batch, reason="the provider's log no longer goes back that far", now=now)
        return
    if now - last < asked.grace:
        unsure(batch, channel, reason=batch.reason or "the answer was lost", now=last)
        return
    try:
        found = asked.look_up(letter_of(batch), since=since)
    except SendError as error:
        unsure(batch, channel, reason=str(error), now=now)
        return
    _looked_up(batch, channel, found=dict(found), now=now)


@transaction.atomic
def _looked_up(batch: Batch, channel: Channel, *, found: dict[int, str], now: dt.datetime) -> None:
    record(batch, found, now=now)
    missing = members(batch).filter(state=Delivery.State.CLAIMED).exists()
    if missing and batch.look_ups + 1 < LOOKS:
        write(batch, look_ups=F("look_ups") + 1)
        unsure(batch, channel, reason="not found yet", now=now)
        return
    settle(batch, state=State.RECONCILED, now=now)
    give_back(batch, now=now)


def _give_up(batch: Batch, channel: Channel, *, now: dt.datetime) -> None:
    """Class c: it may have gone out, and a second mail is worse than an honest "not confirmed"."""
    _lose(batch, reason=f"{channel.name} cannot tell whether it took it", now=now)


def _lose(batch: Batch, *, reason: str, now: dt.datetime) -> None:
    """Say that nobody knows: of a few readers alone, where that much was written down."""
    if batch.in_flight is None:
        lose(batch, reason=reason, now=now)
    else:
        unravel(batch, reason=reason, now=now)
