"""Brevo: one call for a hundred readers, each a version of the message with texts of their own.

Brevo remembers a key for 15 minutes (its change log) or 30 (its guide); here it is trusted for 10.
A second call with it sends nothing, and is answered with an error that holds no ids (class a). Then
its log is asked, by the key as a tag, for what was taken. What the log does not have proves
nothing: it may lag behind, so it never leads to a new try. Tracking is a setting of the account.
Source: developers.brevo.com, "Send a transactional email", "Batch send transactional emails",
"Idempotency for batch emails", "Rate limit headers", and "Get all your transactional email
activity" for the log.
"""

import datetime as dt
import json
import re
import uuid
from dataclasses import replace

from pipeline.channels.http import Reply, answer_error, call
from pipeline.channels.json_api import TIMEOUT, Call, JsonChannel, fields, letter_headers, reason
from pipeline.channels.json_form import JsonForm, Merged, Own, dumps
from pipeline.channels.mail import KEY, URL, setting
from pipeline.channels.message import CRLF, one_address, phrase
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety
from pipeline.stages.merge import unmarked

API_URL = "https://api.brevo.com/v3"
# How its template language begins, which it reads without any template, too.
_SYNTAX = re.compile(r"\{[{%]")
_SPECIAL = re.compile(r'[()<>@,;:\\".\[\]]')
_JOINER = "\u2060"


class BrevoChannel(JsonChannel):
    """Hands letters to Brevo."""

    name = "brevo"
    who = "Brevo"
    path = "/smtp/email"
    # It takes a thousand versions; with a text each, that would be forty megabytes.
    batch_size = 100
    safety = Safety.KEYED
    key_lifetime: dt.timedelta | None = dt.timedelta(minutes=10)
    serializer = "brevo-1"

    def __init__(
        self, *, api_key: str, api_url: str = API_URL, timeout: dt.timedelta = TIMEOUT
    ) -> None:
        super().__init__(api_url=api_url, headers={"api-key": api_key}, timeout=timeout)

    @classmethod
    def from_settings(cls) -> "BrevoChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        return cls(
            api_key=setting("BREVO_API_KEY", form=KEY, who="Brevo"),
            api_url=setting("BREVO_API_URL", form=URL, who="Brevo", default=API_URL),
        )

    def check(self, letter: Letter) -> None:
        """Refuse what Brevo's template language would read: it has no way to write it."""
        for text in (letter.subject, letter.from_name, letter.list_name, letter.text, letter.html):
            if found := _language(text):
                raise RefusedError(
                    f"the text has {found!r}, which Brevo would fill in: write it another way",
                    final=True,
                )

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """A message, and a version of it for each reader."""
        shared = dumps(_shared(letter)).removesuffix(b"}") + b',"messageVersions":'
        return JsonForm(_version(letter)).fill(map(_plain, recipients), before=shared, after=b"}")

    def outcome(self, reply: Reply, made: Call) -> Receipt:
        """By the places of readers; a second call is answered by the log."""
        if reply.status == 400 and fields(reply).get("code") == "duplicate_parameter":
            return self._logged(made)
        return super().outcome(reply, made)

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """An id for each version, in their order."""
        match fields(reply):
            case {"messageIds": list(ids)} if len(ids) == len(recipients):
                found = zip(recipients, map(_id, ids), strict=True)
                return Receipt(accepted={each.delivery: number for each, number in found})
            case {"messageId": provider_id} if len(recipients) == 1:
                return Receipt(accepted={recipients[0].delivery: _id(provider_id)})
        raise UnsureError("Brevo answered, but not what became of each message")

    def refusal(self, reply: Reply) -> SendError:
        """As of any other, but the time to wait stands in a header of its own."""
        wait = reply.headers.get("x-sib-ratelimit-reset", "")
        headers = {"Retry-After": wait, **reply.headers} if wait else reply.headers
        return answer_error(self.who, reply.status, headers, reason=reason(reply))

    def _logged(self, made: Call) -> Receipt:
        """What the log has of a batch, if that is all of it.

        Raises:
            UnsureError: It is not (yet), or the log cannot be asked.
        """
        logged = dict(map(_event, self._events(made.letter.key)))
        found = {
            each.delivery: logged[each.address.lower()]
            for each in made.recipients
            if each.address.lower() in logged
        }
        if len(found) < len(made.recipients):
            raise UnsureError("Brevo has had this call before, and its log does not show all of it")
        return Receipt(accepted=found)

    def _events(self, key: str) -> list[object]:
        asked = {"tags": json.dumps([key]), "event": "requests", "days": "2", "limit": "2500"}
        try:
            reply = call(
                self._session,
                "GET",
                f"{self.api_url}/smtp/statistics/events",
                who=self.who,
                timeout=self.timeout,
                headers=self._headers,
                params=asked,
            )
        except SendError as error:
            raise UnsureError(f"Brevo has had this call before: {error.message}") from None
        events = fields(reply).get("events")
        return events if isinstance(events, list) else []


def _language(text: str) -> str:
    """What in an author's words Brevo would read as its language; "" if nothing."""
    if found := _SYNTAX.search(unmarked(text)):
        return found[0]
    # A style sheet may well begin a rule so; nothing but a comment ends so.
    if 0 <= text.find("{#") < text.rfind("#}"):
        return "{#"
    # A reader's value would stand beside the brace.
    return "{@@" if "{@@" in text else ""


def _shared(letter: Letter) -> dict[str, object]:
    document: dict[str, object] = {
        "sender": _mailbox(one_address(letter.from_address), letter.from_name),
        # Wanted, and never sent: each version has its own.
        "subject": "-",
        "textContent": "-",
        "htmlContent": "<p>-</p>",
        "headers": {"idempotencyKey": str(uuid.UUID(letter.key))},
        "tags": [letter.key],
    }
    if letter.reply_to:
        document["replyTo"] = _mailbox(one_address(letter.reply_to))
    return document


def _version(letter: Letter) -> dict[str, object]:
    headers = {name: Merged(_ascii(value)) for name, value in letter_headers(letter).items()}
    payload = json.dumps({"batch": letter.key})
    told = Own(lambda each: f'{payload[:-1]}, "delivery": "{each.delivery}"}}')
    return {
        "to": Own(lambda each: [_mailbox(each.address, each.name)]),
        "subject": Merged(letter.subject),
        "textContent": Merged(letter.text),
        "htmlContent": Merged(letter.html, html=True),
        "headers": {**headers, "X-Mailin-custom": told},
    }


def _ascii(header: str) -> str:
    """The header without a name in encoded words: Brevo decodes those, and sends raw UTF-8."""
    return header[header.rindex("<") :] if "=?" in header else header


def _mailbox(address: str, name: str = "") -> dict[str, str]:
    """Brevo drops a name that is not ASCII and has a special character, unless it is encoded."""
    if not name.isascii() and _SPECIAL.search(name):
        name = phrase(name).replace(CRLF, "")
    return {"email": address, "name": name} if name else {"email": address}


def _plain(recipient: Recipient) -> Recipient:
    """The reader, with values that are words and nothing else: no brace stands by another."""
    if not any("{" in value for value in (recipient.name, *recipient.values.values())):
        return recipient
    values = {name: value.replace("{", "{" + _JOINER) for name, value in recipient.values.items()}
    return replace(recipient, name="" if "{" in recipient.name else recipient.name, values=values)


def _event(event: object) -> tuple[str, str]:
    """Address and id of an event; two empty texts of one in another form."""
    match event:
        case {"email": str(address), "messageId": str(provider_id)}:
            return address.lower(), provider_id
    return "", ""


def _id(item: object) -> str:
    if isinstance(item, str) and item:
        return item
    raise UnsureError("Brevo gives a message no id")
