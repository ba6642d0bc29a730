"""A loopback server that speaks SendGrid's wire format, and misbehaves when told to.

As documented by Twilio: ``POST /v3/mail/send`` takes a letter and up to 1,000 personalizations,
puts the substitutions of each (10,000 bytes at most) into subject and content, and answers 202 with
no body and an ``X-Message-Id``; ``GET /v3/messages`` lists what it took, by a query, to those who
bought more history. The key is a bearer token.
"""

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from typing import Any

from tests.channels.api_server import ApiServer, Call, Message

KEY = "SG.key-of-a-test"
MOST_READERS = 1000
MOST_SUBSTITUTIONS = 10_000
_QUERY = re.compile(r"\(unique_args\['(\w+)'\]=\"([^\"]*)\"\)")
# Headers that may not be given.
_RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type",
    "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc",
}  # fmt: skip


class SendGridServer(ApiServer):
    """The server.

    Attributes:
        bought: True if it may be asked what it took.
        hidden: For how many look-ups from now on nothing is listed yet.
        deaf: True if the list ignores what it is asked for.
    """

    root = "/v3"

    def __init__(self) -> None:
        self.times: list[float] = []
        self.bought = True
        self.hidden = 0
        self.deaf = False
        super().__init__()

    def answer(self, call: Call) -> tuple[int, object]:
        """What SendGrid answers."""
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
        if (call.method, call.path) == ("POST", "/v3/mail/send"):
            return self.post_send(call.json())
        if (call.method, call.path) == ("GET", "/v3/messages"):
            return self.get_messages(call.query)
        return _error(404, "not found")

    def said(self) -> dict[str, str]:
        """The id of a call, which is that of a letter where it took one."""
        return {"X-Message-Id": secrets.token_urlsafe(16)}

    def post_send(self, letter: Any) -> tuple[int, object]:
        """Take a letter whole, or say why not."""
        if problem := self._problem(letter):
            return _error(400, problem)
        made = [_merged(letter, person) for person in letter["personalizations"]]
        with self._lock:
            self.taken.extend(made)
            self.times.extend([self.clock()] * len(made))
        return 202, b""

    def get_messages(self, query: Mapping[str, str]) -> tuple[int, object]:
        """What it took, as far as it is asked for."""
        asked = _QUERY.fullmatch(query.get("query", ""))
        if not self.bought:
            return _error(403, "access forbidden")
        if not asked or not 1 <= int(query["limit"]) <= MOST_READERS:
            return _error(400, "invalid query")
        if self.hidden:
            self.hidden -= 1
            return 200, {"messages": []}
        found = [
            _shown(message, when)
            for message, when in zip(self.taken, self.times, strict=True)
            if self.deaf or message.metadata.get(asked[1]) == asked[2]
        ]
        return 200, {"messages": found[: int(query["limit"])]}

    def _problem(self, letter: Any) -> str:
        """What SendGrid finds wrong with a letter, in its words; "" if nothing."""
        people = letter.get("personalizations", [])
        if not 1 <= len(people) <= MOST_READERS:
            return "The personalization block is limited to 1000 personalizations per API request."
        addresses = [person["to"][0]["email"] for person in people]
        for address in addresses:
            if not address.isascii() or "@" not in address or address in self.disliked:
                return f"Does not contain a valid address: {address}"
        if len(set(addresses)) < len(addresses):
            return "Each unique email address in the personalizations array should be included once"
        kinds = [part["type"] for part in letter.get("content", [])]
        if kinds != ["text/plain", "text/html"] or not all(p["value"] for p in letter["content"]):
            return "The content value must be a string at least one character in length."
        return _problem_of_people(letter, people)


def _problem_of_people(letter: Any, people: list[Any]) -> str:
    for person in people:
        names = {name.lower() for name in {**letter.get("headers", {}), **person["headers"]}}
        if names & _RESERVED:
            return "The headers include a reserved one."
        given = person.get("substitutions", {})
        if sum(len(f"{key}{value}".encode()) for key, value in given.items()) > MOST_SUBSTITUTIONS:
            return "Substitutions may not exceed 10000 bytes."
        told = [*given.values(), *person["custom_args"].values(), *letter["custom_args"].values()]
        if not all(isinstance(value, str) for value in told):
            return "Bad Request"
    return ""


def _merged(letter: Any, person: Any) -> Message:
    def filled(text: str) -> str:
        # One after the other, as they come: a value may hold what the next one looks for.
        for tag, value in person.get("substitutions", {}).items():
            text = text.replace(tag, value)
        text = re.sub(r"<%\s*asm_\w+\s*%>", "http://sendgrid.test/unsubscribe", text)
        return text.replace("[weblink]", "http://sendgrid.test/weblink")

    plain, html = (filled(part["value"]) for part in letter["content"])
    headers = {**letter.get("headers", {}), **person["headers"]}
    metadata = {**letter["custom_args"], **person["custom_args"]}
    return Message(
        id=metadata.pop("anymail_id"),
        recipient=person["to"][0]["email"],
        to=tuple((to.get("name", ""), to["email"]) for to in person["to"]),
        sender=(letter["from"].get("name", ""), letter["from"]["email"]),
        reply_to=letter.get("reply_to", {}).get("email", ""),
        subject=filled(letter["subject"]),
        text=plain,
        html=html,
        headers=headers,
        metadata=metadata,
        tracked=_tracked(letter.get("tracking_settings", {})),
    )


def _tracked(told: Any) -> bool:
    # An account may have them all switched on.
    kinds = ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics")
    settings = [told.get(kind, {}) for kind in kinds]
    return any(each.get("enable", True) or each.get("enable_text") for each in settings)


def _shown(message: Message, when: float) -> dict[str, object]:
    return {
        "from_email": message.sender[1],
        "msg_id": f"{secrets.token_hex(8)}.filter0001-16648-5515E0B88.0",
        "subject": message.subject,
        "to_email": message.recipient,
        "status": "processing",
        "opens_count": 0,
        "clicks_count": 0,
        "last_event_time": dt.datetime.fromtimestamp(when, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _error(status: int, message: str) -> tuple[int, object]:
    return status, {"errors": [{"message": message, "field": None, "help": None}]}
