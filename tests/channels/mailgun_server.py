"""A loopback server that speaks Mailgun's wire format, and misbehaves when told to.

As documented by Mailgun: ``POST /v3/<domain>/messages`` takes a form, merges its recipient
variables into a message for each reader and says "Queued. Thank you."; ``GET /v3/<domain>/events``
tells page by page what was accepted. Basic authentication, user ``api``.
"""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr

from tests.channels.api_server import ApiServer, Call, Form, Message, basic, read_form

KEY = "key-of-a-test"
DOMAIN = "mg.harbour-street.example.com"
MOST_RECIPIENTS = 1000
MOST_OPTIONS = 16_384


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


class MailgunServer(ApiServer):
    """The server.

    Attributes:
        stored: Every message, in the order of acceptance.
        forms: The form of every POST.
        page_size: Caps ``limit``, as Mailgun's 300 does.
        hidden: For how many look-ups from now on no event has reached the storage yet.
    """

    root = "/v3"

    def __init__(self) -> None:
        self.stored: list[Stored] = []
        self.forms: list[Form] = []
        self.page_size = 300
        self.hidden = 0
        self.next_page_host = ""
        super().__init__()

    def messages(self) -> list[Message]:
        """Every message it took, in order."""
        return [_message(stored) for stored in self.stored]

    def answer(self, call: Call) -> tuple[int, object]:
        """What Mailgun answers."""
        if call.headers.get("authorization") != basic("api", KEY):
            return 401, b"Forbidden"
        if call.method == "POST" and call.path == f"/v3/{DOMAIN}/messages":
            form = read_form(call.headers["content-type"], call.body)
            self.forms.append(form)
            return self.post_message(form)
        if call.path.startswith(f"/v3/{DOMAIN}/events"):
            return self.get_events(call.path, call.query)
        return 404, {"message": "Domain not found"}

    def post_message(self, form: Form) -> tuple[int, object]:
        """Take a letter, or say why not."""
        problem = _problem(form)
        if problem:
            return 400, {"message": problem}
        message_id = f"{secrets.token_hex(8)}@{DOMAIN}"
        with self._lock:
            self.stored.extend(_merged(form, message_id=message_id, now=self.clock()))
        return 200, {"id": f"<{message_id}>", "message": "Queued. Thank you."}

    def get_events(self, path: str, query: Mapping[str, str]) -> tuple[int, object]:
        """One page of events, and the addresses of its neighbours."""
        token = path.rpartition("/events/")[2] if "/events/" in path else ""
        if not token:
            if "begin" not in query or not {"end", "ascending"} & query.keys():
                return 400, {"message": "end time or direction is missing"}
            size = min(int(query.get("limit", "100")), self.page_size)
            token = _token(0, size, float(query["begin"]), query.get("event", ""))
        start, size, begin, kind = _untoken(token)
        events = [_event(message) for message in self.stored if message.time >= begin]
        if kind not in {"", "accepted"} or self._hide(start):
            events = []
        page = events[start : start + size]
        base = f"{self.next_page_host or self.url}/{DOMAIN}/events"
        paging = {
            "next": f"{base}/{_token(start + len(page), size, begin, kind)}",
            "previous": f"{base}/{_token(max(0, start - size), size, begin, kind)}",
        }
        return 200, {"items": page, "paging": paging}

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


def _message(stored: Stored) -> Message:
    return Message(
        id=f"<{stored.id}>",
        recipient=stored.recipient,
        to=stored.to,
        sender=parseaddr(stored.sender),
        reply_to=stored.headers.get("Reply-To", ""),
        subject=stored.subject,
        text=stored.text,
        html=stored.html,
        headers={k: v for k, v in stored.headers.items() if k != "Reply-To"},
        metadata=stored.variables,
        tracked=set(stored.options.values()) != {"no"},
    )


def _event(message: Stored) -> dict[str, object]:
    return {
        "event": "accepted",
        "id": secrets.token_urlsafe(16),
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
