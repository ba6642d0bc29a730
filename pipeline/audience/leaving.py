"""How people leave: for ever. Only the person can come back, by asking anew (D10, D11)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber, Subscription, Suppression
from pipeline.audience.reach import Exclusion, exclusion
from pipeline.audience.suppression import is_suppressed, suppress, take_back

# Long enough to see that it was a slip, short enough that nobody else finds the page open.
UNDO = timedelta(hours=1)


@transaction.atomic
def unsubscribe(*, subscriber_id: int, newsletter: str, now: datetime, source: str = "") -> bool:
    """End a subscription, or all of them (""), and never write to the address for it again.

    Subscription and suppression change in one transaction (D3). Asking again, or ten times at once,
    changes nothing more (D9).

    Args:
        subscriber_id: Who leaves.
        newsletter: The key of what they leave.
        now: The time.
        source: The way it came, for whoever asks later why: "one-click", "page".

    Returns:
        True if this call ended it; False if it had ended before or nobody has this number.
    """
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        return False
    ended = suppress(
        address_hash=subscriber.address_hash,
        newsletter=newsletter,
        reason=Suppression.Reason.UNSUBSCRIBED,
        source=source,
        now=now,
    )
    mine = subscriber.subscriptions.filter(state=Subscription.State.ACTIVE)
    mine = mine.filter(newsletter=newsletter) if newsletter else mine
    mine.update(state=Subscription.State.LEFT, changed_at=now)
    return ended


def undoable(*, subscriber_id: int, newsletter: str, now: datetime) -> Suppression | None:
    """The leaving a person may still take back; None if there is none, or it is too long ago.

    Only what ended something can be taken back, and only by whoever did it: not a complaint, not
    what the clinic did. Whoever was erased since has nothing to take back, even once a form has
    named them again.
    """
    known = Subscriber.objects.filter(pk=subscriber_id, erased_at=None)
    subscriber = known.exclude(address="").first()
    if subscriber is None:
        return None
    rows = Suppression.objects.filter(
        address_hash=subscriber.address_hash,
        newsletter=newsletter,
        reason=Suppression.Reason.UNSUBSCRIBED,
        created_at__gt=now - UNDO,
        rejoins=None,
    )
    row = rows.order_by("-number").first()
    return row if row is not None and _ended_by(row, subscriber).exists() else None


def _ended_by(row: Suppression, subscriber: Subscriber) -> QuerySet[Subscription]:
    """The subscriptions a leaving ended: written in one transaction, they bear the same time."""
    mine = subscriber.subscriptions.filter(state=Subscription.State.LEFT, changed_at=row.created_at)
    return mine.filter(newsletter=row.newsletter) if row.newsletter else mine


@transaction.atomic
def undo(*, subscriber_id: int, suppression_id: int, now: datetime) -> list[str]:
    """Take a leaving back, right after it: everything is as it was.

    Undoing twice changes nothing more, and what ended otherwise meanwhile stays ended.

    Returns:
        The keys of the newsletters the person is on the list of again.
    """
    # Locked, so that an erasure comes wholly before or wholly after.
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    row = Suppression.objects.filter(pk=suppression_id).first()
    if subscriber is None or row is None or row.address_hash != subscriber.address_hash:
        return []
    if undoable(subscriber_id=subscriber_id, newsletter=row.newsletter, now=now) != row:
        return []
    ties = list(_ended_by(row, subscriber).order_by("newsletter"))
    take_back(row, newsletters=[tie.newsletter for tie in ties], now=now)
    for tie in ties:
        tie.state, tie.changed_at = Subscription.State.ACTIVE, now
        tie.save(update_fields=["state", "changed_at"])
    return [tie.newsletter for tie in ties]


@transaction.atomic
def stop(*, address: str, newsletter: str, actor: str, now: datetime) -> bool:
    """Never write to an address again, because somebody asked the clinic; known or not.

    Returns:
        True if it was not written down before.

    Raises:
        SourceError: It is no address.
    """
    key = address_hash(normalise_address(address))
    ended = suppress(
        address_hash=key,
        newsletter=newsletter,
        reason=Suppression.Reason.STAFF,
        source=actor,
        now=now,
    )
    mine = Subscription.objects.filter(subscriber__address_hash=key)
    mine = mine.filter(newsletter=newsletter) if newsletter else mine
    standing = [Subscription.State.PENDING, Subscription.State.ACTIVE]
    mine.filter(state__in=standing).update(state=Subscription.State.ENDED, changed_at=now)
    return ended


def received(subscriber: Subscriber, *, now: datetime) -> list[str]:
    """The keys of the newsletters a subscriber is on the list of; who pauses is on it."""
    mine = subscriber.subscriptions.annotate(excluded=exclusion(now=now))
    kept = mine.filter(excluded__in=["", Exclusion.MONTHLY, Exclusion.PAUSED])
    return list(kept.order_by("newsletter").values_list("newsletter", flat=True))


def is_written_to(subscriber: Subscriber, newsletter: str, *, now: datetime) -> bool:
    """Whether there is anything to end: an address, and no suppression of it.

    Of all newsletters ("") there is, too, if the person came back to one of them since.
    """
    if not subscriber.address:
        return False
    ended = is_suppressed(subscriber.address_hash, newsletter)
    return not ended or (not newsletter and bool(received(subscriber, now=now)))
