"""The reader's server took it."""

import datetime as dt

from pipeline.audience.complaints import arrive
from pipeline.events.forward import forward
from pipeline.events.member import Member, hashes_of
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Write down that it arrived; what came back before it counts no more (D29)."""
    forward(member, Delivery.State.DELIVERED, event, now=now)
    for key in hashes_of(member, event):
        arrive(address_hash=key, now=min(event.happened_at, now))
