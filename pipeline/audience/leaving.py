"""How people leave: for ever. Only the person can come back, by asking anew (D10, D11)."""

from datetime import datetime

from django.db import transaction

from pipeline.audience.models import Subscriber, Subscription, Suppression


@transaction.atomic
def unsubscribe(*, subscriber_id: int, newsletter: str, now: datetime) -> bool:
    """End a subscription, or all of them (""), and never write to the address for it again.

    Subscription and suppression change in one transaction (D3). Asking again, or ten times at once,
    changes nothing more (D9).

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
        now=now,
    )
    mine = subscriber.subscriptions.filter(state=Subscription.State.ACTIVE)
    mine = mine.filter(newsletter=newsletter) if newsletter else mine
    mine.update(state=Subscription.State.LEFT, changed_at=now)
    return ended


def received(subscriber: Subscriber) -> list[str]:
    """The keys of the newsletters a subscriber is written to."""
    ended = Suppression.objects.filter(address_hash=subscriber.address_hash)
    left = set(ended.values_list("newsletter", flat=True))
    if not subscriber.address or "" in left:
        return []
    active = subscriber.subscriptions.filter(state=Subscription.State.ACTIVE)
    keys = active.order_by("newsletter").values_list("newsletter", flat=True)
    return [key for key in keys if key not in left]


def suppress(*, address_hash: str, newsletter: str, reason: str, now: datetime) -> bool:
    """Write down that an address is never written to; "" as newsletter means none at all.

    Returns:
        True if it was not written down before.
    """
    # The unique pair decides a race: one writes the row, and the others are told that it is there.
    _, created = Suppression.objects.get_or_create(
        address_hash=address_hash,
        newsletter=newsletter,
        defaults={"reason": reason, "created_at": now},
    )
    return created
