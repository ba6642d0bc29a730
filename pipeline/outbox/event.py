"""What a provider tells afterwards of one message, and who can be asked for it.

It stands below ``channels`` and ``events``, for the one makes it and the other acts on it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """One thing that happened to one message. No library's object, and no address of a web page.

    Attributes:
        kind: What happened: a key of ``events/kinds.py``.
        provider: The name of the channel.
        provider_id: The provider's id of the message, as its receipt has it; "" if it has none.
        address: The reader's, as the provider spells it. Never printed, never stored (P8).
        when: When it happened, in UTC.
        event_id: The same whenever the provider tells it again; "" if it has no such thing.
        batch: The key of the batch, from the metadata of the call; "" if it does not come back.
        code: What a bounce means, in the forms that ``audience.complaints.bounce`` knows.
        reason: The provider's words: one line, without addresses.
    """

    kind: str
    provider: str
    when: dt.datetime
    provider_id: str = ""
    address: str = field(default="", repr=False)
    event_id: str = ""
    batch: str = ""
    code: str = ""
    reason: str = ""


@runtime_checkable
class EventSource(Protocol):
    """A channel that can be asked for events: what makes up for webhooks that are down (X13).

    Attributes:
        name: The channel's name.
        lag: How long an event may take until it can be asked for.
    """

    name: str
    lag: dt.timedelta

    def events(self, *, since: dt.datetime) -> Iterator[ProviderEvent]:
        """Every event from an instant on, the oldest first.

        Raises:
            SendError: It cannot be asked now.
        """
        ...
