"""Asking a provider what became of letters, while its webhooks are silent or were (X13).

It is asked for a stretch that overlaps what is known: an event that comes twice is taken once.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from itertools import islice

from django.db.models import Q

from pipeline.errors import MeridianError, SendError
from pipeline.events.feed import SILENCE
from pipeline.events.models import EventFeed
from pipeline.events.take import take
from pipeline.outbox.event import EventSource, ProviderEvent, Told
from pipeline.outbox.letter import Channel
from pipeline.outbox.models import Batch

log = logging.getLogger(__name__)

# A complaint may take days; later ones are rare.
UNDER_WAY = dt.timedelta(days=8)
# So many in one pass, which others wait for; the next pass goes on.
MOST, CHUNK = 6_000, 300
_SECOND = dt.timedelta(seconds=1)


def poll(channel: Channel, *, now: dt.datetime) -> list[MeridianError]:
    """Ask for events if that is due; what could not be asked is told, and asked the next time."""
    if not isinstance(channel, EventSource):
        return []
    feed, _ = EventFeed.objects.get_or_create(provider=channel.name)
    if not (_is_silent(feed, now=now) and _is_under_way(channel.name, now=now)):
        return []
    if not _claim(feed, now=now):
        return []
    begin = _begin(feed, lag=channel.lag, now=now)
    try:
        _take(channel, feed, begin, now=now)
    except SendError as error:
        log.warning("%s cannot be asked what became of letters: %s", channel.name, error)
        return [error]
    return []


def _is_silent(feed: EventFeed, *, now: dt.datetime) -> bool:
    silent = feed.heard_at is None or feed.heard_at < now - SILENCE
    asked = feed.asked_at is not None and feed.asked_at > now - SILENCE
    return (silent or feed.missed_since is not None) and not asked


def _is_under_way(provider: str, *, now: dt.datetime) -> bool:
    last = Batch.objects.filter(channel=provider, submissions__gt=0).order_by("-pk").first()
    return last is not None and last.created_at > now - UNDER_WAY


def _claim(feed: EventFeed, *, now: dt.datetime) -> bool:
    """Make this asking one's own: another scheduler may have begun it."""
    free = Q(asked_at=None) | Q(asked_at__lte=now - SILENCE)
    return bool(EventFeed.objects.filter(free, provider=feed.provider).update(asked_at=now))


def _begin(feed: EventFeed, *, lag: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """From when on to ask: what webhooks told, and what was asked for before, is known."""
    known = [moment - lag for moment in (feed.missed_since, feed.heard_at) if moment]
    begins = [min(known)] if known else []
    return max([*begins, now - UNDER_WAY, *([feed.cursor] if feed.cursor else [])])


def _take(source: EventSource, feed: EventFeed, begin: dt.datetime, *, now: dt.datetime) -> None:
    """Take in what it tells, piece by piece; the cursor follows, so that a crash loses nothing."""
    mine = EventFeed.objects.filter(provider=feed.provider)
    told, taken, reached = source.events(since=begin), 0, begin
    for chunk in _chunks(told):
        take(chunk, now=now)
        taken += len(chunk)
        reached = max([reached, *(e.when for e in chunk if isinstance(e, ProviderEvent))])
        mine.update(cursor=reached)
        if taken >= MOST and reached > begin + _SECOND:
            # There is more: the next pass asks at once.
            mine.update(asked_at=None)
            return
    # What happened lately may not have reached its log yet.
    mine.update(cursor=max(begin, now - source.lag))
    mine.filter(missed_since=feed.missed_since).update(missed_since=None)


def _chunks(told: Iterator[Told]) -> Iterator[list[Told]]:
    while chunk := list(islice(told, CHUNK)):
        yield chunk
