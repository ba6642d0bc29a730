"""What a channel is handed and what it answers."""

import datetime as dt
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, Protocol, runtime_checkable

from pipeline.errors import RefusedError, SendError

LetterKind = Literal["issue", "notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One reader of a letter.

    Attributes:
        delivery: The number of the delivery, or of the notice.
        message_id: ``local@domain`` without brackets, the same on every try (D16).
        values: The reader's merge values by field name.
    """

    delivery: int
    address: str
    name: str
    message_id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One issue for the readers of one batch, or one notice for one person.

    It is frozen: the same whenever it is built again.

    Attributes:
        key: The batch's key, by which a provider recognises a second try.
        folder: Its folder below ``outbox/``.
        date: The Date header.
        list_id: ``key.domain`` of RFC 2919, without brackets; a notice is of no list and has "".
        html: With merge marks, as approved.
        text: With merge marks, as approved.
        kind: A notice has no way to leave a list, and says that a program wrote it.
        tracked: Whether all its readers agreed to have opens and clicks measured (P2).
    """

    key: str
    folder: str
    date: dt.datetime
    from_name: str
    from_address: str
    reply_to: str
    list_id: str
    list_name: str
    subject: str
    html: str
    text: str
    recipients: tuple[Recipient, ...]
    kind: LetterKind = "issue"
    tracked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of each delivery of a letter that a channel answered.

    Attributes:
        accepted: The provider's id by delivery.
        refused: The reason by delivery, for readers the provider will not write to.
    """

    accepted: Mapping[int, str] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)


class Safety(Enum):
    """What makes a second try safe when the first one's answer was lost (DESIGN section 5)."""

    KEYED = "a"  # the channel recognises the key and does nothing the second time
    LOOK_UP = "b"  # the channel can be asked what it took
    NEITHER = "c"  # nobody can tell: it is not tried again


class Channel(Protocol):
    """A way out. The queue is given one; it never looks for it.

    Attributes:
        batch_size: The most readers one call may have.
        eai: Whether it takes addresses with letters outside ASCII before the @ (RFC 6532).
        key_lifetime: How long a KEYED channel remembers a key; None means for ever.
        timeout: The longest one call may take; a lease is longer than twice that (I4).
        serializer: Changes when the same letter would give other bytes.
    """

    name: str
    batch_size: int
    eai: bool
    safety: Safety
    key_lifetime: dt.timedelta | None
    timeout: dt.timedelta
    serializer: str

    def serialize(self, letter: Letter) -> bytes:
        """The bytes that would go out: the same for the same letter, without sending it."""
        ...

    def submit(self, letter: Letter) -> Receipt:
        """Hand the letter over, once.

        Raises:
            RefusedError: Certainly nothing was taken.
            UnsureError: Nobody can tell.
        """
        ...

    def close(self) -> None:
        """Let its connections go; it makes new ones when it has something to send."""
        ...


class LookUpChannel(Channel, Protocol):
    """A channel that can be asked afterwards what it took.

    Attributes:
        grace: How long after a lost answer its log may still lag behind what it took.
        memory: How long its log surely goes back: past that, finding nothing proves nothing.
    """

    grace: dt.timedelta
    memory: dt.timedelta

    def look_up(self, letter: Letter, *, since: dt.datetime) -> Mapping[int, str]:
        """Which deliveries the channel took since then, with its ids.

        Raises:
            SendError: It cannot be asked now.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a channel of one message each has come.

    Attributes:
        ready: Those whose messages are handed over but for their ends, in the letter's order: asked
            for the next step, the channel sends these, and nobody can take them back. None are at
            the end of a letter.
        accepted: Whose messages were taken since the step before.
        troubled: What became of the others since then.
        refused: Why no more can be handed over now, at the end of a letter that did not all go.
    """

    ready: Sequence[int] = ()
    accepted: Sequence[int] = ()
    troubled: Mapping[int, SendError] = field(default_factory=dict)
    refused: RefusedError | None = None


@runtime_checkable
class SteppedChannel(Channel, Protocol):
    """A channel of one message each, which waits before each until its queue has written it down.

    So nobody has to ask of a whole batch what became of it, but of the few at a time that go by its
    open connections, one by each.
    """

    def steps(
        self, letter: Letter, only: Collection[int], *, stopped: Callable[[], bool]
    ) -> Generator[Step, None, None]:
        """Hand the letter over, a few readers at a time, in its order.

        Args:
            letter: The letter.
            only: Those of its deliveries that are meant.
            stopped: Tells that this program is asked to end: then it waits for no answer for long.
        """
        ...
