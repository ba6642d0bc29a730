"""The reader called it spam: never written to again, by anything (D28)."""

import datetime as dt

from pipeline.audience.complaints import complain
from pipeline.events.forward import forward
from pipeline.events.member import Member, hashes_of
from pipeline.events.models import Event
from pipeline.events.watch import watch
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Suppress the person everywhere, in the transaction that takes the event."""
    forward(member, Delivery.State.COMPLAINED, event, now=now, reason=event.reason)
    for key in hashes_of(member, event):
        complain(address_hash=key, now=now, source=event.provider)
    if isinstance(member, Delivery):
        watch(member.issue, now=now)
