"""Who a letter is for, as the queue reads them: rows, for there are many."""

import datetime as dt
from typing import NamedTuple


class Person(NamedTuple):
    """Who a delivery is for, as they are now.

    Attributes:
        excluded: Why they are not written to, or "".
        tracked: Whether they agreed to have opens and clicks measured (P2).
    """

    excluded: str
    paused_until: dt.datetime | None
    tracked: bool
    address: str
    name: str
    language: str
    time_zone: str


class Reader(NamedTuple):
    """A delivery that goes now."""

    delivery: int
    subscriber: int
    person: Person
