"""What opens and clicks have in common: they count of who agreed to be measured, of nobody else.

Of anybody else they are dropped at the door: no row, no line in a log (P2, promise 5).
"""

import datetime as dt

from django.db.models import Q, QuerySet

from pipeline.audience.models import Subscription
from pipeline.events.forward import forward
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def is_measured(member: Member) -> bool:
    """Whether the person agrees, now, to be measured by the newsletter of this letter."""
    return isinstance(member, Delivery) and _tie(member).exists()


def _tie(delivery: Delivery) -> QuerySet[Subscription]:
    return Subscription.objects.filter(
        subscriber=delivery.subscriber_id,
        newsletter=delivery.issue.newsletter,
        state=Subscription.State.ACTIVE,
        tracking=True,
    )


def engage(delivery: Delivery, event: Event, *, now: dt.datetime) -> dt.datetime:
    """Write down that the person was there; what was read had arrived.

    Returns:
        When, by the provider's word, but not in the future.
    """
    at = min(event.happened_at, now)
    earlier = Q(engaged_at=None) | Q(engaged_at__lt=at)
    _tie(delivery).filter(earlier).update(engaged_at=at)
    forward(delivery, Delivery.State.DELIVERED, event, now=now)
    return at
