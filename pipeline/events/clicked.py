"""The reader followed a link. Which one is nobody's business, and is not kept (P4)."""

import datetime as dt

from django.db.models import Q

from pipeline.events.engaged import engage
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Write down when a link of the letter was first followed, of who agreed to it."""
    if isinstance(member, Delivery):
        at = engage(member, event, now=now)
        mine = Delivery.objects.filter(pk=member.pk)
        mine.filter(Q(clicked_at=None) | Q(clicked_at__gt=at)).update(clicked_at=at)
