"""SparkPost: one call for two thousand readers, whose values it merges itself, under one key.

Its keys are remembered for 24 hours: a second call with the same key and the same bytes is answered
as the first was, and sends nothing (class a).
Source: developers.sparkpost.com, "Transmissions" ("Idempotent Requests" among it: pull request 590
of SparkPost/developers.sparkpost.com) and "Template Language"; support.sparkpost.com, "SMTP and
REST API Injection Best Practices".
"""

import datetime as dt
import re

from pipeline.channels.http import Reply, answer_error, without_addresses
from pipeline.channels.json_api import (
    JsonChannel,
    fields,
    letter_headers,
    variable,
    variables,
)
from pipeline.channels.json_form import JsonForm, Own, dumps
from pipeline.channels.mail import KEY, URL, setting
from pipeline.channels.message import one_address
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety
from pipeline.stages.merge import Slot, pieces, unmarked

API_URL = "https://api.sparkpost.com/api/v1"
# A call for thousands takes its time; they themselves advise up to five minutes.
TIMEOUT = dt.timedelta(minutes=1)
_CONFLICT = 409
# What "same key, other payload" is called; 1601 is "still in progress".
_OTHER_PAYLOAD = "1600"
# Attributes of links, which its template language reads out of plain text too.
_ATTRIBUTE = re.compile(r"\[\[\s*data-msys-", re.IGNORECASE)
_BRACES = {"{": "opening_brace", "}": "closing_brace"}


class SparkPostChannel(JsonChannel):
    """Hands letters to SparkPost."""

    name = "sparkpost"
    who = "SparkPost"
    path = "/transmissions"
    batch_size = 2000
    safety = Safety.KEYED
    key_lifetime: dt.timedelta | None = dt.timedelta(hours=24)
    key_header = "Idempotency-Key"
    serializer = "sparkpost-1"

    def __init__(
        self, *, api_key: str, api_url: str = API_URL, timeout: dt.timedelta = TIMEOUT
    ) -> None:
        super().__init__(api_url=api_url, headers={"Authorization": api_key}, timeout=timeout)

    @classmethod
    def from_settings(cls) -> "SparkPostChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            api_key=setting("SPARKPOST_API_KEY", form=KEY, who="SparkPost"),
            api_url=setting("SPARKPOST_API_URL", form=URL, who="SparkPost", default=API_URL),
        )

    def check(self, letter: Letter) -> None:
        """Refuse the one thing that cannot be written in another way."""
        if found := _ATTRIBUTE.search(unmarked(letter.text)):
            raise RefusedError(
                f"the text has {found[0]!r}, which SparkPost would fill in: write it another way",
                final=True,
            )

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """A transmission: what all share, and a list of readers with their values."""
        reader = {
            "address": Own(_address),
            "metadata": {"delivery": Own(lambda each: str(each.delivery))},
            "substitution_data": dict(variables(letter)),
        }
        shared = dumps(_shared(letter)).removesuffix(b"}") + b',"recipients":'
        return JsonForm(reader).fill(recipients, before=shared, after=b"}")

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """How many were taken. Which, it says only where it is all of them, or none."""
        match fields(reply):
            case {
                "results": {
                    "id": str(provider_id),
                    "total_accepted_recipients": int(taken),
                    "total_rejected_recipients": int(rejected),
                }
            } if taken + rejected == len(recipients):
                everybody = [each.delivery for each in recipients]
                if not rejected:
                    return Receipt(accepted=dict.fromkeys(everybody, provider_id))
                if not taken:
                    return Receipt(refused=dict.fromkeys(everybody, "SparkPost refused it"))
                return Receipt()
        raise UnsureError("SparkPost answered, but not how many it took")

    def refusal(self, reply: Reply) -> SendError:
        """As of any other, but a conflict says that there was a call with this key before."""
        code, told = _first_error(reply)
        if reply.status == _CONFLICT:
            said = f"SparkPost answered 409: {without_addresses(told)}"
            return UnsureError(said, final=code == _OTHER_PAYLOAD)
        return answer_error(self.who, reply.status, reply.headers, reason=told)


def _shared(letter: Letter) -> dict[str, object]:
    content = {
        "from": {
            "name": _printed(letter.from_name),
            "email": one_address(letter.from_address),
        },
        "subject": _translated(letter.subject, "{{%s}}"),
        # Three braces: as it is, for it is escaped already, and no link is to be looked for in it.
        "text": _translated(letter.text, "{{{%s}}}"),
        "html": _translated(letter.html, "{{{%s}}}", html=True),
        "headers": {n: _translated(v, "{{%s}}") for n, v in letter_headers(letter).items()},
    }
    if letter.reply_to:
        content["reply_to"] = one_address(letter.reply_to)
    return {
        "options": {
            "open_tracking": letter.tracked,
            "click_tracking": letter.tracked,
            # It would put in a way to leave of its own.
            "transactional": letter.kind == "notice",
        },
        "metadata": {"batch": letter.key},
        "substitution_data": {name: brace for brace, name in _BRACES.items()},
        "content": content,
    }


def _translated(text: str, expression: str, *, html: bool = False) -> str:
    """The text in SparkPost's template language: marks as variables, braces as braces."""
    return "".join(
        expression % variable(piece, html=html)
        if isinstance(piece, Slot)
        else _printed(piece, expression)
        for piece in pieces(text)
    )


def _printed(words: str, expression: str = "{{%s}}") -> str:
    """The words, with every brace an expression that prints it: a brace alone may stand by another.

    Its own macros print two and three braces, not one.
    """
    return re.sub(r"[{}]", lambda brace: expression % _BRACES[brace[0]], words)


def _address(recipient: Recipient) -> dict[str, str]:
    """Nobody says whether braces in a name are read as an expression: it goes without them."""
    name = "" if set(recipient.name) & set(_BRACES) else recipient.name
    return {"email": recipient.address} | ({"name": name} if name else {})


def _first_error(reply: Reply) -> tuple[str, str]:
    """Code and words of the first error an answer names."""
    match fields(reply):
        case {"errors": [{"message": str(message), **more}, *_]}:
            described = more.get("description")
            told = f"{message}: {described}" if described else message
            return str(more.get("code", "")), told
    return "", ""
