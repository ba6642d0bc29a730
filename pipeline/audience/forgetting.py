"""Erasing a person: one row is blanked, and nothing append-only is touched (L9)."""

from datetime import datetime

from django.db import transaction

from pipeline.audience.models import (
    ConsentOrigin,
    ImportChange,
    Notice,
    Subscriber,
    Subscription,
    Suppression,
)
from pipeline.audience.suppression import suppress


@transaction.atomic
def forget(*, subscriber_id: int, actor: str, now: datetime) -> bool:
    """Erase what is known of a person, and never write to the address again.

    What stays is a number, when and why the person agreed and left, under a keyed hash: so a later
    list does not bring them back. Only their own confirmed wish does, and fills the row again.

    Args:
        subscriber_id: The person.
        actor: Who asked for it: "subscriber", or a person of the clinic.
        now: The time.

    Returns:
        True if this call erased somebody; False if nobody is left under this number.
    """
    # Locked, so that a confirmation at the same moment comes wholly before or wholly after.
    person = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    # Who was erased, and has asked to join since, has an address again.
    if person is None or (person.erased_at is not None and not person.address):
        return False
    suppress(
        address_hash=person.address_hash,
        newsletter="",
        reason=Suppression.Reason.ERASED,
        source=actor,
        now=now,
    )
    _end_subscriptions(person, now=now)
    ConsentOrigin.objects.filter(subscriber_id=person.pk).delete()
    ImportChange.objects.filter(subscriber=person).delete()
    person.soft_bounces.all().delete()
    waiting = person.notices.filter(state=Notice.State.PENDING)
    waiting.update(state=Notice.State.CANCELLED, changed_at=now)
    _blank(person, now=now)
    return True


def _end_subscriptions(person: Subscriber, *, now: datetime) -> None:
    person.subscriptions.update(
        frequency=Subscription.Frequency.EVERY,
        paused_until=None,
        tracking=False,
        engaged_at=None,
    )
    standing = [Subscription.State.PENDING, Subscription.State.ACTIVE]
    mine = person.subscriptions.filter(state__in=standing)
    mine.update(state=Subscription.State.LEFT, changed_at=now)


def _blank(person: Subscriber, *, now: datetime) -> None:
    person.address = person.name = person.language = person.time_zone = ""
    person.fields = {}
    person.erased_at = now
    person.save()
