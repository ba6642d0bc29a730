"""Waves: a slot that is meant on each reader's own clock comes in one zone after the other."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Case, DateTimeField, Value, When

from pipeline.audience.models import Subscriber, Subscription
from pipeline.campaigns.calendar import due_at, instant
from pipeline.campaigns.models import Issue
from pipeline.outbox.rhythm import Rhythm, known_zones, rhythm_of

# From the first zone to the last, UTC+14 to UTC-12.
AROUND_THE_WORLD = dt.timedelta(hours=26)

# When something is due in each zone; "" stands for every other one, and for what is no zone.
Waves = Mapping[str, dt.datetime]


def has_come(issue: Issue, *, now: dt.datetime) -> bool:
    """Whether the slot of an issue has come, in its own zone or in one where a reader is."""
    moment = due_at(issue)
    if moment <= now:
        return True
    if moment - now > AROUND_THE_WORLD or not rhythm_of(issue.newsletter).is_local:
        return False
    slot = dt.datetime.fromisoformat(issue.slot)
    there = [zone for zone in known_zones() if instant(slot, zone) <= now]
    readers = Subscription.objects.filter(
        newsletter=issue.newsletter,
        state=Subscription.State.ACTIVE,
        subscriber__time_zone__in=there,
    )
    return readers.exists()


def waves_of(issue: Issue, rhythm: Rhythm) -> Waves:
    """When an issue is due in each zone where anybody is."""
    slot = dt.datetime.fromisoformat(issue.slot)
    there = zones() if rhythm.is_local else []
    return {"": due_at(issue)} | {zone: instant(slot, zone) for zone in there}


def slots_after(rhythm: Rhythm, *, after: dt.datetime, nth: int = 0) -> Waves:
    """The nth slot after an instant, in each zone where anybody is."""
    there = zones() if rhythm.is_local else []
    return {zone: rhythm.next_slot(zone, after=after, nth=nth) for zone in ["", *there]}


def zones() -> list[str]:
    """The zones of all subscribers. What is none is left out: it counts as the newsletter's."""
    named = Subscriber.objects.filter(time_zone__in=known_zones()).order_by("time_zone")
    return list(named.values_list("time_zone", flat=True).distinct())


def due(waves: Waves, *, later: dt.timedelta = dt.timedelta(0)) -> Case:
    """When each subscription of a query is due, as a column."""
    together: dict[dt.datetime, list[str]] = defaultdict(list)
    for zone, moment in waves.items():
        if zone:
            together[moment].append(zone)
    return Case(
        *(
            When(subscriber__time_zone__in=there, then=Value(moment + later))
            for moment, there in together.items()
            if moment != waves[""]
        ),
        default=Value(waves[""] + later),
        output_field=DateTimeField(),
    )
