"""Moving a message forward by rank, never back: in whatever order events come (I6, X12)."""

import datetime as dt

from pipeline.audience.models import Notice
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Batch, Delivery

State = Delivery.State

# What was called off, or never to be sent, stays so: no event of it can be ours.
RANK = {
    State.PENDING: 0,
    State.CLAIMED: 0,
    State.UNKNOWN: 0,
    State.ABANDONED: 0,
    State.ACCEPTED: 1,
    State.REFUSED: 2,
    State.DELIVERED: 3,
    State.BOUNCED: 4,
    State.COMPLAINED: 5,
}


def forward(
    member: Member, state: State, event: Event, *, now: dt.datetime, reason: str = ""
) -> bool:
    """Give a message the state an event tells of, unless it is as far or further.

    Args:
        member: The delivery or notice.
        state: One of RANK.
        event: What tells it; gives the provider's id where our own answer was lost.
        now: The time.
        reason: The provider's words.

    Returns:
        True if it moved.
    """
    below = [each for each, rank in RANK.items() if rank < RANK[state]]
    changes: dict[str, object] = {"state": state, "reason": reason[:500], "changed_at": now}
    if event.provider_id and not member.provider_id:
        changes["provider_id"] = event.provider_id
    if isinstance(member, Notice):
        mine = Notice.objects.filter(pk=member.pk, state__in=below)
        return bool(mine.update(**changes))
    return _forward(member, below, changes, event)


def _forward(
    delivery: Delivery, below: list[State], changes: dict[str, object], event: Event
) -> bool:
    mine = Delivery.objects.filter(pk=delivery.pk, state__in=below)
    if delivery.sent_at is None:
        # It was given back to the queue and had gone out all the same: a letter of that week.
        changes["sent_at"] = event.happened_at
    moved = bool(mine.update(**changes))
    if moved and delivery.batch_id is not None and delivery.state == State.UNKNOWN:
        _reconcile(delivery.batch_id)
    return moved


def _reconcile(batch: int) -> None:
    """Call a batch reconciled once events have told of all its readers (class c)."""
    left = Delivery.objects.filter(batch=batch, state=State.UNKNOWN)
    if not left.exists():
        lost = Batch.objects.filter(pk=batch, state=Batch.State.UNKNOWN, settled_at__isnull=False)
        lost.update(state=Batch.State.RECONCILED)
