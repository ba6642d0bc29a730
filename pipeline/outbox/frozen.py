"""The frozen part of a batch: what will be sent, written down when it is claimed (I1)."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any

from django.conf import settings

from pipeline.audience.first_names import first_name
from pipeline.audience.tokens import message_tokens, preferences_tokens, unsubscribe_tokens
from pipeline.campaigns.models import Issue, Part, Variant
from pipeline.outbox.letter import Channel, Letter, Recipient
from pipeline.outbox.models import Batch
from pipeline.outbox.readers import Reader
from pipeline.outbox.trials import subject_of
from pipeline.stages import archive
from pipeline.stages.merge import marks

# The links of the List-Unsubscribe header: every letter has one, whatever its text says.
ALWAYS = frozenset({"unsubscribe_url"})


def freeze(
    issue: Issue, readers: Sequence[Reader], *, language: str, arm: str, now: dt.datetime
) -> dict[str, Any]:
    """Everything the letter needs, as JSON. The parts of the issue stand in by their hash.

    Args:
        issue: The issue.
        readers: Who gets it.
        language: Of which variant: "" is the issue itself.
        arm: Of which subject, for a letter has one.
        now: The time, for the letter's date.
    """
    made = _made(issue, language)
    subject = made.subject if isinstance(made, Variant) else subject_of(issue, arm)
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
        "recipients": [
            {
                "delivery": reader.delivery,
                "address": reader.person.address,
                "name": reader.person.name,
                "message_id": message,
                "values": values,
            }
            for reader, message, values in zip(
                readers,
                _message_ids(issue, readers),
                _values(issue, readers, used),
                strict=True,
            )
        ],
    }


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
        **frozen["envelope"],
    )


def _parts(hashes: Sequence[str]) -> dict[str, str]:
    parts = Part.objects.filter(pk__in=hashes)
    return {part.sha256: bytes(part.content).decode() for part in parts}


def _values(
    issue: Issue, readers: Sequence[Reader], used: Collection[str]
) -> Iterator[dict[str, str]]:
    """The merge values of each reader, of these fields; "" where a default stands in."""
    home, people = settings.MERIDIAN_URL, [reader.subscriber for reader in readers]
    values: dict[str, Callable[[], Iterable[str]]] = {
        "first_name": lambda: (first_name(reader.person.name) for reader in readers),
        "language": lambda: (reader.person.language for reader in readers),
        "unsubscribe_url": lambda: (
            f"{home}/u/{token}" for token in unsubscribe_tokens(people, issue.newsletter)
        ),
        "preferences_url": lambda: (
            f"{home}/p/{token}" for token in preferences_tokens(people, issue.newsletter)
        ),
        "view_url": lambda: repeat(view_url(issue), len(readers)),
        "archive_url": lambda: repeat(home + archive.ROOT, len(readers)),
    }
    fields = [field for field in values if field in used]
    for row in zip(*(values[field]() for field in fields), strict=True):
        yield dict(zip(fields, row, strict=True))


def payload_sha256(channel: Channel, letter: Letter) -> str:
    """The hash of the bytes this channel would send for this letter."""
    return hashlib.sha256(channel.serialize(letter)).hexdigest()


def letter_of(batch: Batch) -> Letter:
    """The letter of an open batch."""
    return batch.letter or thaw(batch.key, batch.frozen or {})


def _message_ids(issue: Issue, readers: Sequence[Reader]) -> list[str]:
    """The Message-ID of each delivery: it never changes, and tells nothing to whoever reads it."""
    domain = issue.envelope["from_address"].rpartition("@")[2]
    tokens = message_tokens((reader.subscriber for reader in readers), issue.pk)
    return [f"{token}@{domain}" for token in tokens]


def view_url(issue: Issue) -> str:
    """The address of the issue's web version: the same for all readers."""
    path = archive.path(issue.newsletter, issue.campaign.article, issue.part)
    return f"{settings.MERIDIAN_URL}{path}"
