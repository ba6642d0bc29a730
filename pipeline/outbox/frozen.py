"""The frozen part of a batch: what will be sent, written down when it is claimed (I1)."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
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
_COLUMNS = ("deliveries", "addresses", "names", "message_ids")


def freeze(
    issue: Issue, readers: Sequence[Reader], *, language: str, arm: str, now: dt.datetime
) -> dict[str, Any]:
    """Everything the letter needs, as JSON. The parts of the issue stand in by their hash.

    Args:
        issue: The issue.
        readers: Who gets it: all of them agreed to be measured, or none.
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
        "tracked": readers[0].person.tracked,
        "shared": {name: value for name, value in _shared(issue, language).items() if name in used},
        **_recipients(issue, readers, used),
    }


def _recipients(issue: Issue, readers: Sequence[Reader], used: Collection[str]) -> dict[str, Any]:
    """What is of each reader alone, in columns: names said a thousand times take their time."""
    values = {name: make(issue, readers) for name, make in _VALUES.items() if name in used}
    return {
        "deliveries": [reader.delivery for reader in readers],
        "addresses": [reader.person.address for reader in readers],
        "names": [reader.person.name for reader in readers],
        "message_ids": _message_ids(issue, readers),
        "values": values,
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
        recipients=tuple(_thawed(frozen)),
        # A batch that an older Meridian made does not say what it is of.
        kind=frozen.get("kind", "issue"),
        tracked=frozen.get("tracked", False),
        **frozen["envelope"],
    )


def deliveries_of(frozen: Mapping[str, Any]) -> list[int]:
    """The deliveries of a frozen batch, in the order of its letter."""
    older = [recipient["delivery"] for recipient in frozen.get("recipients", ())]
    return older + list(frozen.get("deliveries", ()))


def frozen_alone(frozen: Mapping[str, Any], delivery: int) -> dict[str, Any]:
    """The same for one of its readers."""
    own = [asdict(each) for each in _thawed(frozen) if each.delivery == delivery]
    kept = {name: value for name, value in frozen.items() if name not in {"values", *_COLUMNS}}
    return {**kept, "recipients": own}


def _thawed(frozen: Mapping[str, Any]) -> Iterator[Recipient]:
    for recipient in frozen.get("recipients", ()):
        # So notices are frozen, of which there is one, and what an older Meridian froze.
        yield Recipient(**recipient)
    shared, values = frozen.get("shared", {}), frozen.get("values", {})
    columns = [frozen.get(name, ()) for name in _COLUMNS]
    for delivery, address, name, message_id, *own in zip(*columns, *values.values(), strict=True):
        yield Recipient(
            delivery=delivery,
            address=address,
            name=name,
            message_id=message_id,
            values={**shared, **dict(zip(values, own, strict=True))},
        )


def _parts(hashes: Iterable[str]) -> dict[str, str]:
    return {sha256: _part(sha256) for sha256 in hashes}


@lru_cache(maxsize=16)
def _part(sha256: str) -> str:
    """A part, which never changes under its hash: read once for all batches of an issue."""
    return bytes(Part.objects.get(pk=sha256).content).decode()


def _shared(issue: Issue, language: str) -> dict[str, str]:
    """The values that are the same for all readers of an issue in a language."""
    home = settings.MERIDIAN_URL
    return {"view_url": view_url(issue, language), "archive_url": home + archive.ROOT}


def _first_names(_: Issue, readers: Sequence[Reader]) -> list[str]:
    return [first_name(reader.person.name) for reader in readers]


def _languages(_: Issue, readers: Sequence[Reader]) -> list[str]:
    return [reader.person.language for reader in readers]


def _unsubscribe_urls(issue: Issue, readers: Sequence[Reader]) -> list[str]:
    """The address by which each of them leaves this newsletter (D2)."""
    home, people = settings.MERIDIAN_URL, (reader.subscriber for reader in readers)
    return [f"{home}/u/{token}" for token in unsubscribe_tokens(people, issue.newsletter)]


def _preferences_urls(issue: Issue, readers: Sequence[Reader]) -> list[str]:
    """The address at which each of them sees what they get, and can end it."""
    home, people = settings.MERIDIAN_URL, (reader.subscriber for reader in readers)
    return [f"{home}/p/{token}" for token in preferences_tokens(people, issue.newsletter)]


# What is of each reader alone, by the field it is merged for; "" where a default stands in.
_VALUES: dict[str, Callable[[Issue, Sequence[Reader]], list[str]]] = {
    "first_name": _first_names,
    "language": _languages,
    "unsubscribe_url": _unsubscribe_urls,
    "preferences_url": _preferences_urls,
}


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


def view_url(issue: Issue, language: str = "") -> str:
    """The address of the issue's web version: the same for all readers of a language."""
    article = issue.campaign.article
    path = archive.path(issue.newsletter, article, issue.part, language=language)
    return f"{settings.MERIDIAN_URL}{path}"
