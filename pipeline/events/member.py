"""Which delivery or notice an event is of: it must exist, and be the reader's (I6, S21)."""

from typing import cast

from django.db.models import QuerySet

from pipeline.audience.models import Notice, Subscriber
from pipeline.events.models import Event
from pipeline.outbox.members import members
from pipeline.outbox.models import Batch, Delivery

Member = Delivery | Notice


def find(event: Event) -> Member | None:
    """The message an event is of, by its batch or by the provider's id; None if we sent none.

    The provider must be the one that was handed the message, and the reader the one it went to.
    """
    person = Subscriber.objects.filter(address_hash=event.address_hash or None).first()
    return _by_batch(event, person) or _by_id(event, person)


def _by_batch(event: Event, person: Subscriber | None) -> Member | None:
    mine = Batch.objects.filter(key=event.batch or None, channel=event.provider)
    # What was never handed over cannot have become anything.
    batch = mine.filter(submissions__gt=0).first()
    if batch is None:
        return None
    if batch.issue_id is None:
        notices = members(batch).filter(subscriber=person).select_related("subscriber")
        return cast("Notice | None", notices.first())
    found = _deliveries().filter(issue=batch.issue_id, subscriber=person).first()
    return found or _moved(event, batch)


def _moved(event: Event, batch: Batch) -> Delivery | None:
    """The one delivery under this id: its reader may have another address by now."""
    same = _deliveries().filter(batch=batch, provider_id=event.provider_id).exclude(provider_id="")
    only = list(same[:2])
    return only[0] if len(only) == 1 else None


def _by_id(event: Event, person: Subscriber | None) -> Member | None:
    if person is None or not event.provider_id:
        return None
    # By the person first: a provider's id has no index, and a person has few letters.
    known = {"subscriber": person, "provider_id": event.provider_id}
    delivery = _deliveries().filter(**known, batch__channel=event.provider).first()
    if delivery is not None:
        return delivery
    notices = Notice.objects.filter(**known, batches__channel=event.provider)
    return notices.select_related("subscriber").first()


def _deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("subscriber", "issue__campaign").order_by("pk")


def newsletter_of(member: Member) -> str:
    """The key of the newsletter a message belongs to."""
    return member.newsletter if isinstance(member, Notice) else member.issue.newsletter


def mailing_of(member: Member) -> str:
    """The name of what was sent, the same for every word about it."""
    if isinstance(member, Notice):
        return f"notice {member.pk}"
    return f"issue {member.issue_id}"


def hashes_of(member: Member, event: Event) -> list[str]:
    """The address the event is about, and that of the person if they have another by now."""
    return sorted({event.address_hash, member.subscriber.address_hash} - {""})
