"""SMTP: one message each over connections that stay open, and a word with the queue before each.

A mail server says that it took a message after the dot that ends it, and a line that is lost there
leaves nobody the wiser (RFC 1047; class c). So all but the dot is sent first, then the queue writes
down whose message is about to go (:class:`pipeline.outbox.letter.SteppedChannel`), then the dot
leaves, and with it, where the server takes commands in one flight (RFC 2920), all of the next
message's envelope. Until the dot, whatever happens, nothing was taken.

A few connections go in step, so that the queue writes down one message of each at a time: a flush
of the disk costs more than all else of a message.

Sources: RFC 5321, and 1870 (SIZE), 2920 (PIPELINING), 3207 (STARTTLS), 3463 (enhanced codes), 4954
(AUTH), 6531 (SMTPUTF8). The settings have Django's names: docs.djangoproject.com, "Settings".
"""

import datetime as dt
import json
from collections.abc import Callable, Collection, Generator
from itertools import zip_longest

from pipeline.channels.skeleton import Skeleton
from pipeline.channels.smtp_lane import Lane, Post
from pipeline.channels.smtp_line import Hurry, Server
from pipeline.channels.smtp_settings import (
    bounce_address,
    connections,
    per_connection,
    server_of_settings,
)
from pipeline.errors import RefusedError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety, Step


class SmtpChannel:
    """Hands letters to a mail server over one connection: one channel for each thread."""

    name = "smtp"
    batch_size = 250
    # Whether this server takes them is known when it is asked.
    eai = True
    safety = Safety.NEITHER
    key_lifetime: dt.timedelta | None = None
    serializer = "smtp-1"

    def __init__(
        self,
        server: Server,
        *,
        bounces: str = "",
        connections: int = 4,
        per_connection: int = 100,
    ) -> None:
        """Make a channel; it connects when it has something to send.

        Args:
            server: The mail server.
            bounces: The address, without its token, that bounces go to; "" for the sender's own.
            connections: The most connections at a time.
            per_connection: After how many messages a new connection is made.
        """
        self.timeout = dt.timedelta(seconds=server.timeout)
        self.api_url = f"smtp://{f'[{server.host}]' if ':' in server.host else server.host}"
        self._server = server
        self._bounces = bounces
        self.connections = connections
        self._per_connection = per_connection
        self._lanes: list[Lane] = []

    @classmethod
    def from_settings(cls) -> "SmtpChannel":
        """The channel that the settings ``EMAIL_…`` describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            server_of_settings(),
            bounces=bounce_address(),
            connections=connections(),
            per_connection=per_connection(),
        )

    def close(self) -> None:
        """Let the connections go."""
        for lane in self._lanes:
            lane.hang_up()

    def serialize(self, letter: Letter) -> bytes:
        """All that the messages are made of, as canonical JSON."""
        fields = [getattr(letter, name) for name in letter.__slots__ if name != "recipients"]
        readers = [
            [reader.delivery, reader.address, reader.name, reader.message_id, dict(reader.values)]
            for reader in letter.recipients
        ]
        whole = [self.serializer, fields, readers]
        return json.dumps(whole, sort_keys=True, separators=(",", ":"), default=str).encode()

    def submit(self, letter: Letter) -> Receipt:
        """Hand the letter over without a word with anybody in between: for a single reader.

        Raises:
            RefusedError: Not all of it could be handed over.
            UnsureError: Nobody can tell of one of its readers.
        """
        accepted: dict[int, str] = {}
        refused: dict[int, str] = {}
        everybody = [reader.delivery for reader in letter.recipients]
        for step in self.steps(letter, everybody):
            accepted |= dict.fromkeys(step.accepted, "")
            for delivery, error in step.troubled.items():
                if not isinstance(error, RefusedError):
                    raise error
                refused[delivery] = str(error)
            if step.refused is not None:
                raise step.refused
        return Receipt(accepted=accepted, refused=refused)

    def steps(
        self,
        letter: Letter,
        only: Collection[int],
        *,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Generator[Step, None, None]:
        """Hand the letter over, a few readers at a time, once it is asked for the next step."""
        try:
            post = Post(
                letter=letter,
                skeleton=Skeleton(letter),
                bounces=self._bounces,
                per_connection=self._per_connection,
            )
            readers = [reader for reader in letter.recipients if reader.delivery in only]
            self._open_lanes(min(self.connections, len(readers)), Hurry(stopped))
        except RefusedError as error:
            yield Step(refused=error)
            return
        try:
            yield from self._rounds(post, readers)
        finally:
            for lane in self._lanes:
                lane.take_back()

    def _rounds(self, post: Post, readers: list[Recipient]) -> Generator[Step, None, None]:
        most = len(self._lanes)
        try:
            for begin in range(0, len(readers), most):
                ready = self._round(post, readers[begin : begin + most])
                if ready:
                    yield post.step(ready=[reader.delivery for _, reader in ready])
                for lane, reader in ready:
                    # It is written down: from here on it goes.
                    lane.due = reader.delivery
            self._round(post, [])
            yield post.step()
        except RefusedError as error:
            yield post.step(refused=error)

    def _round(self, post: Post, readers: list[Recipient]) -> list[tuple[Lane, Recipient]]:
        """End what is due on all lanes, and begin with so many readers more.

        Returns:
            Those whose messages are handed over but for their ends.

        Raises:
            RefusedError: No more can be begun. What was due has ended all the same.
        """
        theirs = list(zip_longest(self._lanes, readers))
        for lane, reader in theirs:
            lane.fly(post, reader)
        for lane in self._lanes:
            lane.land(post)
        return [(lane, reader) for lane, reader in theirs if reader and lane.begin(post, reader)]

    def _open_lanes(self, wanted: int, hurry: Hurry) -> None:
        """Connect as often as is wanted, or as the server lets us, which is once at least.

        Raises:
            RefusedError: It does not.
        """
        self._lanes = [lane for lane in self._lanes if lane.is_open]
        while len(self._lanes) < wanted:
            lane = Lane(self._server, hurry)
            try:
                lane.open()
            except RefusedError:
                if not self._lanes:
                    raise
                break
            self._lanes.append(lane)
        for lane in self._lanes:
            lane.hurry = hurry
