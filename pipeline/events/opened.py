"""The reader's program asked for the provider's pixel, which only letters of who agreed have."""

import datetime as dt
from typing import cast

from pipeline.events.engaged import engage
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Write down that the person was there, of who agreed to it."""
    # Nothing but a letter is measured (engaged.is_measured).
    engage(cast("Delivery", member), event, now=now)
