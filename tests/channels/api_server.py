"""A loopback server in the place of a mail API, which misbehaves when told to.

What a provider's server takes, keeps and answers is its subclass's: :mod:`mailgun_server` and its
neighbours, one for each provider, by its public description.
"""

import base64
import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

Form = dict[str, list[str]]

DROP = 0.1  # seconds between two bytes of an answer that drips
STALL = 20.0  # seconds until a stalled answer gives up waiting to be released


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with one call.

    Attributes:
        status: The answer's status.
        headers: Headers of the answer.
        body: The answer's body.
        accepts: True if the server takes the letter before it misbehaves.
        stalls: True if it answers only when released, long after the client has gone.
        cuts: True if it resets the connection in the middle of the body.
        drips: True if the body comes byte by byte, and never to its end.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    accepts: bool = False
    stalls: bool = False
    cuts: bool = False
    drips: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, read to its end.

    Attributes:
        method: ``POST``, ``GET`` …
        path: Without what stands behind the question mark.
        query: What stands behind it.
        headers: By lower-case name.
        body: As it came.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message as one reader would get it.

    Attributes:
        id: The provider's.
        recipient: The address it goes to.
        to: Whom its ``To`` shows, names and addresses.
        sender: Name and address.
        headers: Those that were asked for, without From, To, Subject and Reply-To.
        metadata: What the provider's events of it bear.
        tracked: True if the provider would put in a pixel or rewrite a link.
    """

    id: str
    recipient: str
    to: tuple[tuple[str, str], ...]
    sender: tuple[str, str]
    reply_to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    metadata: Mapping[str, str]
    tracked: bool


class ApiServer:
    """The server, running on a free port until closed.

    Attributes:
        root: The path under which its API begins.
        taken: Every message it took, in order.
        disliked: Addresses it refuses, however well they are written.
        calls: ``POST /path`` or ``GET /path?query`` of every call, in order.
        ports: The client's port of every call: the same for calls over one connection.
        clock: Gives the time that events bear.
        url: Where the API is.
    """

    root: ClassVar[str] = ""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.disliked: set[str] = set()
        self.calls: list[str] = []
        self.ports: list[int] = []
        self.clock: Callable[[], float] = time.time
        self._faults: deque[Fault] = deque()
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._server = _Http(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{self.root}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def answer(self, call: Call) -> tuple[int, object]:
        """What the provider answers to a call: a status, and bytes, or what becomes JSON."""
        raise NotImplementedError

    def time(self) -> float:
        """The time by its clock, which may be set at any moment."""
        return self.clock()

    def said(self) -> dict[str, str]:
        """The headers of an answer that is no fault."""
        return {}

    def messages(self) -> Sequence[Message]:
        """Every message it took, in order."""
        return self.taken

    def received(self) -> dict[str, int]:
        """How many messages each reader got."""
        return dict(Counter(message.recipient for message in self.messages()))

    def misbehave(self, *faults: Fault) -> None:
        """Let the next calls go wrong, one fault each."""
        self._faults.extend(faults)

    def release(self) -> None:
        """Let stalled answers go on."""
        self._released.set()

    def close(self) -> None:
        """Stop, and wait until every call has ended."""
        self.release()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def posts(self) -> int:
        """How many letters were handed over, taken or not."""
        return sum(call.startswith("POST") for call in self.calls)

    def faulty(self) -> bool:
        """Whether a fault still waits for its call."""
        with self._lock:
            return bool(self._faults)

    def fault(self) -> Fault | None:
        """What the call that has just come in gets wrong, if anything."""
        with self._lock:
            return self._faults.popleft() if self._faults else None

    def wait(self, seconds: float = STALL) -> bool:
        """Stall; True if the test let go."""
        return self._released.wait(seconds)


class _Http(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, api: ApiServer) -> None:
        self.api = api
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def hang_up(self) -> None:
        """End the connections that clients keep for a next call."""
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    server: _Http

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        api = self.server.api
        call = self._read()
        api.calls.append(f"{self.command} {self.path}")
        api.ports.append(self.client_address[1])
        fault = api.fault()
        if fault:
            if fault.accepts:
                api.answer(call)
            self._fail(fault)
        else:
            status, answer = api.answer(call)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self._answer(status, body, api.said())

    def _read(self) -> Call:
        parts = urlsplit(self.path)
        return Call(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", "0"))),
        )

    def _fail(self, fault: Fault) -> None:
        if fault.stalls:
            self.server.api.wait()
        if fault.drips:
            self._drip()
        elif fault.cuts:
            self._cut(fault.body)
        else:
            self._answer(fault.status, fault.body, fault.headers)

    def _drip(self) -> None:
        """A space every now and then, until the client has gone or the test lets go."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.server.api.wait(DROP):
                self.wfile.write(b" ")
                self.wfile.flush()
        self.close_connection = True

    def _cut(self, body: bytes) -> None:
        """Promise more than comes, then reset the connection."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Closed behind the library's back: it would end the stream politely first.
        os.close(self.connection.detach())

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in {"Date": self.date_time_string(), **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Keep quiet."""


def basic(user: str, password: str) -> str:
    """The Authorization header of a user."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def mailbox_of(text: str) -> tuple[str, str]:
    """Name and address of a mailbox as RFC 5322 and RFC 2047 write it."""
    name, address = parseaddr(text)
    return str(make_header(decode_header(name))), address


class Keys:
    """The keys a provider knows: the first answer to each, for as long as it is remembered.

    Attributes:
        clock: Tells the time.
        lifetime: In seconds.
    """

    def __init__(self, clock: Callable[[], float], *, lifetime: float) -> None:
        self.clock = clock
        self.lifetime = lifetime
        self._known: dict[str, tuple[float, bytes, object]] = {}

    def known(self, key: str, body: bytes) -> tuple[bool, object] | None:
        """Whether the body is the same as then, and the answer then; None for a new key."""
        since, first, answer = self._known.get(key, (float("-inf"), b"", None))
        if self.clock() - since >= self.lifetime:
            return None
        return first == body, answer

    def learn(self, key: str, body: bytes, answer: object) -> None:
        """Remember an answer."""
        self._known[key] = (self.clock(), body, answer)


def read_form(kind: str, body: bytes) -> Form:
    """A form, urlencoded or multipart."""
    if kind.startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode(), keep_blank_values=True)
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    form: Form = {}
    for part in message.iter_parts():
        assert isinstance(part, EmailMessage)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        form.setdefault(str(name), []).append(content.decode())
    return form
