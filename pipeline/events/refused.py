"""The provider would not send it: to an address on its own list, or at all."""

import datetime as dt

from pipeline.audience.complaints import REFUSED_BY_LIST, bounce
from pipeline.events.forward import forward
from pipeline.events.member import Member, hashes_of, mailing_of
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Write down that nothing went out; an address on the provider's list is given up (D29)."""
    forward(member, Delivery.State.REFUSED, event, now=now, reason=event.reason)
    if event.code == REFUSED_BY_LIST:
        for key in hashes_of(member, event):
            bounce(
                address_hash=key,
                code=event.code,
                mailing=mailing_of(member),
                now=now,
                source=event.provider,
            )
