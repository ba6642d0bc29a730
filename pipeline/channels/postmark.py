"""Postmark: one call for hundreds of readers, each with a message of their own, and a look-up.

Postmark has no keys ("What is an Idempotency Key?", its support page of September 2025), but finds
a message again by what it was sent with: each carries the batch's key and its delivery's number as
metadata, so a batch whose answer was lost can be asked for (class b).
Source: postmarkapp.com/developer, "Send batch emails", "Messages API", "Error codes"; its support
pages on custom metadata, X-PM-KeepID and "Managing your own unsubscribe process".
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from pipeline.channels import syntax
from pipeline.channels.http import Reply, answer_error, without_addresses
from pipeline.channels.json_api import TIMEOUT, JsonChannel, fields, letter_headers
from pipeline.channels.json_form import JsonForm, Merged, Own
from pipeline.channels.mail import KEY, URL, setting, spelt
from pipeline.channels.message import one_address
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety

API_URL = "https://api.postmarkapp.com"
STREAM = r"[A-Za-z0-9-]+"
PAGE = 500
# The stretch of its search that it lets one see.
DEEPEST = 10_000
# Its own placeholder, which it would fill in.
_PLACEHOLDER = re.compile(r"\{\{\{?\s*pm:", re.IGNORECASE)
# Errors that are this one message's: it is not well formed, or its reader is on the list of those
# who bounced or complained. All others are the account's or the server's, and can be mended.
_OF_THE_MESSAGE = frozenset({300, 406})
# Those of the whole call: it is not written as it should be. Any other that comes with 422 is the
# account's, and a person's to mend: an unproved sender, no credit, a stream that is not there.
_OF_THE_CALL = frozenset({300, 402, 403, 406, 409, 410, 411})


class PostmarkChannel(JsonChannel):
    """Hands letters to Postmark."""

    name = "postmark"
    who = "Postmark"
    path = "/email/batch"
    # It takes 500 messages, but 50 MB: this many of the largest letters that pass the checks (D20).
    batch_size = 300
    safety = Safety.LOOK_UP
    serializer = "postmark-1"
    # How long its search lags behind is not documented; its activity is kept for seven days where
    # that was chosen, else for 45.
    grace = dt.timedelta(minutes=30)
    memory = dt.timedelta(days=6)

    def __init__(
        self,
        *,
        server_token: str,
        stream: str = "broadcast",
        notice_stream: str = "outbound",
        api_url: str = API_URL,
        timeout: dt.timedelta = TIMEOUT,
    ) -> None:
        self._streams = {"issue": stream, "notice": notice_stream}
        headers = {"Accept": "application/json", "X-Postmark-Server-Token": server_token}
        super().__init__(api_url=api_url, headers=headers, timeout=timeout)

    @classmethod
    def from_settings(cls) -> "PostmarkChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            server_token=setting("POSTMARK_SERVER_TOKEN", form=KEY, who="Postmark"),
            stream=setting(
                "POSTMARK_MESSAGE_STREAM", form=STREAM, who="Postmark", default="broadcast"
            ),
            notice_stream=setting(
                "POSTMARK_NOTICE_STREAM", form=STREAM, who="Postmark", default="outbound"
            ),
            api_url=setting("POSTMARK_API_URL", form=URL, who="Postmark", default=API_URL),
        )

    def check(self, letter: Letter) -> None:
        """Refuse words that Postmark would fill in, and what the queue never hands over."""
        syntax.refuse(letter, _PLACEHOLDER, who=self.who)
        if len(letter.recipients) > self.batch_size:
            told = f"Postmark is handed {self.batch_size} readers a call at the most"
            raise RefusedError(told, final=True)

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """A list of messages."""
        message = JsonForm(_message(letter, self._streams[letter.kind]))
        return message.fill(syntax.harmless(each, _PLACEHOLDER) for each in recipients)

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """An answer for each reader, in their order."""
        answers = reply.json()
        if not isinstance(answers, list) or len(answers) != len(recipients):
            raise UnsureError("Postmark answered, but not what became of each message")
        accepted: dict[int, str] = {}
        refused: dict[int, str] = {}
        others: list[str] = []
        for recipient, answer in zip(recipients, answers, strict=True):
            match answer:
                # A word of delay comes without a code.
                case {"Message": str(), "MessageID": str(message_id)} if (
                    message_id and answer.get("ErrorCode", 0) == 0
                ):
                    accepted[recipient.delivery] = message_id
                case {"ErrorCode": int(code)} if code in _OF_THE_MESSAGE:
                    refused[recipient.delivery] = _told(answer, "refused it")
                case {"ErrorCode": int(code)} if code:
                    others.append(_told(answer))
                case _:
                    raise UnsureError("Postmark answered, but not what became of each message")
        if others and accepted:
            # What it took is found by a look-up, and the rest goes out again.
            raise UnsureError(f"Postmark took a part only; {others[0]}")
        if others:
            raise RefusedError(others[0])
        return Receipt(accepted=accepted, refused=refused)

    def refusal(self, reply: Reply) -> SendError:
        """As of any other; some that come as 422 a person or time can mend."""
        answer = fields(reply)
        code = answer.get("ErrorCode")
        if reply.status == 422 and isinstance(code, int) and code not in _OF_THE_CALL:
            return RefusedError(_told(answer))
        told = str(answer.get("Message", ""))
        return answer_error(self.who, reply.status, reply.headers, reason=told)

    # The key alone names the batch.
    def look_up(self, letter: Letter, *, since: dt.datetime) -> Mapping[int, str]:  # noqa: ARG002
        """Which deliveries Postmark took under this letter's key, with its ids.

        Raises:
            RefusedError: It cannot be asked now.
            UnsureError: It did not answer, or not as its documentation says.
        """
        wanted = {str(recipient.delivery): recipient.delivery for recipient in letter.recipients}
        found: dict[int, str] = {}
        for metadata, message_id in self._taken(letter):
            if metadata.get("batch") != letter.key:
                # A search that ignores what it is asked for proves nothing.
                raise UnsureError("Postmark's search gives messages of another batch")
            delivery = metadata.get("delivery", "")
            if delivery in wanted:
                found[wanted[delivery]] = message_id
        return found

    def _taken(self, letter: Letter) -> Iterator[tuple[Mapping[str, str], str]]:
        """Metadata and id of every message of a batch, page after page."""
        for offset in range(0, DEEPEST, PAGE):
            asked = {
                "count": str(PAGE),
                "offset": str(offset),
                "messagestream": self._streams[letter.kind],
                "metadata_batch": letter.key,
            }
            page = self.ask("/messages/outbound", asked)
            match page:
                case {"Messages": list(messages), "TotalCount": int(total)}:
                    yield from map(_read_message, messages)
                    if offset + len(messages) >= total or not messages:
                        return
                case _:
                    raise UnsureError("Postmark's search has another form than documented")
        raise UnsureError(f"Postmark has more than {DEEPEST} messages of one batch")


def _message(letter: Letter, stream: str) -> dict[str, object]:
    headers = {
        **letter_headers(letter),
        "Message-ID": Own(lambda each: f"<{each.message_id}>"),
        # Else it sets another.
        "X-PM-KeepID": "true",
    }
    return {
        "From": spelt(letter.from_name, one_address(letter.from_address)),
        "To": Own(lambda each: spelt(each.name, each.address)),
        **({"ReplyTo": one_address(letter.reply_to)} if letter.reply_to else {}),
        "Subject": Merged(letter.subject),
        "TextBody": Merged(letter.text),
        "HtmlBody": Merged(letter.html, html=True),
        "Headers": [
            {"Name": name, "Value": Merged(value) if isinstance(value, str) else value}
            for name, value in headers.items()
        ],
        "Metadata": {"batch": letter.key, "delivery": Own(lambda each: str(each.delivery))},
        "MessageStream": stream,
        "TrackOpens": letter.tracked,
        "TrackLinks": "HtmlAndText" if letter.tracked else "None",
    }


def _told(answer: Mapping[str, object], verb: str = "answered") -> str:
    message = without_addresses(str(answer.get("Message", "")))
    return f"Postmark {verb}: {answer.get('ErrorCode')}, {message}"


def _read_message(message: object) -> tuple[Mapping[str, str], str]:
    match message:
        case {"MessageID": str(message_id), "Metadata": dict(metadata)} if message_id:
            return metadata, message_id
    raise UnsureError("Postmark's search has another form than documented")
