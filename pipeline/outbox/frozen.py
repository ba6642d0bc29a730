"""The frozen part of a batch: what will be sent, written down when it is claimed (I1)."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from pipeline.audience.tokens import message_token, unsubscribe_token
from pipeline.campaigns.models import Issue, Part
from pipeline.outbox.letter import Channel, Letter, Recipient
from pipeline.outbox.models import Batch, Delivery


def freeze(issue: Issue, deliveries: Sequence[Delivery], *, now: dt.datetime) -> dict[str, Any]:
    """Everything the letter needs, as JSON. The parts of the issue stand in by their hash."""
    return {
        "folder": issue.folder,
        "date": now.replace(microsecond=0).isoformat(),
        "envelope": issue.envelope,
        "subject": issue.subject,
        "html": issue.html_id,
        "text": issue.text_id,
        "recipients": [
            {
                "delivery": delivery.pk,
                "address": delivery.subscriber.address,
                "name": delivery.subscriber.name,
                "message_id": message_id(issue, delivery),
                "values": {"unsubscribe_url": unsubscribe_url(issue, delivery.subscriber_id)},
            }
            for delivery in deliveries
        ],
    }


def thaw(key: str, frozen: dict[str, Any]) -> Letter:
    """The letter of a frozen batch: the same bytes whenever it is asked for."""
    parts = {
        part.sha256: bytes(part.content).decode()
        for part in Part.objects.filter(pk__in=[frozen["html"], frozen["text"]])
    }
    return Letter(
        key=key,
        folder=frozen["folder"],
        date=dt.datetime.fromisoformat(frozen["date"]),
        subject=frozen["subject"],
        html=parts[frozen["html"]],
        text=parts[frozen["text"]],
        recipients=tuple(Recipient(**recipient) for recipient in frozen["recipients"]),
        **frozen["envelope"],
    )


def payload_sha256(channel: Channel, letter: Letter) -> str:
    """The hash of the bytes this channel would send for this letter."""
    return hashlib.sha256(channel.serialize(letter)).hexdigest()


def letter_of(batch: Batch) -> Letter:
    """The letter of an open batch."""
    return thaw(batch.key, batch.frozen or {})


def message_id(issue: Issue, delivery: Delivery) -> str:
    """The Message-ID of a delivery: it never changes, and tells nothing to whoever reads it."""
    domain = issue.envelope["from_address"].rpartition("@")[2]
    return f"{message_token(delivery.subscriber_id, issue.pk)}@{domain}"


def unsubscribe_url(issue: Issue, subscriber: int) -> str:
    """The address by which this subscriber leaves this newsletter (D2)."""
    return f"{settings.MERIDIAN_URL}/u/{unsubscribe_token(subscriber, issue.newsletter)}"
