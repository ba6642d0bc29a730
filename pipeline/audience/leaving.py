"""How people leave: for ever. Only the person can come back, by asking anew (D10, D11)."""

from datetime import datetime

from django.db import transaction

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber, Subscription, Suppression
from pipeline.audience.reach import Exclusion, exclusion
from pipeline.audience.suppression import is_suppressed, suppress


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
