"""How we hear from a provider: by its webhooks, or by asking it while these are silent (X13)."""

import datetime as dt

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least

from pipeline.events.models import EventFeed

# A provider that is at work is not silent so long; Mailgun tries a call again after five minutes.
SILENCE = dt.timedelta(minutes=10)
_MINUTE = dt.timedelta(minutes=1)


def hear(provider: str, *, now: dt.datetime) -> None:
    """Write down that a webhook came: once a minute, however many come.

    After a silence, what it lasted for is written down as missed: some of it may come no more.
    """
    feed, created = EventFeed.objects.get_or_create(provider=provider, defaults={"heard_at": now})
    if created or (feed.heard_at and feed.heard_at > now - _MINUTE):
        return
    if feed.heard_at and feed.heard_at < now - SILENCE:
        miss(provider, since=feed.heard_at)
    later = EventFeed.objects.filter(Q(heard_at=None) | Q(heard_at__lt=now), provider=provider)
    later.update(heard_at=now)


def miss(provider: str, *, since: dt.datetime) -> None:
    """Write down that webhooks may have been lost from an instant on."""
    EventFeed.objects.get_or_create(provider=provider)
    mine = EventFeed.objects.filter(provider=provider)
    mine.update(missed_since=Least(Coalesce(F("missed_since"), since), since))
