"""Channels for tests of the queue. Each writes what it takes into a list and does as it is told.

They stand where a provider stands, behind the queue's own protocol; the wire formats themselves are
tested in tests/channels against real servers.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Mapping

from pipeline.outbox.letter import Letter, Receipt, Safety

Trouble = Callable[[Letter], None]


class ListChannel:
    """Takes letters into ``taken``, one entry a reader.

    Attributes:
        before: Called before a letter is taken; may raise.
        after: Called after it was taken; may raise, as a lost answer does.
        knows_keys: True if a key it knows is answered without taking anything again.
    """

    name = "list"
    timeout = dt.timedelta(seconds=1)
    serializer = "list-1"
    eai = False
    grace = dt.timedelta(minutes=5)
    memory = dt.timedelta(days=1)

    def __init__(
        self,
        safety: Safety = Safety.KEYED,
        *,
        batch_size: int = 3,
        key_lifetime: dt.timedelta | None = None,
    ) -> None:
        self.safety = safety
        self.batch_size = batch_size
        self.key_lifetime = key_lifetime
        self.taken: list[tuple[str, str]] = []
        self.keys: dict[str, Letter] = {}
        self.refuse: dict[str, str] = {}
        self.before: Trouble = _nothing
        self.after: Trouble = _nothing
        self.asked_since: list[dt.datetime] = []
        self.hidden = False

    def serialize(self, letter: Letter) -> bytes:
        """The letter as JSON."""
        recipients = [[r.delivery, r.address, dict(r.values)] for r in letter.recipients]
        return json.dumps([self.serializer, letter.key, letter.subject, recipients]).encode()

    def submit(self, letter: Letter) -> Receipt:
        """Take the letter, or do what the test asks for."""
        self.before(letter)
        if letter.key not in self.keys or self.safety is not Safety.KEYED:
            self.taken += [
                (letter.key, r.address) for r in letter.recipients if r.address not in self.refuse
            ]
        self.keys[letter.key] = letter
        self.after(letter)
        return Receipt(
            accepted={
                r.delivery: f"id-{r.delivery}"
                for r in letter.recipients
                if r.address not in self.refuse
            },
            refused={
                r.delivery: self.refuse[r.address]
                for r in letter.recipients
                if r.address in self.refuse
            },
        )

    def look_up(self, letter: Letter, *, since: dt.datetime) -> Mapping[int, str]:
        """What of this letter was taken."""
        self.asked_since.append(since)
        self.before(letter)
        addresses = {address for key, address in self.taken if key == letter.key}
        if self.hidden:
            return {}
        return {r.delivery: "found" for r in letter.recipients if r.address in addresses}

    def close(self) -> None:
        """Nothing is open."""

    def copies(self) -> Counter[str]:
        """How many copies each address got."""
        return Counter(address for _, address in self.taken)


def _nothing(_letter: Letter) -> None:
    return


def fails(error: Exception, *, times: int = 1) -> Trouble:
    """Trouble that raises an error so many times and then no more."""
    left = [error] * times

    def trouble(_letter: Letter) -> None:
        if left:
            raise left.pop()

    return trouble
