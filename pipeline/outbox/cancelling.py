"""Calling off what waits."""

import datetime as dt

from django.db.models import QuerySet

from pipeline.campaigns.models import Campaign
from pipeline.outbox.models import Delivery


def cancel_waiting(*, campaign: Campaign, now: dt.datetime) -> int:
    """Cancel a campaign's pending deliveries; batches not yet submitted dissolve by themselves.

    Returns:
        How many were called off.
    """
    return _pending(campaign).update(state=Delivery.State.CANCELLED, changed_at=now)


def waiting(*, campaign: Campaign) -> int:
    """How many deliveries of a campaign wait, and would be called off."""
    return _pending(campaign).count()


def _pending(campaign: Campaign) -> QuerySet[Delivery]:
    return Delivery.objects.filter(issue__campaign=campaign, state=Delivery.State.PENDING)
