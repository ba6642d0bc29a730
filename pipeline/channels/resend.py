"""Resend: one call for a hundred readers, each with a message of their own, under one key.

Its keys are remembered for 24 hours: a second call with the same key and the same bytes is answered
as the first was, and sends nothing (class a). Tracking is a setting of the domain, not of a call.
Source: resend.com/docs, "Send Batch Emails", "Idempotency Keys", "Batch Validation Modes" and
"Errors".
"""

import datetime as dt
from collections.abc import Iterator

from pipeline.channels.http import Reply, without_addresses
from pipeline.channels.json_api import TIMEOUT, JsonChannel, fields, letter_headers, reason
from pipeline.channels.json_form import JsonForm, Merged, Own
from pipeline.channels.mail import KEY, URL, setting
from pipeline.channels.message import CRLF, mailbox, one_address
from pipeline.errors import SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety

API_URL = "https://api.resend.com"
_CONFLICT = 409


class ResendChannel(JsonChannel):
    """Hands letters to Resend."""

    name = "resend"
    who = "Resend"
    path = "/emails/batch"
    batch_size = 100
    safety = Safety.KEYED
    key_lifetime: dt.timedelta | None = dt.timedelta(hours=24)
    key_header = "Idempotency-Key"
    serializer = "resend-1"

    def __init__(
        self, *, api_key: str, api_url: str = API_URL, timeout: dt.timedelta = TIMEOUT
    ) -> None:
        headers = {
            "Authorization": f"Bearer {api_key}",
            # One address it does not like must not stop the letter for the others.
            "x-batch-validation": "permissive",
        }
        super().__init__(api_url=api_url, headers=headers, timeout=timeout)

    @classmethod
    def from_settings(cls) -> "ResendChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            api_key=setting("RESEND_API_KEY", form=KEY, who="Resend"),
            api_url=setting("RESEND_API_URL", form=URL, who="Resend", default=API_URL),
        )

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """A list of messages."""
        return JsonForm(_message(letter)).fill(recipients)

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """By the places of readers: ids of those taken, in order, and errors with their index."""
        answer = fields(reply)
        refused = dict(_refused(answer.get("errors") or [], recipients))
        taken = [each.delivery for each in recipients if each.delivery not in refused]
        match answer.get("data"):
            case list(ids) if len(ids) == len(taken):
                return Receipt(
                    accepted=dict(zip(taken, map(_id, ids), strict=True)), refused=refused
                )
        raise UnsureError("Resend answered, but not what became of each message")

    def refusal(self, reply: Reply) -> SendError:
        """As of any other, but a conflict says that there was a call with this key before."""
        if reply.status != _CONFLICT:
            return super().refusal(reply)
        changed = fields(reply).get("name") == "invalid_idempotent_request"
        return UnsureError(f"Resend answered 409: {reason(reply)}", final=changed)


def _message(letter: Letter) -> dict[str, object]:
    document = {
        "from": mailbox(letter.from_name, letter.from_address).replace(CRLF, ""),
        "to": Own(lambda each: [mailbox(each.name, each.address).replace(CRLF, "")]),
        "subject": Merged(letter.subject),
        "text": Merged(letter.text),
        "html": Merged(letter.html, html=True),
        "headers": {name: Merged(value) for name, value in letter_headers(letter).items()},
        # Its events bear them.
        "tags": [
            {"name": "batch", "value": letter.key},
            {"name": "delivery", "value": Own(lambda each: str(each.delivery))},
        ],
    }
    return document | ({"reply_to": one_address(letter.reply_to)} if letter.reply_to else {})


def _refused(errors: object, recipients: list[Recipient]) -> Iterator[tuple[int, str]]:
    """Deliveries that were refused, and why."""
    for error in errors if isinstance(errors, list) else []:
        match error:
            case {"index": int(index), "message": str(told)} if 0 <= index < len(recipients):
                yield recipients[index].delivery, f"Resend refused it: {without_addresses(told)}"
            case _:
                raise UnsureError("Resend names an error of no message")


def _id(item: object) -> str:
    match item:
        case {"id": str(provider_id)} if provider_id:
            return provider_id
    raise UnsureError("Resend gives a message no id")
