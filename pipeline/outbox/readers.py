"""Who a letter is for, as the queue reads them: rows, for there are many."""

import datetime as dt
from typing import NamedTuple


class Person(NamedTuple):
    """Who a delivery is for, as they are now; ``excluded`` is why they are not written to."""

    excluded: str
    paused_until: dt.datetime | None
    address: str
    name: str
    language: str
    time_zone: str


class Reader(NamedTuple):
    """A delivery that goes now."""

    delivery: int
    subscriber: int
    person: Person
