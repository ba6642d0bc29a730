"""A loopback server that speaks Brevo's wire format, and misbehaves when told to.

As documented at developers.brevo.com: ``POST /v3/smtp/email`` takes a message and at most 1,000
versions of it, reads its template language in each, and answers with an id for each. A second call
with an ``idempotencyKey`` of the last 30 minutes is the error ``duplicate_parameter``.
``GET /v3/smtp/statistics/events`` tells what it took.
"""

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from email.header import decode_header, make_header
from typing import Any

from tests.channels.api_server import ApiServer, Call, Keys, Message

KEY = "xkeysib-key-of-a-test"
MOST_VERSIONS = 1000
_LANGUAGE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{", re.DOTALL)
_SPECIAL = set('()<>@,;:\\".[]')


class BrevoServer(ApiServer):
    """The server.

    Attributes:
        keys: Its idempotency keys.
        hidden: For how many look-ups from now on no event has reached the log yet.
    """

    root = "/v3"

    def __init__(self) -> None:
        self.keys = Keys(self.time, lifetime=30 * 60)
        self.hidden = 0
        self._tags: dict[str, str] = {}
        super().__init__()

    def answer(self, call: Call) -> tuple[int, object]:
        """What Brevo answers."""
        if call.headers.get("api-key") != KEY:
            return _error(401, "unauthorized", "Key not found")
        if (call.method, call.path) == ("POST", "/v3/smtp/email"):
            return self.post_email(call)
        if (call.method, call.path) == ("GET", "/v3/smtp/statistics/events"):
            return 200, self.get_events(call.query)
        return _error(404, "document_not_found", "Object does not exist")

    def post_email(self, call: Call) -> tuple[int, object]:
        """Take a message, or say why not."""
        sent = call.json()
        assert isinstance(sent, dict)
        key = sent.get("headers", {}).get("idempotencyKey", "")
        if key and self.keys.known(key, b"") is not None:
            return _error(400, "duplicate_parameter", "idempotencyKey was used")
        if why := self.problem(sent):
            return _error(400, "invalid_parameter", why)
        taken = [_message(sent, version) for version in sent["messageVersions"]]
        with self._lock:
            self.taken.extend(taken)
            self._tags |= dict.fromkeys((message.id for message in taken), sent["tags"][0])
        if key:
            self.keys.learn(str(uuid.UUID(key)), b"", None)
        return 201, {"messageIds": [message.id for message in taken]}

    def problem(self, sent: dict[str, Any]) -> str:
        """What Brevo finds wrong with a message; "" if nothing."""
        if missing := {"sender", "subject", "htmlContent"} - sent.keys():
            return f"{min(missing)} is missing"
        versions = sent.get("messageVersions", [])
        if not 1 <= len(versions) <= MOST_VERSIONS:
            return "messageVersions has too many versions, or none"
        addresses = [to["email"] for version in versions for to in version["to"]]
        for address in addresses:
            if "@" not in address or address in self.disliked:
                return f"email {address} is not valid in to"
        return ""

    def get_events(self, query: Mapping[str, str]) -> object:
        """What was taken, by tag."""
        if self.hidden:
            self.hidden -= 1
            return {}
        tags = json.loads(query.get("tags", "[]"))
        events = [
            {
                "email": message.recipient,
                "messageId": message.id,
                "event": "requests",
                "tag": self._tags[message.id],
            }
            for message in self.taken
            if self._tags[message.id] in tags and query.get("event") in {None, "requests"}
        ]
        return {"events": events[: int(query.get("limit", "2500"))]} if events else {}


def _error(status: int, code: str, message: str) -> tuple[int, object]:
    return status, {"code": code, "message": message}


def _message(sent: dict[str, Any], version: dict[str, Any]) -> Message:
    custom = sent.get("headers", {}) | version.get("headers", {})
    custom.pop("idempotencyKey", None)
    told = json.loads(custom.pop("X-Mailin-custom", "{}"))
    to = tuple((_name(each), each["email"]) for each in version["to"])

    def filled(field: str) -> str:
        return _LANGUAGE.sub("", version.get(field, sent[field]))

    return Message(
        id=f"<{secrets.token_hex(8)}@smtp-relay.mailin.test>",
        recipient=to[0][1],
        to=to,
        sender=(_name(sent["sender"]), sent["sender"]["email"]),
        reply_to=sent.get("replyTo", {}).get("email", ""),
        subject=filled("subject"),
        text=filled("textContent"),
        html=filled("htmlContent"),
        # It decodes what is encoded, and sends it raw.
        headers={name: str(make_header(decode_header(value))) for name, value in custom.items()},
        metadata=told,
        # A setting of the account, not of a call.
        tracked=False,
    )


def _name(mailbox: Mapping[str, str]) -> str:
    """The name that arrives: one that is not ASCII and has a special character does not."""
    name = _LANGUAGE.sub("", mailbox.get("name", ""))
    if not name.isascii() and _SPECIAL & set(name):
        return ""
    return str(make_header(decode_header(name)))
