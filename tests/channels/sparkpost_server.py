"""A loopback server that speaks SparkPost's wire format, and misbehaves when told to.

As documented at developers.sparkpost.com: ``POST /api/v1/transmissions`` takes a content and a list
of recipients, fills its template language for each, and answers with one id and two numbers. An
``Idempotency-Key`` is remembered for 24 hours.
"""

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from markupsafe import escape

from tests.channels.api_server import ApiServer, Call, Keys, Message

KEY = "sparkpost-key-of-a-test"
MOST_METADATA = 1000
_EXPRESSION = re.compile(r"\{\{\{\s*([^{}]*?)\s*\}\}\}|\{\{\s*([^{}]*?)\s*\}\}")
_ATTRIBUTES = re.compile(r"\[\[\s*data-msys-[^\]]*\]\]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SparkPostServer(ApiServer):
    """The server.

    Attributes:
        keys: Its idempotency keys.
    """

    root = "/api/v1"

    def __init__(self) -> None:
        self.keys = Keys(self.time, lifetime=24 * 3600)
        super().__init__()

    def answer(self, call: Call) -> tuple[int, object]:
        """What SparkPost answers."""
        if call.headers.get("authorization") != KEY:
            return _error(401, "Unauthorized.", "")
        if (call.method, call.path) != ("POST", "/api/v1/transmissions"):
            return _error(404, "resource not found", "1600")
        key = call.headers.get("idempotency-key", "")
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,255}", key):
            return _error(400, "invalid Idempotency-Key", "1602")
        known = self.keys.known(key, call.body)
        if known is None:
            return self.post_transmission(call, key)
        if not known[0]:
            return _error(409, "Idempotency-Key was used with another payload", "1600")
        return 200, known[1]

    def post_transmission(self, call: Call, key: str) -> tuple[int, object]:
        """Take a transmission, or say why not."""
        sent = call.json()
        assert isinstance(sent, dict)
        problem = _problem(sent)
        if problem:
            return _error(422, "invalid data format/type", "1300", problem)
        number = str(secrets.randbits(60))
        good = [each for each in sent["recipients"] if self.likes(each["address"]["email"])]
        refused = len(sent["recipients"]) - len(good)
        if not good:
            return _error(400, "no valid recipients", "5002", sent["recipients"][0]["address"])
        with self._lock:
            self.taken.extend(_message(sent, each, number) for each in good)
        results = {
            "total_rejected_recipients": refused,
            "total_accepted_recipients": len(good),
            "id": number,
        }
        answer = {"results": results}
        self.keys.learn(key, call.body, answer)
        return 200, answer

    def likes(self, address: str) -> bool:
        """Whether it writes to an address."""
        return "@" in address and address not in self.disliked


def _error(status: int, message: str, code: str, description: object = "") -> tuple[int, object]:
    error = {"message": message, "code": code, "description": str(description)}
    return status, {"errors": [error]}


def _problem(sent: dict[str, Any]) -> str:
    """What SparkPost finds wrong with a transmission; "" if nothing."""
    content = sent.get("content", {})
    if not content.get("from", {}).get("email") or not content.get("subject"):
        return "from and subject are required"
    if not content.get("html") and not content.get("text"):
        return "at a minimum, html or text is required"
    if not sent.get("recipients"):
        return "at least one recipient is required"
    for each in sent["recipients"]:
        merged = sent.get("metadata", {}) | each.get("metadata", {})
        if len(json.dumps(merged)) > MOST_METADATA:
            return "metadata exceeds 1000 bytes"
        if not all(map(_NAME.fullmatch, each.get("substitution_data", {}))):
            return "a substitution key is no name"
    return ""


def _message(sent: dict[str, Any], recipient: dict[str, Any], number: str) -> Message:
    content = sent["content"]
    address = recipient["address"]
    known = sent.get("metadata", {}) | sent.get("substitution_data", {})
    known |= recipient.get("metadata", {}) | recipient.get("substitution_data", {})
    known |= {"email": address["email"]}

    def filled(text: str) -> str:
        return _fill(text, known, html=False)

    headers = {name: filled(value) for name, value in content.get("headers", {}).items()}
    if not sent["options"]["transactional"]:
        headers.setdefault("List-Unsubscribe", "<mailto:unsubscribe@unsub.sparkpost.test>")
    options = sent["options"]
    return Message(
        id=number,
        recipient=address["email"],
        to=((address.get("name", ""), address["email"]),),
        sender=(filled(content["from"].get("name", "")), content["from"]["email"]),
        reply_to=filled(content.get("reply_to", "")),
        subject=filled(content["subject"]),
        text=_ATTRIBUTES.sub("", filled(content["text"])),
        html=_fill(content["html"], known, html=True),
        headers=headers,
        metadata=sent.get("metadata", {}) | recipient.get("metadata", {}),
        tracked=options.get("open_tracking", True) or options.get("click_tracking", True),
    )


def _fill(text: str, known: Mapping[str, str], *, html: bool) -> str:
    """Print expressions; one of a name nobody knows, and every statement, prints nothing."""

    def value(found: re.Match[str]) -> str:
        printed = known.get(found[1] or found[2] or "", "")
        return str(escape(printed)) if html and found[1] is None else printed

    return _EXPRESSION.sub(value, text)
