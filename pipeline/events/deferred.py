"""The reader's server puts the provider off, who tries again: the provider has it, no more."""

import datetime as dt

from pipeline.events.forward import forward
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Settle that it was taken; nothing is counted against the person, for nothing has ended."""
    forward(member, Delivery.State.ACCEPTED, event, now=now)
