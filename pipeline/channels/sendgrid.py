"""SendGrid: one call for one reader, or for a thousand where it can be asked what it took.

SendGrid knows no keys. What it took it tells only those who bought additional history of email
activity; for them ``ANYMAIL_SENDGRID_EMAIL_ACTIVITY`` says so, and a batch whose answer was lost is
found by its key (class b). For all others a call is for one reader alone, so that a crash leaves
one delivery open for each connection, and events settle it (class c).
Source: twilio.com/docs/sendgrid, "Mail Send", "Personalizations", "Email Activity" and "Getting
Started with the Email Activity Feed API"; the way a query names a custom argument is that of two
client libraries, its page tells only the name.
"""

import datetime as dt
import re
from collections.abc import Mapping

from pipeline.channels import syntax
from pipeline.channels.http import Reply, answer_error
from pipeline.channels.json_api import TIMEOUT, JsonChannel, fields
from pipeline.channels.json_form import JsonForm, Own, dumps
from pipeline.channels.mail import KEY, URL, setting, sort_out
from pipeline.channels.message import CRLF, ONE_CLICK, kind_headers, one_address
from pipeline.errors import SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety
from pipeline.stages.merge import Slot, merge, slots, translate

API_URL = "https://api.sendgrid.com/v3"
MOST_READERS = 1000
# Clocks differ: an event may bear a time a little before our own call.
_CLOCKS_APART = dt.timedelta(minutes=10)
# Its own places, filled in whatever a call says.
_PLACEHOLDER = re.compile(r"<%\s*asm_|\[weblink\]", re.IGNORECASE)


class SendGridChannel(JsonChannel):
    """Hands letters to SendGrid."""

    name = "sendgrid"
    who = "SendGrid"
    path = "/mail/send"
    serializer = "sendgrid-1"
    # How far its activity lags behind is not documented. Without more history it has three days.
    grace = dt.timedelta(minutes=30)
    memory = dt.timedelta(days=3)

    def __init__(
        self,
        *,
        api_key: str,
        activity: bool = False,
        api_url: str = API_URL,
        timeout: dt.timedelta = TIMEOUT,
    ) -> None:
        self.batch_size = MOST_READERS if activity else 1
        self.safety = Safety.LOOK_UP if activity else Safety.NEITHER
        headers = {"Authorization": f"Bearer {api_key}"}
        super().__init__(api_url=api_url, headers=headers, timeout=timeout)

    @classmethod
    def from_settings(cls) -> "SendGridChannel":
        """The channel that Anymail's settings describe.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        bought = setting("SENDGRID_EMAIL_ACTIVITY", form="yes|no", who="SendGrid", default="no")
        return cls(
            api_key=setting("SENDGRID_API_KEY", form=KEY, who="SendGrid"),
            activity=bought == "yes",
            api_url=setting("SENDGRID_API_URL", form=URL, who="SendGrid", default=API_URL),
        )

    def check(self, letter: Letter) -> None:
        """Refuse words that SendGrid would fill in."""
        syntax.refuse(letter, _PLACEHOLDER, who=self.who)

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """The letter once, and what each reader has of their own."""
        readers = (syntax.harmless(each, _PLACEHOLDER) for each in recipients)
        whole = b"," + dumps(_message(letter))[1:]
        own = JsonForm(_personalization(letter))
        return own.fill(readers, before=b'{"personalizations":', after=whole)

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """SendGrid takes all or none, and tells no ids: its events bear the ones we give."""
        if reply.status != 202 or "X-Message-Id" not in reply.headers:
            raise UnsureError("SendGrid answered, but not that it took the letter")
        return Receipt(accepted={each.delivery: _id(each) for each in recipients})

    def refusal(self, reply: Reply) -> SendError:
        """As of any other."""
        match fields(reply):
            case {"errors": [{"message": str(told)}, *_]}:
                return answer_error(self.who, reply.status, reply.headers, reason=told)
        return answer_error(self.who, reply.status, reply.headers)

    def look_up(self, letter: Letter, *, since: dt.datetime) -> Mapping[int, str]:
        """Which deliveries SendGrid took since then under this letter's key.

        Raises:
            RefusedError: It cannot be asked now; it lets one ask six times a minute.
            UnsureError: It did not answer, or not as its documentation says.
        """
        asked = {"limit": str(MOST_READERS), "query": f"(unique_args['batch']=\"{letter.key}\")"}
        answer = self.ask("/messages", asked)
        match answer:
            case {"messages": list(messages)} if len(messages) <= len(letter.recipients):
                taken = {_address(each, letter, since) for each in messages}
                readers, _ = sort_out(letter)
                return {
                    each.delivery: _id(each) for each in readers if each.address.lower() in taken
                }
            case {"messages": [*_]}:
                # A search that ignores what it is asked for proves nothing.
                raise UnsureError("SendGrid's activity gives messages of another batch")
        raise UnsureError("SendGrid's activity has another form than documented")


def _message(letter: Letter) -> dict[str, object]:
    """What is the same for all."""
    headers = {name: value.replace(CRLF, "") for name, value in kind_headers(letter).items()}
    if letter.kind == "issue":
        headers |= ONE_CLICK
    return {
        "from": _mailbox(letter.from_name, letter.from_address),
        **({"reply_to": {"email": one_address(letter.reply_to)}} if letter.reply_to else {}),
        "subject": translate(letter.subject, lambda slot: _tag(letter, slot)),
        "content": [
            {
                "type": "text/plain",
                "value": translate(letter.text, lambda slot: _tag(letter, slot)),
            },
            {
                "type": "text/html",
                "value": translate(letter.html, lambda slot: _tag(letter, slot, html=True)),
            },
        ],
        "headers": headers,
        "custom_args": {"batch": letter.key},
        "tracking_settings": _tracking(letter),
    }


def _tracking(letter: Letter) -> dict[str, object]:
    """What is measured: nothing of who did not agree (P1, P2); and no second way to leave."""
    return {
        "click_tracking": {"enable": letter.tracked, "enable_text": letter.tracked},
        "open_tracking": {"enable": letter.tracked},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def _personalization(letter: Letter) -> dict[str, object]:
    """What each reader has of their own."""
    headers: dict[str, object] = {"Message-ID": Own(_id)}
    if letter.kind == "issue":
        headers["List-Unsubscribe"] = Own(lambda each: f"<{each.values['unsubscribe_url']}>")
    return {
        "to": [Own(lambda each: _mailbox(each.name, one_address(each.address)))],
        "headers": headers,
        "substitutions": {
            tag: _value(slot, html=html) for tag, (slot, html) in _used(letter).items()
        },
        # The second is what Anymail makes an event's id of.
        "custom_args": {"delivery": Own(lambda each: str(each.delivery)), "anymail_id": Own(_id)},
    }


def _value(slot: Slot, *, html: bool) -> Own:
    return Own(lambda each: merge(slot.mark, each.values, html=html))


def _used(letter: Letter) -> dict[str, tuple[Slot, bool]]:
    used = {_tag(letter, slot): (slot, False) for slot in slots(letter.subject + letter.text)}
    return used | {_tag(letter, slot, html=True): (slot, True) for slot in slots(letter.html)}


def _tag(letter: Letter, slot: Slot, *, html: bool = False) -> str:
    """What stands for a slot: with the batch's key in it, no text or value can hold it."""
    return f"%{letter.key}.{slot.key}{'_html' if html else ''}%"


def _mailbox(name: str, address: str) -> dict[str, str]:
    return {"email": one_address(address), **({"name": name} if name else {})}


def _id(recipient: Recipient) -> str:
    return f"<{recipient.message_id}>"


def _address(message: object, letter: Letter, since: dt.datetime) -> str:
    """To whom a message of this letter went.

    Raises:
        UnsureError: It is of another form, or of another letter.
    """
    match message:
        case {"to_email": str(to), "from_email": str(sender), "last_event_time": str(when)}:
            pass
        case _:
            raise UnsureError("SendGrid's activity has another form than documented")
    try:
        late = dt.datetime.fromisoformat(when) >= since - _CLOCKS_APART
    except (ValueError, TypeError):
        raise UnsureError("SendGrid's activity has another form than documented") from None
    if not late or sender.lower() != one_address(letter.from_address).lower():
        raise UnsureError("SendGrid's activity gives messages of another batch")
    return to.lower()
