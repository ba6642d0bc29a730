"""The kinds of events, by name. A new one is one file and one line here."""

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

from pipeline.events import (
    accepted,
    bounced,
    clicked,
    complained,
    deferred,
    delivered,
    opened,
    refused,
    unsubscribed,
)
from pipeline.events.member import Member
from pipeline.events.models import Event


class Apply(Protocol):
    """What an event of one kind does to the message it is of. Done twice, it is the same."""

    def __call__(self, member: Member, event: Event, *, now: dt.datetime) -> None:
        """Do it, inside a transaction."""
        ...


KINDS: Mapping[str, Apply] = {
    "accepted": accepted.apply,
    "deferred": deferred.apply,
    "refused": refused.apply,
    "delivered": delivered.apply,
    "bounced": bounced.apply,
    "complained": complained.apply,
    "unsubscribed": unsubscribed.apply,
    "opened": opened.apply,
    "clicked": clicked.apply,
}
# These say what a person does with a letter: they count only of who agreed, and leave no row.
MEASURED = frozenset({"opened", "clicked"})
