"""Mailjet: one call for fifty readers, each with a message of their own, in a campaign of its own.

Mailjet knows no keys, but sends no second message of a campaign to the same address where it is
asked not to. Each batch is such a campaign, named by its key: a second call is taken, and blocked
reader by reader (class a). What it then answers are the ids of the blocked ones, so events are to
be matched by ``EventPayload``. How long it remembers is nowhere said: it is trusted as long as the
others. Its template language stays off: then nothing in an author's words can call for anything.
Source: dev.mailjet.com, "Send API v3.1" (its forbidden headers, errors, "Group into a campaign")
and "Custom headers", X-Mailjet-DeduplicateCampaign.
"""

import base64
import datetime as dt
import json

from pipeline.channels.http import Reply, answer_error, without_addresses
from pipeline.channels.json_api import TIMEOUT, Call, JsonChannel, fields, letter_headers
from pipeline.channels.json_form import JsonForm, Merged, Own
from pipeline.channels.mail import KEY, URL, setting
from pipeline.channels.message import one_address
from pipeline.errors import SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety

API_URL = "https://api.mailjet.com/v3.1"
# Mailjet writes these itself, and refuses a message that brings its own.
_FORBIDDEN = frozenset({"List-Id"})
# Errors that are of the one message, and will be again.
_OF_THE_MESSAGE = frozenset({400, 404, 413, 422})


class MailjetChannel(JsonChannel):
    """Hands letters to Mailjet."""

    name = "mailjet"
    who = "Mailjet"
    path = "/send"
    batch_size = 50
    safety = Safety.KEYED
    key_lifetime: dt.timedelta | None = dt.timedelta(hours=24)
    serializer = "mailjet-1"

    def __init__(
        self,
        *,
        api_key: str,
        secret_key: str,
        api_url: str = API_URL,
        timeout: dt.timedelta = TIMEOUT,
    ) -> None:
        told = base64.b64encode(f"{api_key}:{secret_key}".encode()).decode()
        super().__init__(
            api_url=api_url, headers={"Authorization": f"Basic {told}"}, timeout=timeout
        )

    @classmethod
    def from_settings(cls) -> "MailjetChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            api_key=setting("MAILJET_API_KEY", form=KEY, who="Mailjet"),
            secret_key=setting("MAILJET_SECRET_KEY", form=KEY, who="Mailjet"),
            api_url=setting("MAILJET_API_URL", form=URL, who="Mailjet", default=API_URL),
        )

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """A list of messages."""
        message = JsonForm(_message(letter))
        return message.fill(recipients, before=b'{"Messages":', after=b"}")

    def outcome(self, reply: Reply, made: Call) -> Receipt:
        """Of each message, also where a 400 says that one of them was not taken."""
        if reply.status >= 500 or "Messages" not in fields(reply):
            raise self.refusal(reply)
        return self.read(reply, made.recipients)

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """Message by message, in the order of readers."""
        messages = fields(reply)["Messages"]
        if not isinstance(messages, list) or len(messages) != len(recipients):
            raise UnsureError("Mailjet answered, but not what became of each message")
        taken = _taken(messages, recipients)
        errors = [_error(message) for message in messages if _status(message) != "success"]
        if not taken:
            # A sender it does not know is refused message by message, too.
            status, told = errors[0]
            raise answer_error(self.who, status, reply.headers, reason=told)
        rest = [each.delivery for each in recipients if each.delivery not in taken]
        refused = {
            delivery: f"Mailjet refused it: {without_addresses(told)}"
            for delivery, (status, told) in zip(rest, errors, strict=True)
            if status in _OF_THE_MESSAGE
        }
        return Receipt(accepted=taken, refused=refused)

    def refusal(self, reply: Reply) -> SendError:
        """As of any other, in other words; one of success that names no message says nothing."""
        told = fields(reply).get("ErrorMessage")
        reason = told if isinstance(told, str) else ""
        return answer_error(self.who, reply.status, reply.headers, reason=reason)


def _message(letter: Letter) -> dict[str, object]:
    headers = letter_headers(letter).items()
    payload = json.dumps({"batch": letter.key})
    tracking = "enabled" if letter.tracked else "disabled"
    document: dict[str, object] = {
        "From": _mailbox(one_address(letter.from_address), letter.from_name),
        "To": Own(lambda each: [_mailbox(each.address, each.name)]),
        "Subject": Merged(letter.subject),
        "TextPart": Merged(letter.text),
        "HTMLPart": Merged(letter.html, html=True),
        "Headers": {name: Merged(value) for name, value in headers if name not in _FORBIDDEN},
        "TrackOpens": tracking,
        "TrackClicks": tracking,
        "CustomCampaign": letter.key,
        "DeduplicateCampaign": True,
        "EventPayload": Own(lambda each: f'{payload[:-1]}, "delivery": "{each.delivery}"}}'),
    }
    if letter.reply_to:
        document["ReplyTo"] = _mailbox(one_address(letter.reply_to))
    return document


def _mailbox(address: str, name: str = "") -> dict[str, str]:
    return {"Email": address, "Name": name} if name else {"Email": address}


def _status(message: object) -> object:
    return message.get("Status") if isinstance(message, dict) else None


def _taken(messages: list[object], recipients: list[Recipient]) -> dict[int, str]:
    """Mailjet's id of each delivery it took, by the address it names."""
    found: dict[int, str] = {}
    for message, recipient in zip(messages, recipients, strict=True):
        if _status(message) != "success":
            continue
        match message:
            case {"To": [{"Email": str(address), "MessageID": int() | str() as number}]} if (
                address.lower() == recipient.address.lower()
            ):
                found[recipient.delivery] = str(number)
            case _:
                raise UnsureError("Mailjet answered of another reader")
    return found


def _error(message: object) -> tuple[int, str]:
    """Status and words of what is wrong with a message; 500 where it does not say."""
    match message:
        case {"Errors": [{"StatusCode": int(status), "ErrorMessage": str(told)}, *_]}:
            return status, told
    return 500, "no reason given"
