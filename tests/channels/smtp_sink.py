"""A loopback mail server that keeps what it takes, and misbehaves when told to.

As RFC 5321 describes one: it checks the order of commands, undoes the doubling of dots, and says
what it offers in EHLO. With a certificate it takes STARTTLS, or speaks TLS from the first byte.
"""

import base64
import contextlib
import re
import socket
import ssl
import struct
import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

Stage = Literal["banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "content", "dot"]
End = Literal["", "cut", "reset", "stall", "drip", "half"]

STALL = 20.0  # seconds until a stalled server gives up waiting to be released
OFFERS = ("PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong at one place of a dialogue.

    Attributes:
        at: The command, or the content, or the dot behind it, that is answered wrongly.
        reply: What is said in the place of the right answer; None for the right one.
        accepts: At the dot: True if the message is kept all the same.
        end: What becomes of the connection after that: it goes on, is closed, is reset, says no
            more, drips on byte by byte, or is closed in one direction.
        skip: How many times this place goes well before.
    """

    at: Stage
    reply: bytes | None = None
    accepts: bool = False
    end: End = ""
    skip: int = 0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message that was taken.

    Attributes:
        connection: The number of the connection it came by, from 1 on.
        options: What stood behind the sender in MAIL.
        user: Who was signed in, or "".
    """

    sender: str
    recipient: str
    data: bytes
    options: tuple[str, ...]
    connection: int
    secure: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        """The message, read."""
        read = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


class SmtpSink:
    """The server, running on a free port until closed.

    Attributes:
        taken: Every message, in the order of acceptance.
        commands: Every line that came, by connection.
        offers: What EHLO says.
        connections: How many there were.
        stalled: How many of them have stalled.
        password: ``user:password`` that AUTH takes; "" if none is asked for.
    """

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, at_once: bool = False, password: str = ""
    ) -> None:
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        self.offers: tuple[str, ...] = OFFERS
        self.connections = 0
        self.stalled = 0
        self.password = password
        self.tls = tls
        self.at_once = at_once
        self._faults: deque[Fault] = deque()
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def misbehave(self, *faults: Fault) -> None:
        """Let things go wrong, one fault after the other."""
        self._faults.extend(faults)

    def release(self) -> None:
        """Let stalled connections go on."""
        self._released.set()

    def reset(self) -> None:
        """Reset every connection, and wait until that is done."""
        for connection in list(self._open):
            _linger(connection)
            connection.shutdown(socket.SHUT_RD)
        for thread in self._threads:
            thread.join()

    def received(self) -> dict[str, int]:
        """How many messages each reader got."""
        return dict(Counter(taken.recipient for taken in self.taken))

    def wait_for(self, messages: int, seconds: float = 60) -> bool:
        """Wait until so many were taken."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.taken) >= messages, seconds)

    def close(self) -> None:
        """Stop, and wait until every connection has ended."""
        self.release()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def fault(self, stage: Stage) -> Fault | None:
        """What goes wrong here, if anything."""
        with self._lock:
            if not self._faults or self._faults[0].at != stage:
                return None
            first = self._faults.popleft()
            if first.skip:
                self._faults.appendleft(replace(first, skip=first.skip - 1))
                return None
            return first

    def keep(self, taken: Taken) -> None:
        """Take a message."""
        with self._changed:
            self.taken.append(taken)
            self._changed.notify_all()

    def stall(self) -> None:
        """Say nothing more."""
        self.stalled += 1
        self._released.wait(STALL)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            talk = _Talk(self, connection, self.connections)
            thread = threading.Thread(target=self._serve, args=(talk, connection))
            self._threads.append(thread)
            thread.start()

    def _serve(self, talk: "_Talk", connection: socket.socket) -> None:
        try:
            # A client that has gone is what some tests are about.
            with contextlib.suppress(OSError, _EndError):
                talk.run()
        finally:
            self._open.discard(connection)
            talk.close()


def _linger(connection: socket.socket) -> None:
    """Let a connection be reset when it is closed, and not ended politely."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class _EndError(Exception):
    """The connection ends here."""


@dataclass
class _Talk:
    """One connection."""

    sink: SmtpSink
    socket: socket.socket
    number: int
    buffer: bytearray = field(default_factory=bytearray)
    secure: bool = False
    user: str = ""
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    options: tuple[str, ...] = ()

    def close(self) -> None:
        self.socket.close()

    def run(self) -> None:
        if self.sink.at_once:
            self._secure()
        self._say("banner", b"220 sink.example.com ESMTP\r\n")
        while True:
            line = self._line().decode("utf-8", "replace")
            self.sink.commands.append(line)
            verb, _, rest = line.partition(" ")
            command = getattr(self, f"_do_{verb.lower()}", None)
            if command is None:
                self.socket.sendall(b"500 5.5.2 No such command\r\n")
            else:
                command(rest)

    def _do_ehlo(self, rest: str) -> None:
        assert re.fullmatch(r"\[(?:IPv6:)?[0-9a-f.:]+\]", rest)
        offers = list(self.sink.offers)
        offers += ["STARTTLS"] if self.sink.tls and not self.secure else []
        offers += ["AUTH PLAIN LOGIN"] if self.sink.password and "AUTH LOGIN" not in offers else []
        lines = ["sink.example.com", *offers]
        said = [f"250-{line}\r\n" for line in lines[:-1]] + [f"250 {lines[-1]}\r\n"]
        self._say("ehlo", "".join(said).encode())

    def _do_starttls(self, _rest: str) -> None:
        self._say("starttls", b"220 2.0.0 Ready\r\n")
        self._secure()

    def _do_auth(self, rest: str) -> None:
        way, _, first = rest.partition(" ")
        if way == "PLAIN":
            given = base64.b64decode(first).decode().removeprefix("\0").replace("\0", ":")
        else:
            self.socket.sendall(b"334 VXNlcm5hbWU6\r\n")
            user = base64.b64decode(self._line()).decode()
            self.socket.sendall(b"334 UGFzc3dvcmQ6\r\n")
            given = f"{user}:{base64.b64decode(self._line()).decode()}"
        good = given == self.sink.password
        self.user = given.partition(":")[0] if good else ""
        self._say("auth", b"235 2.7.0 In\r\n" if good else b"535 5.7.8 Wrong\r\n")

    def _do_mail(self, rest: str) -> None:
        found = re.fullmatch(r"FROM:<([^>]*)>(.*)", rest)
        if self.sink.password and not self.user:
            self.socket.sendall(b"530 5.7.0 Sign in first\r\n")
            return
        if found is None or self.sender is not None:
            self.socket.sendall(b"503 5.5.1 Not now\r\n")
            return
        if self._say("mail", b"250 2.1.0 Ok\r\n"):
            self.sender, self.options = found[1], tuple(found[2].split())

    def _do_rcpt(self, rest: str) -> None:
        found = re.fullmatch(r"TO:<([^>]+)>", rest)
        if self.sender is None or found is None:
            self.socket.sendall(b"503 5.5.1 Not now\r\n")
            return
        if not found[1].isascii() and "SMTPUTF8" not in self.options:
            self.socket.sendall(b"553 5.6.7 Not in ASCII\r\n")
            return
        if self._say("rcpt", b"250 2.1.5 Ok\r\n"):
            self.recipients.append(found[1])

    def _do_data(self, _rest: str) -> None:
        right = b"354 Go ahead\r\n" if self.recipients else b"554 5.5.1 No valid recipients\r\n"
        if self._say("data", right):
            self._content()

    def _content(self) -> None:
        fault = self.sink.fault("content")
        if fault:
            self._read(until=1)
            self._fail(fault)
        lines = list(self._lines_to_the_dot())
        if not self.recipients:
            self.sender = None
            self.socket.sendall(b"554 5.5.1 No valid recipients\r\n")
            return
        fault = self.sink.fault("dot")
        if fault is None or fault.accepts:
            self._keep(b"".join(line.removeprefix(b".") for line in lines))
        self.sender, self.recipients = None, []
        if fault:
            self._fail(fault)
        else:
            self.socket.sendall(f"250 2.0.0 Ok: queued as {len(self.sink.taken)}\r\n".encode())

    def _keep(self, data: bytes) -> None:
        assert self.sender is not None
        for recipient in self.recipients:
            taken = Taken(
                sender=self.sender,
                recipient=recipient,
                data=data,
                options=self.options,
                connection=self.number,
                secure=self.secure,
                user=self.user,
            )
            self.sink.keep(taken)

    def _do_rset(self, _rest: str) -> None:
        self.sender, self.recipients = None, []
        self.socket.sendall(b"250 2.0.0 Ok\r\n")

    def _do_quit(self, _rest: str) -> None:
        self.socket.sendall(b"221 2.0.0 Bye\r\n")
        raise _EndError

    def _secure(self) -> None:
        assert self.sink.tls is not None
        self.sink._open.discard(self.socket)
        self.socket = self.sink.tls.wrap_socket(self.socket, server_side=True)
        self.sink._open.add(self.socket)
        self.secure = True

    def _say(self, stage: Stage, right: bytes) -> bool:
        """Answer; False if something else than the right thing was said."""
        fault = self.sink.fault(stage)
        if fault is None:
            self.socket.sendall(right)
            return right[:1] in b"23"
        self._fail(fault, right)
        return (fault.reply or right)[:1] in b"23"

    def _fail(self, fault: Fault, right: bytes = b"") -> None:
        said = right if fault.reply is None else fault.reply
        if fault.end == "stall":
            self.sink.stall()
        if fault.end == "drip":
            self._drip()
        self.socket.sendall(said)
        if fault.end == "half":
            self.socket.shutdown(socket.SHUT_WR)
            self.sink.stall()
        if fault.end == "reset":
            _linger(self.socket)
        if fault.end:
            raise _EndError

    def _drip(self) -> None:
        """Say something for ever that is never a whole line."""
        while not self.sink._released.wait(0.05):
            self.socket.sendall(b"2")

    def _lines_to_the_dot(self) -> Iterator[bytes]:
        while (line := self._line(keep=True)) != b".\r\n":
            assert line.endswith(b"\r\n")
            yield line

    def _line(self, *, keep: bool = False) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            self._read(until=len(self.buffer) + 1)
        line = bytes(self.buffer[: end + 1])
        del self.buffer[: end + 1]
        return line if keep else line.rstrip(b"\r\n")

    def _read(self, *, until: int) -> None:
        while len(self.buffer) < until:
            chunk = self.socket.recv(65_536)
            if not chunk:
                raise _EndError
            self.buffer += chunk
