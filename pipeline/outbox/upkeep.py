"""What the queue needs beside senders: who left goes out of it, who ends a pause comes forward."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from pipeline.audience.models import Subscription
from pipeline.audience.reach import exclusion_of
from pipeline.errors import SettingError
from pipeline.outbox.compiled import NOW, compiled
from pipeline.outbox.models import Delivery, Wait
from pipeline.outbox.rhythm import Rhythm, rhythm_of

State = Delivery.State

# How far back senders look for who left. A scheduler looks further, and what both overlook (an
# outage) is settled when it comes due, before it is sent.
JUST_LEFT = dt.timedelta(hours=1)
LEFT_LATELY = dt.timedelta(days=8)
_CHUNK = 500


def settle_leavers(*, since: dt.timedelta, now: dt.datetime) -> int:
    """End everything that waits for people who left a newsletter, of whatever day it is.

    Args:
        since: How long ago they left at most.
        now: The time.

    Returns:
        How many deliveries were ended.
    """
    people: dict[str, list[int]] = defaultdict(list)
    for newsletter, person in _gone().rows(now=now - since):
        people[newsletter].append(person)
    return sum(
        _settle(newsletter, numbers[start : start + _CHUNK], now=now)
        for newsletter, numbers in people.items()
        for start in range(0, len(numbers), _CHUNK)
    )


@compiled
def _gone() -> QuerySet[Subscription, Any]:
    # In the words of the index, without which every reader would be looked at.
    gone = Subscription.objects.filter(~Q(state="active"), ~Q(state="pending"), changed_at__gt=NOW)
    return gone.values_list("newsletter", "subscriber_id")


@transaction.atomic
def _settle(newsletter: str, people: list[int], *, now: dt.datetime) -> int:
    waiting = Delivery.objects.filter(
        subscriber_id__in=people, issue__newsletter=newsletter, state=State.PENDING
    )
    if not waiting.exists():
        return 0
    # What a sender has just now it asks about itself.
    numbers = list(
        waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    )
    excluded = exclusion_of("subscriber_id", newsletter=newsletter, now=now)
    reasons = Delivery.objects.filter(pk__in=numbers).annotate(excluded=excluded)
    together: dict[str, list[int]] = defaultdict(list)
    for number, reason in reasons.values_list("pk", "excluded"):
        together[reason].append(number)
    return sum(
        Delivery.objects.filter(pk__in=those, state=State.PENDING).update(
            state=State.SUPPRESSED, reason=reason, changed_at=now
        )
        for reason, those in together.items()
        if reason
    )


def bring_forward(*, now: dt.datetime) -> int:
    """Give who ended their pause early their next slot; the order of their letters stays.

    Returns:
        How many deliveries came forward.
    """
    pausing = Subscription.objects.filter(
        subscriber=OuterRef("subscriber"),
        newsletter=OuterRef("issue__newsletter"),
        paused_until__gt=now,
    )
    waiting = Delivery.objects.filter(
        ~Exists(pausing), state=State.PENDING, reason=Wait.PAUSED, due_at__gt=now
    )
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, newsletter, zone in waiting.values_list(
        "pk", "issue__newsletter", "subscriber__time_zone"
    ):
        local = rhythm_of(newsletter).is_local
        together[newsletter, zone if local else ""].append(number)
    return sum(
        _forward(those, rhythm_of(newsletter), zone, now=now)
        for (newsletter, zone), those in together.items()
    )


def _forward(numbers: list[int], rhythm: Rhythm, zone: str, *, now: dt.datetime) -> int:
    try:
        return _due_by(numbers, rhythm.next_slot(zone, after=now), now=now)
    except SettingError:
        # The calendar leaves no day: what waits for the end of the pause goes on to wait.
        return 0


def _due_by(numbers: list[int], slot: dt.datetime, *, now: dt.datetime) -> int:
    waiting = Delivery.objects.filter(pk__in=numbers, state=State.PENDING, due_at__gt=slot)
    return waiting.update(due_at=slot, reason="", changed_at=now)
