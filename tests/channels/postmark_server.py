"""A loopback server that speaks Postmark's wire format, and misbehaves when told to.

As documented by Postmark: ``POST /email/batch`` takes a list of at most 500 messages (50 MB), each
complete, and answers with a list in the same order, an ``ErrorCode`` and for those taken a
``MessageID`` each; ``GET /messages/outbound`` searches what was taken, by stream and by one field
of metadata. The token is the header ``X-Postmark-Server-Token``.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Any

from tests.channels.api_server import ApiServer, Call, Message, mailbox_of

TOKEN = "b4d9a2f0-token-of-a-test"
MOST_MESSAGES = 500
MOST_BYTES = 50_000_000
STREAMS = ("outbound", "broadcast")


@dataclass(frozen=True, kw_only=True)
class Kept(Message):
    """One message as Postmark keeps it.

    Attributes:
        stream: The message stream it went by.
        document: As it was handed over.
    """

    stream: str
    document: dict[str, Any]


class PostmarkServer(ApiServer):
    """The server.

    Attributes:
        kept: Every message, in the order of acceptance.
        inactive: Addresses that once bounced or complained.
        codes: The error a message to an address gets.
        hidden: For how many searches from now on nothing has reached the index yet.
        deaf: True if the search ignores metadata.
    """

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.inactive: set[str] = set()
        self.codes: dict[str, int] = {}
        self.hidden = 0
        self.deaf = False
        super().__init__()

    def messages(self) -> list[Kept]:
        """Every message it took, in order."""
        return self.kept

    def answer(self, call: Call) -> tuple[int, object]:
        """What Postmark answers."""
        if call.headers.get("x-postmark-server-token") != TOKEN:
            return 401, error(10, "No Account or Server API tokens were supplied.")
        if "application/json" not in call.headers.get("accept", ""):
            return 406, error(0, "Accept header must be application/json.")
        if call.method == "POST" and call.path == "/email/batch":
            return self.post_batch(call)
        if call.method == "GET" and call.path == "/messages/outbound":
            return self.get_messages(call.query)
        return 404, error(0, "The requested resource does not exist.")

    def post_batch(self, call: Call) -> tuple[int, object]:
        """Take what can be taken of a batch."""
        if not call.headers.get("content-type", "").startswith("application/json"):
            return 415, error(409, "JSON required.")
        if len(call.body) > MOST_BYTES:
            return 413, error(0, "Payload too large.")
        messages = call.json()
        if not isinstance(messages, list):
            return 422, error(403, "Incompatible JSON.")
        if len(messages) > MOST_MESSAGES:
            return 422, error(410, "Too many batch messages. At most 500.")
        with self._lock:
            return 200, [self._take(message) for message in messages]

    def get_messages(self, query: Mapping[str, str]) -> tuple[int, object]:
        """One page of what was taken, the newest first."""
        if not {"count", "offset"} <= query.keys() or int(query["count"]) > 500:
            return 422, error(600, "Invalid count or offset.")
        found = [each for each in reversed(self.kept) if self._matches(each, query)]
        if self.hidden:
            self.hidden -= 1
            found = []
        start = int(query["offset"])
        page = found[start : start + int(query["count"])]
        return 200, {"TotalCount": len(found), "Messages": list(map(_shown, page))}

    def _matches(self, each: Kept, query: Mapping[str, str]) -> bool:
        wanted = {key[9:]: value for key, value in query.items() if key.startswith("metadata_")}
        if each.stream != query.get("messagestream", "outbound"):
            return False
        return self.deaf or all(each.metadata.get(key) == wanted[key] for key in wanted)

    def _take(self, message: dict[str, Any]) -> dict[str, object]:
        problem = self._problem(message)
        if problem:
            return problem
        made = _kept(message)
        self.kept.append(made)
        return {
            "ErrorCode": 0,
            "Message": "OK",
            "MessageID": made.id,
            "SubmittedAt": "2026-03-03T10:00:00.0000000-05:00",
            "To": str(message["To"]),
        }

    def _problem(self, message: dict[str, Any]) -> dict[str, object] | None:
        """What Postmark finds wrong with one message, in its words; None if nothing."""
        addresses = getaddresses([str(message.get("To", ""))])
        metadata = message.get("Metadata", {})
        if len(addresses) != 1 or not addresses[0][1].isascii() or "@" not in addresses[0][1]:
            return error(300, f"Invalid 'To' address: '{message.get('To')}'.")
        if not message.get("From"):
            return error(300, "Invalid 'From' address: ''.")
        if not message.get("TextBody") and not message.get("HtmlBody"):
            return error(300, "Provide either email TextBody or HtmlBody or both.")
        if message.get("MessageStream", "outbound") not in STREAMS:
            return error(1235, "The 'MessageStream' provided does not exist on this server.")
        if any(len(key) > 20 or len(value) > 80 for key, value in metadata.items()):
            return error(300, "Invalid metadata content.")
        return self._refusal(addresses[0][1])

    def _refusal(self, address: str) -> dict[str, object] | None:
        if address in self.disliked:
            return error(300, f"Invalid 'To' address: '{address}'.")
        if address in self.codes:
            return error(self.codes[address], "It does not go out.")
        if address in self.inactive:
            return error(
                406,
                "You tried to send to recipient(s) that have been marked as inactive. "
                f"Found inactive addresses: {address}. Inactive recipients are ones that have "
                "generated a hard bounce, a spam complaint, or a manual suppression.",
            )
        return None


def error(code: int, message: str) -> dict[str, object]:
    """An error in Postmark's form."""
    return {"ErrorCode": code, "Message": message}


def _kept(message: dict[str, Any]) -> Kept:
    to = tuple(getaddresses([message["To"]]))
    return Kept(
        id=str(uuid.uuid4()),
        recipient=to[0][1],
        to=to,
        sender=mailbox_of(message["From"]),
        reply_to=message.get("ReplyTo", ""),
        subject=message["Subject"],
        text=_filled(message["TextBody"]),
        html=_filled(message["HtmlBody"]),
        headers=_headers(message),
        metadata=message.get("Metadata", {}),
        # A server may have both switched on for all that do not say.
        tracked=(message.get("TrackOpens"), message.get("TrackLinks")) != (False, "None"),
        stream=message.get("MessageStream", "outbound"),
        document=message,
    )


def _headers(message: dict[str, Any]) -> dict[str, str]:
    """Those that go out: the Message-ID is Postmark's own, unless it is told to keep ours."""
    headers = {each["Name"]: each["Value"] for each in message["Headers"]}
    if headers.pop("X-PM-KeepID", "") != "true":
        headers["Message-ID"] = f"<{uuid.uuid4()}@mtasv.net>"
    return headers


def _filled(text: str) -> str:
    """With Postmark's own link in place of its placeholder, as streams do that see to leaving."""
    return re.sub(r"\{\{\{?\s*pm:\w+\s*\}?\}\}", "http://postmark.test/unsubscribe", text)


def _shown(each: Kept) -> dict[str, object]:
    return {
        "Tag": "",
        "MessageID": each.id,
        "To": [{"Email": address, "Name": name} for name, address in each.to],
        "Cc": [],
        "Bcc": [],
        "Recipients": [each.recipient],
        "ReceivedAt": "2026-03-03T10:00:00.0000000-05:00",
        "From": each.document["From"],
        "Subject": each.document["Subject"],
        "Attachments": [],
        "Status": "Sent",
        "TrackOpens": False,
        "TrackLinks": "None",
        "MessageStream": each.stream,
        "Sandboxed": False,
        "Metadata": each.metadata,
    }
