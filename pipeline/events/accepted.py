"""The provider took it: what an answer that was lost would have said."""

import datetime as dt

from pipeline.events.forward import forward
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Settle what nobody was sure of."""
    forward(member, Delivery.State.ACCEPTED, event, now=now)
