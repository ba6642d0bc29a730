"""One connection to a mail server: commands out, replies in (RFC 5321, sections 3.1 and 4.2).

Whoever answers may be slow, broken or hostile: a reply has an end in time and a size, and what is
no reply ends the connection.
"""

import base64
import contextlib
import ipaddress
import math
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from pipeline.channels.http import without_addresses
from pipeline.errors import RefusedError

LARGEST_REPLY = 65_536
# How long a sender that is asked to end waits for an answer that is due (X14).
HURRY = 6.0
# The longest that connecting, and beginning TLS, may take each: nothing can look up meanwhile.
_OPENING = 8.0
# The longest wait for the answer to QUIT: nothing hangs on it.
_FAREWELL = 1.0
# How often a wait looks up, in seconds.
_TICK = 0.5

Security = Literal["", "starttls", "ssl"]


class LineError(Exception):
    """The line is lost: no reply in time, half of one, or something that is none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said.

    Attributes:
        code: Three digits.
        lines: What stands behind them, line by line.
    """

    code: int
    lines: tuple[bytes, ...]

    @property
    def is_good(self) -> bool:
        """True for 2xx."""
        return 200 <= self.code < 300

    def __str__(self) -> str:
        """Give one line in which no address is named (P8)."""
        text = b" ".join(self.lines).decode("ascii", "replace")
        return without_addresses(f"{self.code} {text}".strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where letters are handed over.

    Attributes:
        security: TLS from the first byte, after STARTTLS, or none.
        timeout: The longest wait for one reply, in seconds.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    timeout: float = 60.0

    @property
    def is_here(self) -> bool:
        """True if it is this machine."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """True if a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Hurry:
    """How long may be waited yet, on all connections together, once an end is asked for."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._ends = math.inf

    def ends(self, now: float) -> float:
        """The latest time, by the monotonic clock."""
        if self._ends == math.inf and self._stopped():
            self._ends = now + HURRY
        return self._ends


class Line:
    """A connection, its replies read one by one."""

    def __init__(self, sock: socket.socket, *, timeout: float, hurry: Hurry) -> None:
        # The dot is small, and would wait for the content before it to be acknowledged.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(min(_TICK, timeout))
        self._socket = sock
        self._timeout = timeout
        self._buffer = bytearray()
        self.hurry = hurry

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Begin TLS. What was said before it is not believed (RFC 3207, section 6).

        Raises:
            LineError: More was said in the clear than was asked for.
            OSError: It fails.
        """
        if self._buffer:
            raise LineError
        self._socket.settimeout(min(_OPENING, self._timeout))
        self._socket = context.wrap_socket(self._socket, server_hostname=host)
        self._socket.settimeout(min(_TICK, self._timeout))

    def send(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            LineError: Not all of it left.
        """
        late, rest = time.monotonic() + self._timeout, memoryview(data)
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                self._look_up(late)
            except OSError:
                raise LineError from None

    def ask(self, command: bytes) -> Reply:
        """Send a command and wait for its reply.

        Raises:
            LineError: There is none.
        """
        self.send(command)
        return self.reply()

    def reply(self, *, patience: float | None = None) -> Reply:
        """The next reply.

        Args:
            patience: The longest wait, in seconds, if it is not the usual one.

        Raises:
            LineError: There is none.
        """
        late = time.monotonic() + (patience or self._timeout)
        first = self._line(late)
        code, more = first[:3], first[3:4]
        if not (code.isdigit() and b"2" <= code[:1] <= b"5" and more in (b"", b" ", b"-")):
            raise LineError
        lines, size = [first[4:]], len(first)
        while more == b"-":
            line = self._line(late)
            more, size = line[3:4], size + len(line)
            if line[:3] != code or more not in (b"", b" ", b"-") or size > LARGEST_REPLY:
                raise LineError
            lines.append(line[4:])
        return Reply(int(code), tuple(lines))

    def _line(self, late: float) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LARGEST_REPLY:
                raise LineError
            self._buffer += self._receive(late)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _receive(self, late: float) -> bytes:
        while True:
            # Before, not after a time-out alone: a server that drips a byte at a time has none.
            self._look_up(late)
            try:
                chunk = self._socket.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                raise LineError from None
            if not chunk:
                raise LineError
            return chunk

    def _look_up(self, late: float) -> None:
        now = time.monotonic()
        if now > min(late, self.hurry.ends(now)):
            raise LineError

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@dataclass(slots=True)
class Session:
    """A connection over which letters can be handed over.

    Attributes:
        offers: What the server can do more than it must, by its name in EHLO, in capitals.
        begun: How many messages were begun.
        in_message: True while a message is begun and not ended: then only its end may follow.
    """

    line: Line
    offers: dict[str, str]
    begun: int = 0
    in_message: bool = False

    @property
    def takes_utf8(self) -> bool:
        """Whether addresses may have letters outside ASCII before the @ (RFC 6531)."""
        return {"SMTPUTF8", "8BITMIME"} <= self.offers.keys()

    @property
    def largest(self) -> int:
        """The most bytes of a message (RFC 1870); 0 if it does not say."""
        size = self.offers.get("SIZE", "")
        return int(size[:18]) if size.isascii() and size.isdecimal() else 0

    def hang_up(self) -> None:
        """End it, politely."""
        with contextlib.suppress(LineError):
            self.line.send(b"QUIT\r\n")
            self.line.reply(patience=_FAREWELL)
        self.line.close()


def connect(server: Server, *, hurry: Hurry) -> Session:
    """Open a connection, with TLS and a password as the settings say.

    Args:
        server: The server.
        hurry: How long may be waited if this program is asked to end.

    Raises:
        RefusedError: It cannot be had. Nothing was handed over.
    """
    try:
        sock = socket.create_connection(
            (server.host, server.port), timeout=min(_OPENING, server.timeout)
        )
    except OSError:
        raise RefusedError(f"{server.host} cannot be reached") from None
    line = Line(sock, timeout=server.timeout, hurry=hurry)
    try:
        return _greeted(line, server, _own_name(sock))
    except BaseException as error:
        line.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            told = f"{server.host} shows a certificate that is not believed"
            raise RefusedError(f"{told}: {error.verify_message}") from None
        if isinstance(error, LineError | OSError):
            told = f"the line to {server.host} was lost before anything was handed over"
            raise RefusedError(told) from None
        raise


def _greeted(line: Line, server: Server, own_name: str) -> Session:
    if server.security == "ssl":
        line.secure(_trust(here=server.is_here), server.host)
    _expect(server, line.reply(), 220)
    offers = _offers(server, line, own_name)
    if server.security == "starttls":
        if "STARTTLS" not in offers:
            raise RefusedError(f"{server.host} offers no STARTTLS")
        _expect(server, line.ask(b"STARTTLS\r\n"), 220)
        line.secure(_trust(here=server.is_here), server.host)
        offers = _offers(server, line, own_name)
    if server.user:
        _sign_in(line, server, offers.get("AUTH", "").upper().split())
    return Session(line, offers)


@lru_cache(maxsize=2)
def _trust(*, here: bool) -> ssl.SSLContext:
    """What is believed; kept, since reading all certificates takes as long as a hundred letters."""
    context = ssl.create_default_context()
    if here:
        # Whoever listens on this machine has no certificate for it, and nobody is in between.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _own_name(sock: socket.socket) -> str:
    """This machine as an address literal (RFC 5321, section 4.1.3): it may have no public name."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _offers(server: Server, line: Line, own_name: str) -> dict[str, str]:
    reply = line.ask(f"EHLO {own_name}\r\n".encode())
    _expect(server, reply, 250)
    said = [offer.decode("ascii", "replace").partition(" ") for offer in reply.lines[1:]]
    return {name.upper(): value.strip() for name, _, value in said}


def _sign_in(line: Line, server: Server, ways: list[str]) -> None:
    if "PLAIN" in ways:
        secret = base64.b64encode(f"\0{server.user}\0{server.password}".encode())
        _expect(server, line.ask(b"AUTH PLAIN " + secret + b"\r\n"), 235)
    elif "LOGIN" in ways:
        _expect(server, line.ask(b"AUTH LOGIN\r\n"), 334)
        _expect(server, line.ask(base64.b64encode(server.user.encode()) + b"\r\n"), 334)
        _expect(server, line.ask(base64.b64encode(server.password.encode()) + b"\r\n"), 235)
    else:
        raise RefusedError(f"{server.host} takes no password by AUTH PLAIN or LOGIN")


def _expect(server: Server, reply: Reply, code: int) -> None:
    if reply.code != code:
        raise RefusedError(f"{server.host} answered {reply}")
