"""A loopback server that speaks Resend's wire format, and misbehaves when told to.

As documented at resend.com/docs: ``POST /emails/batch`` takes a list of at most 100 messages and
answers with an id for each; with ``x-batch-validation: permissive`` it leaves out those that are
not valid and names them by index. An ``Idempotency-Key`` is remembered for 24 hours.
"""

import re
import secrets
from typing import Any

from tests.channels.api_server import ApiServer, Call, Keys, Message, mailbox_of

KEY = "re_key_of_a_test"
MOST_MESSAGES = 100
_WORD = re.compile(r"[A-Za-z0-9_-]{1,256}")


class ResendServer(ApiServer):
    """The server.

    Attributes:
        keys: Its idempotency keys.
    """

    def __init__(self) -> None:
        self.keys = Keys(self.time, lifetime=24 * 3600)
        super().__init__()

    def answer(self, call: Call) -> tuple[int, object]:
        """What Resend answers."""
        if "authorization" not in call.headers:
            return _error(401, "missing_api_key", "Missing API key in the authorization header.")
        if call.headers["authorization"] != f"Bearer {KEY}":
            return _error(403, "invalid_api_key", "API key is invalid")
        if (call.method, call.path) != ("POST", "/emails/batch"):
            return _error(404, "not_found", "The requested endpoint does not exist.")
        return self.keyed(call, call.headers.get("idempotency-key", ""))

    def keyed(self, call: Call, key: str) -> tuple[int, object]:
        """As the first time, if the key is known."""
        if not 1 <= len(key) <= 256:
            return _error(400, "invalid_idempotency_key", "Idempotency keys have 1-256 characters")
        known = self.keys.known(key, call.body)
        if known is None:
            return self.post_batch(call, key)
        if not known[0]:
            return _error(409, "invalid_idempotent_request", "the request body was modified")
        return 200, known[1]

    def post_batch(self, call: Call, key: str) -> tuple[int, object]:
        """Take a batch, or say why not."""
        batch = call.json()
        if not isinstance(batch, list) or not 1 <= len(batch) <= MOST_MESSAGES:
            return _error(422, "validation_error", f"a batch has 1 to {MOST_MESSAGES} emails")
        problems = [self.problem(each) for each in batch]
        if any(problems) and call.headers.get("x-batch-validation") != "permissive":
            return _error(422, "validation_error", next(filter(None, problems)))
        taken = [_message(each) for each, why in zip(batch, problems, strict=True) if not why]
        errors = [{"index": n, "message": why} for n, why in enumerate(problems) if why]
        answer = {"data": [{"id": message.id} for message in taken], "errors": errors}
        with self._lock:
            self.taken.extend(taken)
        self.keys.learn(key, call.body, answer)
        return 200, answer

    def problem(self, email: dict[str, Any]) -> str:
        """What Resend finds wrong with a message; "" if nothing."""
        if missing := {"from", "to", "subject"} - email.keys():
            return f"Missing `{min(missing)}` field"
        if not email.get("html") and not email.get("text"):
            return "Missing `html` or `text` field"
        _, address = mailbox_of(email["to"][0])
        if len(email["to"]) > 50 or "@" not in address or address in self.disliked:
            return f"Invalid `to` field: {email['to'][0]}"
        words = [word for tag in email.get("tags", []) for word in (tag["name"], tag["value"])]
        if not all(map(_WORD.fullmatch, words)):
            return "Tags should only contain ASCII letters, numbers, underscores, or dashes"
        if not all(isinstance(value, str) for value in email.get("headers", {}).values()):
            return "The `headers` must be strings"
        return ""


def _error(status: int, name: str, message: str) -> tuple[int, object]:
    return status, {"statusCode": status, "name": name, "message": message}


def _message(email: dict[str, Any]) -> Message:
    to = tuple(map(mailbox_of, email["to"]))
    return Message(
        id=secrets.token_hex(16),
        recipient=to[0][1],
        to=to,
        sender=mailbox_of(email["from"]),
        reply_to=email.get("reply_to", ""),
        subject=email["subject"],
        text=email["text"],
        html=email["html"],
        headers=email.get("headers", {}),
        metadata={tag["name"]: tag["value"] for tag in email.get("tags", [])},
        # A setting of the domain, not of a call.
        tracked=False,
    )
