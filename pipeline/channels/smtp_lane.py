"""One of the connections by which an SMTP channel hands messages over, and what becomes of each.

A round of :class:`pipeline.channels.smtp.SmtpChannel` goes through its lanes three times: each
sends the dot of its last message and the envelope of its next (:meth:`Lane.fly`), reads what became
of the last (:meth:`Lane.land`), and hands over the content of the next (:meth:`Lane.begin`).
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.audience.tokens import bounce_token
from pipeline.channels.message import one_address
from pipeline.channels.skeleton import Skeleton
from pipeline.channels.smtp_line import Hurry, LineError, Reply, Server, Session, connect
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Recipient, Step

_END = b".\r\n"
# What a server says of a command it does not take, or not without a password: it means everybody.
_GENERAL = frozenset({500, 501, 502, 503, 504, 530, 535, 538})
_AWAY = 421


@dataclass(slots=True, kw_only=True)
class Post:
    """A letter on its way.

    Attributes:
        bounces: The address that bounces go to; "" for the sender's own.
        per_connection: After how many messages a connection is made anew.
    """

    letter: Letter
    skeleton: Skeleton
    bounces: str
    per_connection: int
    accepted: list[int] = field(default_factory=list)
    troubled: dict[int, SendError] = field(default_factory=dict)

    def envelope(self, reader: Recipient, session: Session, size: int) -> list[bytes]:
        """The commands before a message of so many bytes."""
        if self.bounces:
            # A return path of its own, so that a bounce says by itself whose it is.
            local, _, domain = self.bounces.rpartition("@")
            sender = f"{local}+{bounce_token(reader.delivery, kind=self.letter.kind)}@{domain}"
        else:
            sender = one_address(self.letter.from_address)
        address = one_address(reader.address, eai=session.takes_utf8)
        options = f" SIZE={size}" if "SIZE" in session.offers else ""
        options += "" if address.isascii() else " BODY=8BITMIME SMTPUTF8"
        return [
            f"MAIL FROM:<{sender}>{options}\r\n".encode(),
            f"RCPT TO:<{address}>\r\n".encode(),
            b"DATA\r\n",
        ]

    def message(self, reader: Recipient, session: Session) -> bytes:
        """The message of one reader, but for its end.

        Raises:
            RefusedError: This server does not take it.
        """
        message = self.skeleton.fill(reader, eai=session.takes_utf8)
        if 0 < session.largest < len(message):
            told = f"the message has {len(message)} bytes, the server takes {session.largest}"
            raise RefusedError(told, final=True)
        return message

    def refuse(self, reader: Recipient, error: RefusedError) -> bool:
        """Keep that one reader's message is not taken; False, for it is not on its way."""
        self.troubled[reader.delivery] = error
        return False

    def step(self, *, ready: Sequence[int] = (), refused: RefusedError | None = None) -> Step:
        """What became of all since the step before."""
        step = Step(ready=ready, accepted=self.accepted, troubled=self.troubled, refused=refused)
        self.accepted, self.troubled = [], {}
        return step


class _AwayError(Exception):
    """The server says that it ends the connection."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.code)
        self.reply = reply


class Lane:
    """One connection, made anew when it has to be.

    Attributes:
        due: The delivery whose message's end is to be sent: the queue has written it down.
        hurry: How long may be waited if this program is asked to end.
    """

    def __init__(self, server: Server, hurry: Hurry) -> None:
        self._server = server
        self._session: Session | None = None
        self._landing: int | None = None
        self._flown: bytes | None = None
        self.due: int | None = None
        self.hurry = hurry

    @property
    def is_open(self) -> bool:
        """True while it is connected, as far as is known."""
        return self._session is not None

    def open(self) -> Session:
        """Connect, unless it is.

        Raises:
            RefusedError: It cannot.
        """
        if self._session is None:
            self._session = connect(self._server, hurry=self.hurry)
        self._session.line.hurry = self.hurry
        return self._session

    def hang_up(self) -> None:
        """Let the connection go."""
        if self._session is not None:
            self._session.hang_up()
            self._session = None

    def take_back(self) -> None:
        """Let a message go whose end has not left: nothing is taken of it (RFC 5321, 4.1.1.4)."""
        if self._flown or (self._session is not None and self._session.in_message):
            self._drop()
        self.due = None

    def _drop(self) -> None:
        if self._session is not None:
            self._session.line.close()
            self._session = None
        self._flown = None

    def fly(self, post: Post, reader: Recipient | None) -> None:
        """Send the end that is due and, where the server takes it in one flight, the envelope."""
        session, self._flown = self._session, None
        if session is None:
            return
        self._landing, self.due = self.due, None
        flight = b"" if self._landing is None else _END
        if reader and "PIPELINING" in session.offers and session.begun < post.per_connection:
            # What is refused is told when its turn comes.
            with contextlib.suppress(RefusedError):
                message = post.message(reader, session)
                flight += b"".join(post.envelope(reader, session, len(message)))
                self._flown = message
        session.in_message = False
        try:
            session.line.send(flight)
        except LineError:
            self._lost(post)

    def land(self, post: Post) -> None:
        """Read what became of the message that was due."""
        if self._landing is None or self._session is None:
            return
        try:
            reply = self._session.line.reply()
        except LineError:
            self._lost(post)
            return
        landed, self._landing = self._landing, None
        told = f"{self._server.host} answered {reply}"
        if reply.is_good:
            post.accepted.append(landed)
        elif reply.code >= 400:
            post.troubled[landed] = RefusedError(told, final=reply.code >= 500)
        else:
            post.troubled[landed] = UnsureError(f"{told} after the dot")

    def _lost(self, post: Post) -> None:
        """The line is lost; what was due, if anything was, may have been taken."""
        if self._landing is not None:
            told = f"the line to {self._server.host} was lost after the dot"
            post.troubled[self._landing] = UnsureError(told)
            self._landing = None
        self._drop()

    def begin(self, post: Post, reader: Recipient) -> bool:
        """Hand over all of one message but its end; False if the server will not have this one.

        A connection that has been open for a while may be ended for reasons of its own, such as its
        age: then a new one is tried at once.

        Raises:
            RefusedError: No message is taken now.
        """
        while True:
            if self._session is not None and self._session.begun >= post.per_connection:
                self.hang_up()
            session = self.open()
            is_fresh = session.begun == 0
            try:
                return self._offer(session, post, reader)
            except LineError:
                told = f"the line to {self._server.host} was lost before anything was handed over"
                lost = RefusedError(told)
            except _AwayError as error:
                lost = RefusedError(f"{self._server.host} answered {error.reply}")
            self._drop()
            if is_fresh:
                raise lost

    def _offer(self, session: Session, post: Post, reader: Recipient) -> bool:
        flown, self._flown = self._flown, None
        try:
            message = flown or post.message(reader, session)
        except RefusedError as error:
            return post.refuse(reader, error)
        session.begun += 1
        if flown:
            replies = [session.line.reply() for _ in range(3)]
        else:
            replies = _replies(session, post.envelope(reader, session, len(message)))
        if any(reply.code == _AWAY for reply in replies):
            raise _AwayError(next(reply for reply in replies if reply.code == _AWAY))
        if _is_taken(replies):
            session.in_message = True
            session.line.send(message)
            return True
        _back(session, replies)
        refused, of_reader = _why(self._server, replies)
        if not of_reader:
            raise refused
        return post.refuse(reader, refused)


def _replies(session: Session, envelope: list[bytes]) -> list[Reply]:
    """What the server says to an envelope, up to its first no."""
    if "PIPELINING" in session.offers:
        session.line.send(b"".join(envelope))
        return [session.line.reply() for _ in envelope]
    replies: list[Reply] = []
    for command in envelope:
        replies.append(session.line.ask(command))
        if not replies[-1].is_good:
            break
    return replies


def _is_taken(replies: list[Reply]) -> bool:
    """Whether the content may follow an envelope.

    Raises:
        LineError: These are answers to something else.
    """
    *before, last = replies
    if any(reply.code == 354 for reply in before) or (len(replies) == 3 and last.is_good):
        raise LineError
    return last.code == 354 and all(reply.is_good for reply in before)


def _back(session: Session, replies: list[Reply]) -> None:
    """Bring the dialogue back to where a message can begin."""
    # It may take content all the same: none, for nobody (RFC 2920, section 3.1).
    session.line.ask(_END if len(replies) == 3 and replies[2].code == 354 else b"RSET\r\n")


def _why(server: Server, replies: list[Reply]) -> tuple[RefusedError, bool]:
    """Why an envelope was refused, and whether that is about its reader alone."""
    place = next((n for n, reply in enumerate(replies[:2]) if not reply.is_good), 2)
    reply = replies[place]
    told = f"{server.host} answered {reply}"
    if place == 0:
        # What it says of the sender holds for all; too large is one message.
        return RefusedError(told, final=reply.code == 552), reply.code == 552
    if place == 2 or reply.code in _GENERAL:
        return RefusedError(told), False
    # Of policy (5.7) more is mended than of addresses: a relay that does not know us yet, a list.
    passing = reply.code < 500 or reply.lines[0].startswith(b"5.7") or b"relay" in _words(reply)
    return RefusedError(told, final=not passing), True


def _words(reply: Reply) -> bytes:
    """The words of a reply in small letters."""
    return b" ".join(reply.lines).lower()
