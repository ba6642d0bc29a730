"""Anymail's event made ours: the last place where a library's object is seen.

Source of the names on the left: Anymail's documentation, "Normalized tracking event".
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from pipeline.channels.http import without_addresses
from pipeline.outbox.event import ProviderEvent

# Whatever is not here (an auto-reply, a subscription at the provider) changes nothing of ours.
KINDS: Mapping[str, str] = {
    "queued": "accepted",
    "sent": "accepted",
    "deferred": "deferred",
    "rejected": "refused",
    "failed": "refused",
    "delivered": "delivered",
    "bounced": "bounced",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
    "opened": "opened",
    "clicked": "clicked",
}
# What a provider means by "hard" where the server gave no code that says more (RFC 3463).
GONE = "5.1.1"
_SAYS_NOTHING = frozenset({"", "5.0.0"})
# Not a part of a number with more dots: of an address of a machine.
_CODE = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")


def normalised(
    told: Any, *, provider: str, now: dt.datetime, code: str = "", event_id: str | None = None
) -> ProviderEvent | None:
    """The event as a value of ours; None if it is of a kind that changes nothing.

    Args:
        told: Anymail's ``AnymailTrackingEvent``.
        provider: The channel's name.
        now: The time, for an event that bears none.
        code: What a bounce means; see ``status_code``.
        event_id: What the provider knows it by, if it is not what Anymail takes for that.

    Raises:
        Exception: Of any kind, where a field has another form than documented.
    """
    kind = KINDS.get(told.event_type)
    if kind is None:
        return None
    when: dt.datetime = told.timestamp or now
    metadata = told.metadata or {}
    return ProviderEvent(
        kind=kind,
        provider=provider,
        when=(when if when.tzinfo else when.replace(tzinfo=dt.UTC)).astimezone(dt.UTC),
        provider_id=str(told.message_id or ""),
        address=str(told.recipient or ""),
        event_id=str((told.event_id if event_id is None else event_id) or ""),
        batch=str(metadata.get("batch") or ""),
        code=code,
        reason=reason_of(told),
    )


def reason_of(told: Any) -> str:
    """What the provider, or the reader's server, said: one line without addresses."""
    return without_addresses(str(told.mta_response or told.description or ""))


def status_code(told: Any, *, hard: bool = False, given: str = "") -> str:
    """The enhanced status code of a bounce, ``5.1.1``; "" if nobody can tell.

    Args:
        told: Anymail's event, whose texts may hold it.
        hard: Whether the provider says that the address is gone.
        given: The code, where the provider has a field for it.
    """
    texts = (given, str(told.mta_response or ""), str(told.description or ""))
    found = next((match[1] for match in map(_CODE.search, texts) if match), "")
    return GONE if hard and found in _SAYS_NOTHING else found
