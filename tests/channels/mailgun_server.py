"""A loopback server that speaks Mailgun's wire format, and misbehaves when told to.

As documented by Mailgun: ``POST /v3/<domain>/messages`` takes a form, merges its recipient
variables into a message for each reader and says "Queued. Thank you."; ``GET /v3/<domain>/events``
tells page by page what was accepted. Basic authentication, user ``api``.
"""

import base64
import contextlib
import json
import os
import re
import secrets
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import getaddresses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

Form = dict[str, list[str]]

KEY = "key-of-a-test"
DOMAIN = "mg.harbour-street.example.com"
MOST_RECIPIENTS = 1000
MOST_OPTIONS = 16_384
STALL = 20.0  # seconds until a stalled answer gives up waiting to be released


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One message as one reader would get it."""

    id: str
    recipient: str
    to: tuple[tuple[str, str], ...]
    sender: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    variables: dict[str, str]
    options: dict[str, str]
    time: float


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
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    accepts: bool = False
    stalls: bool = False
    cuts: bool = False


class MailgunServer:
    """The server, running on a free port until closed.

    Attributes:
        stored: Every message, in the order of acceptance.
        calls: ``POST /path`` or ``GET /path?query`` of every call, in order.
        ports: The client's port of every call: the same for calls over one connection.
        forms: The form of every POST.
        clock: Gives the time that events bear.
        page_size: Caps ``limit``, as Mailgun's 300 does.
        reported: What became of messages, beside that they were accepted; see ``report``.
        hidden: For how many look-ups from now on no event has reached the storage yet.
    """

    def __init__(self) -> None:
        self.stored: list[Stored] = []
        self.reported: list[object] = []
        self.calls: list[str] = []
        self.ports: list[int] = []
        self.forms: list[Form] = []
        self.clock: Callable[[], float] = time.time
        self.page_size = 300
        self.hidden = 0
        self.next_page_host = ""
        self._faults: deque[Fault] = deque()
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._server = _Http(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v3"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

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

    def received(self) -> dict[str, int]:
        """How many messages each reader got."""
        counts: dict[str, int] = {}
        for message in self.stored:
            counts[message.recipient] = counts.get(message.recipient, 0) + 1
        return counts

    def posts(self) -> int:
        """How many letters were handed over, taken or not."""
        return sum(call.startswith("POST") for call in self.calls)

    def fault(self) -> Fault | None:
        """What the call that has just come in gets wrong, if anything."""
        with self._lock:
            return self._faults.popleft() if self._faults else None

    def wait(self) -> None:
        """Stall."""
        self._released.wait(STALL)

    # --- What Mailgun does ------------------------------------------------------------------------

    def post_message(self, form: Form) -> tuple[int, object]:
        """Take a letter, or say why not."""
        problem = _problem(form)
        if problem:
            return 400, {"message": problem}
        message_id = f"{secrets.token_hex(8)}@{DOMAIN}"
        with self._lock:
            self.stored.extend(_merged(form, message_id=message_id, now=self.clock()))
        return 200, {"id": f"<{message_id}>", "message": "Queued. Thank you."}

    def get_events(self, path: str, query: dict[str, str]) -> tuple[int, object]:
        """One page of events, and the addresses of its neighbours."""
        token = path.rpartition("/events/")[2] if "/events/" in path else ""
        if not token:
            if "begin" not in query or not {"end", "ascending"} & query.keys():
                return 400, {"message": "end time or direction is missing"}
            size = min(int(query.get("limit", "100")), self.page_size)
            token = _token(0, size, float(query["begin"]), query.get("event", ""))
        start, size, begin, kind = _untoken(token)
        told = [_event(message) for message in self.stored] + self.reported
        events = [each for each in told if _is_meant(each, kind, begin)]
        events.sort(key=lambda each: _field(each, "timestamp", begin))
        if self._hide(start):
            events = []
        page = events[start : start + size]
        base = f"{self.next_page_host or self.url}/{DOMAIN}/events"
        paging = {
            "next": f"{base}/{_token(start + len(page), size, begin, kind)}",
            "previous": f"{base}/{_token(max(0, start - size), size, begin, kind)}",
        }
        return 200, {"items": page, "paging": paging}

    def report(self, kind: str, message: Stored, **more: object) -> dict[str, object]:
        """Let something become of a message, at the server's time."""
        told = _event(message) | {"event": kind, "timestamp": self.clock(), **more}
        told["id"] = secrets.token_urlsafe(16)
        self.reported.append(told)
        return told

    def _hide(self, start: int) -> bool:
        hidden = start == 0 and self.hidden > 0
        self.hidden -= hidden
        return hidden


def _token(*parts: float | str) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _untoken(token: str) -> tuple[int, int, float, str]:
    start, size, begin, kind = json.loads(base64.urlsafe_b64decode(token))
    return start, size, begin, kind


def _problem(form: Form) -> str:
    """What Mailgun finds wrong with a form, in its words; "" if nothing."""
    options = sum(len(key) + len(form[key][0]) for key in form if key[:2] in {"o:", "h:", "v:"})
    recipients = getaddresses(form.get("to", []))
    if not recipients:
        return "to parameter is missing"
    if len(recipients) > MOST_RECIPIENTS:
        return f"Too many recipients; max is {MOST_RECIPIENTS}"
    if any("@" not in address for _, address in recipients):
        return "'to' parameter is not a valid address. please check documentation"
    if not form.get("text") and not form.get("html"):
        return "Need at least one of 'text' or 'html' parameters specified"
    if options > MOST_OPTIONS:
        return "Send options (parameters starting with o:, h:, or v:) are limited to 16 kB total"
    return ""


def _merged(form: Form, *, message_id: str, now: float) -> list[Stored]:
    """A message for each reader; without recipient variables all see each other, as at Mailgun."""
    recipients = tuple(getaddresses(form["to"]))
    given = form.get("recipient-variables")
    variables: dict[str, dict[str, str]] = json.loads(given[0]) if given else {}
    made = []
    for name, address in recipients:
        own = variables.get(address, {})

        def filled(key: str, own: dict[str, str] = own, address: str = address) -> str:
            return _fill(form.get(key, [""])[0], own, address)

        made.append(
            Stored(
                id=message_id,
                recipient=address,
                to=((name, address),) if given else recipients,
                sender=filled("from"),
                subject=filled("subject"),
                text=filled("text"),
                html=filled("html"),
                headers={key[2:]: filled(key) for key in form if key.startswith("h:")},
                variables={key[2:]: filled(key) for key in form if key.startswith("v:")},
                options={key: form[key][0] for key in form if key.startswith("o:")},
                time=now,
            )
        )
    return made


def _fill(text: str, own: dict[str, str], address: str) -> str:
    """Put in recipient variables and Mailgun's own; a name it does not know stays as it is."""
    known = {f"recipient.{key}": str(value) for key, value in own.items()}
    known |= {"recipient": address, "recipient_email": address}
    known |= {"unsubscribe_url": "http://mailgun.test/u/everything"}
    return re.sub(r"%([^%\s]+)%", lambda match: known.get(match[1], match[0]), text)


def _field(event: object, name: str, default: Any) -> Any:
    return event.get(name, default) if isinstance(event, dict) else default


def _is_meant(event: object, kind: str, begin: float) -> bool:
    meant = kind in ("", _field(event, "event", kind))
    return meant and float(_field(event, "timestamp", begin)) >= begin


def _event(message: Stored) -> dict[str, object]:
    return {
        "event": "accepted",
        "id": f"accepted-{message.id}-{message.recipient}",
        "timestamp": message.time,
        "recipient": message.recipient,
        "recipient-domain": message.recipient.rpartition("@")[2],
        "user-variables": message.variables,
        "message": {
            "headers": {"message-id": message.id, "subject": message.subject},
            "size": len(message.html),
        },
        "flags": {"is-authenticated": True, "is-test-mode": False},
    }


class _Http(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, mailgun: MailgunServer) -> None:
        self.mailgun = mailgun
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
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = read_form(self.headers["Content-Type"], body)
        self.server.mailgun.forms.append(form)
        self._serve(lambda: self.server.mailgun.post_message(form))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        self._serve(lambda: self.server.mailgun.get_events(parts.path, query))

    def _serve(self, action: Callable[[], tuple[int, object]]) -> None:
        mailgun = self.server.mailgun
        mailgun.calls.append(f"{self.command} {self.path}")
        mailgun.ports.append(self.client_address[1])
        fault = mailgun.fault()
        if fault:
            if fault.accepts:
                action()
            self._fail(fault)
        elif self.headers["Authorization"] != _basic("api", KEY):
            self._answer(401, b"Forbidden")
        elif not self.path.startswith((f"/v3/{DOMAIN}/messages", f"/v3/{DOMAIN}/events")):
            self._answer(404, json.dumps({"message": "Domain not found"}).encode())
        else:
            status, answer = action()
            self._answer(status, json.dumps(answer).encode())

    def _fail(self, fault: Fault) -> None:
        if fault.stalls:
            self.server.mailgun.wait()
        if fault.cuts:
            self._cut(fault.body)
        else:
            self._answer(fault.status, fault.body, fault.headers)

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


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


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
