"""The frozen part of a batch: what will be sent, written down when it is claimed (I1)."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.conf import settings

from pipeline.audience.first_names import first_name
from pipeline.audience.models import Subscriber
from pipeline.audience.tokens import message_token, preferences_token, unsubscribe_token
from pipeline.campaigns.models import Issue, Part, Variant
from pipeline.outbox.letter import Channel, Letter, Recipient
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.trials import subject_of
from pipeline.stages import archive
from pipeline.stages.merge import marks

# The links of the List-Unsubscribe header: every letter has one, whatever its text says.
ALWAYS = frozenset({"unsubscribe_url"})


def freeze(issue: Issue, deliveries: Sequence[Delivery], *, now: dt.datetime) -> dict[str, Any]:
    """Everything the letter needs, as JSON. The parts of the issue stand in by their hash.

    Args:
        issue: The issue.
        deliveries: Of one language and one arm, for a letter has one subject; and all of people
            who agreed to be measured, or none.
        now: The time, for the letter's date.
    """
    made = _made(issue, deliveries[0].language)
    subject = made.subject if isinstance(made, Variant) else subject_of(issue, deliveries[0].arm)
    parts = _parts([made.html_id, made.text_id])
    # What the letter does not say about its readers, the provider does not get to know.
    used = ALWAYS.union(marks("".join([subject, *parts.values()])))
    return {
        "folder": issue.folder,
        "date": now.replace(microsecond=0).isoformat(),
        "envelope": made.envelope,
        "subject": subject,
        "html": made.html_id,
        "text": made.text_id,
        "tracked": is_tracked(deliveries[0]),
        "recipients": [
            {
                "delivery": delivery.pk,
                "address": delivery.subscriber.address,
                "name": delivery.subscriber.name,
                "message_id": message_id(issue, delivery),
                "values": _values(issue, delivery.subscriber, used),
            }
            for delivery in deliveries
        ],
    }


def is_tracked(delivery: Delivery) -> bool:
    """Whether its person agreed to be measured, as the claim has read it (``take.py``)."""
    return bool(getattr(delivery, "tracked", False))


def _made(issue: Issue, language: str) -> Issue | Variant:
    """What readers of a language get; locked, so that it is not made anew while it is taken."""
    if not language:
        return issue
    variants = Variant.objects.select_for_update(of=("self",))
    return variants.get(issue=issue, language=language)


def thaw(key: str, frozen: dict[str, Any]) -> Letter:
    """The letter of a frozen batch: the same bytes whenever it is asked for."""
    parts = _parts([frozen["html"], frozen["text"]])
    return Letter(
        key=key,
        folder=frozen["folder"],
        date=dt.datetime.fromisoformat(frozen["date"]),
        subject=frozen["subject"],
        html=parts[frozen["html"]],
        text=parts[frozen["text"]],
        recipients=tuple(Recipient(**recipient) for recipient in frozen["recipients"]),
        # A batch that an older Meridian made does not say what it is of.
        kind=frozen.get("kind", "issue"),
        tracked=frozen.get("tracked", False),
        **frozen["envelope"],
    )


def _parts(hashes: Sequence[str]) -> dict[str, str]:
    parts = Part.objects.filter(pk__in=hashes)
    return {part.sha256: bytes(part.content).decode() for part in parts}


def _values(issue: Issue, reader: Subscriber, used: Collection[str]) -> dict[str, str]:
    """The merge values of one reader, of these fields; "" where a default stands in."""
    values: dict[str, Callable[[], str]] = {
        "first_name": lambda: first_name(reader.name),
        "language": lambda: reader.language,
        "unsubscribe_url": lambda: unsubscribe_url(issue, reader.pk),
        "preferences_url": lambda: preferences_url(issue, reader.pk),
        "view_url": lambda: view_url(issue),
        "archive_url": lambda: settings.MERIDIAN_URL + archive.ROOT,
    }
    return {field: value() for field, value in values.items() if field in used}


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


def preferences_url(issue: Issue, subscriber: int) -> str:
    """The address at which this subscriber sees what they get, and can end it."""
    return f"{settings.MERIDIAN_URL}/p/{preferences_token(subscriber, issue.newsletter)}"


def view_url(issue: Issue) -> str:
    """The address of the issue's web version: the same for all readers."""
    path = archive.path(issue.newsletter, issue.campaign.article, issue.part)
    return f"{settings.MERIDIAN_URL}{path}"
