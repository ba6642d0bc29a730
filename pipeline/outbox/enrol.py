"""Who joined later: they get a running series from part 1 on, and each newcomer a welcome."""

import datetime as dt
from typing import cast

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pipeline.audience.models import Consent, Subscription
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Campaign, Issue
from pipeline.errors import SettingError
from pipeline.outbox.enqueue import queue
from pipeline.outbox.holding import hold_without_a_day
from pipeline.outbox.rhythm import Rhythm, rhythm_of
from pipeline.outbox.waves import slots_after

# A series runs until this long after its last part was released.
RUNS_ON = dt.timedelta(days=7)
# How far back each pass looks once more: a list that comes in may take hours to be written, and all
# of it joins at the time it began.
OVERLAP = dt.timedelta(hours=6)

_BEGUN = (Issue.State.SENDING, Issue.State.SENT)


def enrol(*, now: dt.datetime) -> int:
    """Queue what began before people joined for who is to have it, and tell how much that was.

    It asks who joined since the last pass; whatever it does twice changes nothing.
    """
    begun = sendable().filter(state__in=_BEGUN, released_at__isnull=False)
    begun = begun.select_related("campaign").defer("html", "text").order_by("pk")
    welcomes = begun.filter(campaign__kind=Campaign.Kind.WELCOME)
    return sum(_welcome(issue, now=now) for issue in welcomes) + sum(
        _enrol_late(issue, now=now) for issue in begun.filter(_running(now))
    )


def _running(now: dt.datetime) -> Exists:
    """The condition that the series of an issue runs: a part is to come, or is not old yet.

    A day is added, so that the last hour of a series is not lost to a pass that comes late.
    """
    parts = Issue.objects.filter(campaign=OuterRef("campaign"), campaign__kind=Campaign.Kind.SERIES)
    lately = now - RUNS_ON - dt.timedelta(days=1)
    scheduled = parts.filter(state=Issue.State.SCHEDULED)
    return Exists(scheduled | parts.filter(released_at__gt=lately))


def _enrol_late(issue: Issue, *, now: dt.datetime) -> int:
    rhythm = rhythm_of(issue.newsletter)
    if rhythm.newsletter is None or rhythm.newsletter.late_joiners != "from the start":
        return 0
    joined = _joined_since(issue)
    end = _end_of(issue.campaign)
    return _give(issue, joined.filter(joined_at__lt=end) if end else joined, rhythm, now=now)


def _end_of(campaign: Campaign) -> dt.datetime | None:
    """When the series ends, for who joins; None while a part of it has not begun."""
    parts = campaign.issues.exclude(state=Issue.State.CANCELLED)
    if parts.filter(state=Issue.State.SCHEDULED).exists():
        return None
    last = parts.order_by("released_at").values_list("released_at", flat=True).last()
    return last and last + RUNS_ON


def _welcome(issue: Issue, *, now: dt.datetime) -> int:
    """Welcome who confirmed since the letter is ready; who came with a list did not ask for it."""
    confirmed = Consent.objects.filter(
        subscriber_id=OuterRef("subscriber_id"),
        newsletter=issue.newsletter,
        purpose=Consent.Purpose.LETTERS,
        source="form",
        given=True,
        created_at=OuterRef("joined_at"),
    )
    return _give(issue, _joined_since(issue).filter(Exists(confirmed)), None, now=now)


def _joined_since(issue: Issue) -> QuerySet[Subscription]:
    joined = Subscription.objects.filter(newsletter=issue.newsletter)
    # What was released before is not given to who was there then: they had it.
    return joined.filter(joined_at__gte=issue.released_at, joined_at__gt=_seen(issue) - OVERLAP)


@transaction.atomic
def _give(
    issue: Issue, readers: QuerySet[Subscription], rhythm: Rhythm | None, *, now: dt.datetime
) -> int:
    """Queue an issue for people: each part in a slot of theirs, or at once without a rhythm."""
    if not readers.exists():
        return 0
    try:
        waves = slots_after(rhythm, after=now, nth=issue.part - 1) if rhythm else {"": now}
    except SettingError as error:
        hold_without_a_day(issue, error, now=now)
        return 0
    given = queue(issue, readers, waves, now=now)
    mine = Issue.objects.filter(pk=issue.pk, state__in=_BEGUN)
    # A pass that gives nobody anything changes nothing, but for a mark that would fall behind.
    if given or _seen(issue) + OVERLAP <= now:
        mine.update(joined_until=now)
    if given:
        mine.update(state=Issue.State.SENDING)
    return given


def _seen(issue: Issue) -> dt.datetime:
    """Up to when it is known who joined after an issue was released."""
    return cast("dt.datetime", issue.joined_until or issue.released_at)
