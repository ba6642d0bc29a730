"""Taking in what providers tell: each event once, in whatever order, each for itself (X12).

An event that cannot be applied is kept with its error, and the others go on. One that is of no
message we know is kept, too: our own answer may not be written down yet.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import InterfaceError, OperationalError, transaction

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.errors import MeridianError
from pipeline.events.engaged import is_measured
from pipeline.events.kinds import KINDS, MEASURED
from pipeline.events.member import find
from pipeline.events.models import Event
from pipeline.events.scrub import scrubbed
from pipeline.outbox.event import ProviderEvent

# How long an event is remembered; an older one could not be told from a repetition.
KEPT = dt.timedelta(days=30)
# So many at once: other writers get their turn.
CHUNK = 50
# When what could not be applied is looked at again; after the last, only a person does.
_AGAIN = [dt.timedelta(seconds=seconds) for seconds in (5, 60, 600, 3_600, 21_600, 86_400)]

State = Event.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What a provider told that could not be read.

    Attributes:
        digest: The sha256 of what came, by which it is recognised.
        fields: The names of its fields: its values may be anybody's.
        error: What went wrong.
    """

    provider: str
    digest: str
    fields: str
    error: str


def take(told: Iterable[ProviderEvent | Unread], *, now: dt.datetime) -> int:
    """Take in what a provider tells, a few in each transaction; all is committed at the end.

    Returns:
        How many were new.
    """
    told, new = iter(told), 0
    while chunk := list(islice(told, CHUNK)):
        with transaction.atomic():
            new += sum(_take(each, now=now) for each in chunk)
    return new


def _take(told: ProviderEvent | Unread, *, now: dt.datetime) -> bool:
    if isinstance(told, Unread):
        return _keep_unread(told, now=now)
    row = _row(told, now=now)
    if row.happened_at < now - KEPT:
        return False
    if row.kind in MEASURED:
        return _measure(row, now=now)
    kept, created = Event.objects.get_or_create(key=row.key, defaults=_values(row))
    if created:
        settle(kept, now=now)
    return created


def _row(told: ProviderEvent, *, now: dt.datetime) -> Event:
    key = _hash_of(told.address)
    return Event(
        key=_key(told, key),
        provider=told.provider,
        kind=told.kind,
        provider_id=told.provider_id[:255],
        address_hash=key,
        batch=told.batch[:32],
        code=told.code[:16],
        reason=scrubbed(told.reason),
        happened_at=told.when,
        received_at=now,
        state=State.ORPHAN,
    )


def _hash_of(address: str) -> str:
    try:
        return address_hash(normalise_address(address))
    except MeridianError:
        return ""


def _key(told: ProviderEvent, reader: str) -> str:
    """What an event is recognised by: the provider's id, else all it says (A6).

    One id may stand for several readers of one message, so kind and reader are in it always.
    """
    same: Sequence[str] = [told.event_id] if told.event_id else [told.provider_id, str(told.when)]
    return _sha256(told.provider, told.kind, reader, *same)


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()


def _values(row: Event) -> dict[str, object]:
    fields = (each.attname for each in Event._meta.concrete_fields)
    return {name: getattr(row, name) for name in fields if name != "key"}


def _keep_unread(told: Unread, *, now: dt.datetime) -> bool:
    values = {
        "provider": told.provider,
        "reason": scrubbed(told.fields),
        "error": scrubbed(told.error),
        "state": State.POISON,
        "happened_at": now,
        "received_at": now,
    }
    key = _sha256(told.provider, told.digest)
    return Event.objects.get_or_create(key=key, defaults=values)[1]


def _measure(row: Event, *, now: dt.datetime) -> bool:
    """Count an open or a click of who agreed; any other is dropped here, and leaves no trace."""
    member = find(row)
    if member is None or not is_measured(member):
        return False
    KINDS[row.kind](member, row, now=now)
    return True


def settle(row: Event, *, now: dt.datetime) -> bool:
    """Apply an event to its message, or keep it until the message or the mend is there.

    Returns:
        True if it was applied.
    """
    error = ""
    try:
        with transaction.atomic():
            found = find(row)
            if found is not None:
                KINDS[row.kind](found, row, now=now)
                row.state, row.error, row.retry_at = State.APPLIED, "", None
                row.save(update_fields=["state", "error", "retry_at"])
                return True
    except (InterfaceError, OperationalError):
        # The database is at fault, not the event: the provider tells all of it again.
        raise
    except Exception as caught:  # noqa: BLE001 (whatever it is, the other events go on)
        error = f"{type(caught).__name__}: {caught}"
    row.state = State.POISON if error else State.ORPHAN
    row.error = scrubbed(error)
    row.retry_at = now + _AGAIN[row.tries] if row.tries < len(_AGAIN) else None
    row.tries += 1
    row.save(update_fields=["state", "error", "retry_at", "tries"])
    return False
