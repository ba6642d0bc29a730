"""The reader's program asked for the provider's pixel, which only letters of who agreed have."""

import datetime as dt

from pipeline.events.engaged import engage
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Write down that the person was there, of who agreed to it."""
    if isinstance(member, Delivery):
        engage(member, event, now=now)
