"""What a person may set for themselves: how often, in which language, what they are called."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices

from pipeline.audience.models import Subscriber, Subscription

OWN = ("name", "language", "time_zone")


class Rhythm(TextChoices):
    """How often somebody wants to hear."""

    EVERY = "every", "every letter"
    MONTHLY = "monthly", "one digest a month"
    PAUSE_1 = "pause-1", "none for a month"
    PAUSE_2 = "pause-2", "none for two months"
    PAUSE_3 = "pause-3", "none for three months"


PAUSES = {Rhythm.PAUSE_1: 1, Rhythm.PAUSE_2: 2, Rhythm.PAUSE_3: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a person changed; what they left as it was is not in it.

    Attributes:
        own: New values of ``OWN``, by name.
        fields: New answers by the key of their field; "" takes one away.
        rhythms: How often, by the key of the newsletter.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    rhythms: Mapping[str, Rhythm] = field(default_factory=dict)


@transaction.atomic
def change(changes: Changes, *, subscriber_id: int, now: datetime) -> bool:
    """Write down what a person set for themselves.

    Returns:
        False, and nothing is written, if nobody is left under this number.
    """
    # Locked, so that an erasure comes wholly before or wholly after.
    person = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if person is None or not person.address:
        return False
    for name in OWN:
        setattr(person, name, changes.own.get(name, getattr(person, name)))
    answers = {**person.fields, **changes.fields}
    person.fields = {key: answer for key, answer in answers.items() if answer}
    person.save()
    for newsletter, rhythm in changes.rhythms.items():
        active = person.subscriptions.filter(state=Subscription.State.ACTIVE)
        _set(active.filter(newsletter=newsletter).first(), rhythm, now=now)
    return True


def _set(tie: Subscription | None, rhythm: Rhythm, *, now: datetime) -> None:
    if tie is None:
        return  # ended meanwhile: there is nothing to hear less of
    if rhythm in PAUSES:
        tie.paused_until = months_later(now, PAUSES[rhythm])
    else:
        tie.paused_until = None
        tie.frequency = Subscription.Frequency(rhythm.value)
    tie.save(update_fields=["paused_until", "frequency"])


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later; the month's last day where it has no such day."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)
