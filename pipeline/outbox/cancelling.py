"""Calling off what waits."""

import datetime as dt

from pipeline.campaigns.models import Campaign
from pipeline.outbox.models import Delivery


def cancel_waiting(*, campaign: Campaign, now: dt.datetime) -> int:
    """Cancel a campaign's pending deliveries; batches not yet submitted dissolve by themselves.

    Returns:
        How many were called off.
    """
    pending = Delivery.objects.filter(issue__campaign=campaign, state=Delivery.State.PENDING)
    return pending.update(state=Delivery.State.CANCELLED, changed_at=now)
