"""What every mail API has in common: a letter in, Anymail's message out, its errors made plain.

Anymail's backends do not look for line breaks in headers, try nothing twice, and name addresses in
their errors: the first is made up for here, the second relied on, the third kept from logs (P8).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, Self

import requests
from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import AnymailError
from anymail.message import AnymailMessage
from django.conf import settings
from markupsafe import escape

from pipeline.channels.http import answer_error, call_error, without_addresses
from pipeline.channels.message import (
    CRLF,
    ONE_CLICK,
    check_letter,
    check_recipient,
    is_plain,
    kind_headers,
    one_address,
)
from pipeline.errors import RefusedError, SendError, SettingError, UnsureError
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import ADDRESSES, Slot, slots, translate

# The forms of settings: a key is one word in ASCII.
KEY = r"[!-~]+"
URL = r"https?://(?:\[[0-9a-fA-F:]+\]|[^\s/?#@:\[\]]+)(?::\d{1,5})?(?:/[^\s?#@]*)?"

_MARKUP = re.compile("[&<>\"']")


def setting(name: str, *, form: str, who: str, default: str = "") -> str:
    """One of a provider's settings, by Anymail's name without ``ANYMAIL_``.

    Args:
        name: Its name.
        form: The regular expression all of it must match.
        who: The provider, for the message.
        default: What holds where it is not set.

    Raises:
        SettingError: It is missing, or no such thing. The message never shows it.
    """
    value = str(settings.ANYMAIL.get(name) or default)
    if not value:
        raise SettingError(
            f"ANYMAIL_{name} is not set",
            mend=f"Put it into the environment or .env; {who} shows it on its dashboard.",
        )
    if not re.fullmatch(form, value):
        raise SettingError(
            f"ANYMAIL_{name} has a form that {who} does not give",
            mend=f"Copy it again from {who}'s dashboard, without spaces or quotes.",
        )
    return value


def sort_out(letter: Letter) -> tuple[list[Recipient], dict[int, str]]:
    """The readers of a letter who can be written to, and why not by delivery for the others.

    Raises:
        RefusedError: The letter can go to nobody. Nothing has been on the wire.
    """
    check_letter(letter)
    good: list[Recipient] = []
    refused: dict[int, str] = {}
    for recipient in letter.recipients:
        if is_plain(recipient, kind=letter.kind):
            good.append(recipient)
            continue
        try:
            check_recipient(recipient, kind=letter.kind)
        except RefusedError as error:
            refused[recipient.delivery] = str(error)
        else:
            address = one_address(recipient.address)
            same = address == recipient.address
            good.append(recipient if same else replace(recipient, address=address))
    if not good:
        reasons = "; ".join(sorted(set(refused.values())))
        raise RefusedError(f"no reader can be written to: {reasons}", final=True)
    return good, refused


def message_for(
    letter: Letter, recipients: list[Recipient], *, field: Callable[[str], str]
) -> AnymailMessage:
    """One call for many readers, each of whom gets a message of their own (D36).

    Args:
        letter: The letter, already sorted out.
        recipients: Those who can be written to.
        field: How the provider writes a variable of this name.
    """

    def written(slot: Slot) -> str:
        return field(Variable.of(slot, html=False).name)

    variables = variables_of(letter)
    message = AnymailMessage(
        subject=translate(letter.subject, written),
        body=translate(letter.text, written),
        from_email=spelt(letter.from_name, one_address(letter.from_address)),
        to=[spelt(recipient.name, recipient.address) for recipient in recipients],
        reply_to=[one_address(letter.reply_to)] if letter.reply_to else None,
        headers={name: value.replace(CRLF, "") for name, value in kind_headers(letter).items()},
        merge_data={each.address: filled(variables, each.values) for each in recipients},
        metadata={"batch": letter.key},
        track_clicks=letter.tracked,
        track_opens=letter.tracked,
    )
    if letter.kind == "issue":
        message.extra_headers |= ONE_CLICK
        message.merge_headers = {
            recipient.address: {"List-Unsubscribe": f"<{recipient.values['unsubscribe_url']}>"}
            for recipient in recipients
        }
    html = translate(letter.html, lambda slot: field(Variable.of(slot, html=True).name))
    message.attach_alternative(html, "text/html")
    return message


class Variable(NamedTuple):
    """What a provider puts in for a slot: one for each default, one of its own where it is HTML.

    Attributes:
        name: Its name at the provider.
        field: Of the reader's values.
        default: What stands in for a reader who has none.
        html: Whether it stands in HTML. Providers put a value in as it is, so it must be HTML
            already.
    """

    name: str
    field: str
    default: str
    html: bool

    @classmethod
    def of(cls, slot: Slot, *, html: bool) -> Self:
        """The variable of a slot."""
        apart = html and slot.field not in ADDRESSES
        return cls(f"{slot.key}_html" if apart else slot.key, slot.field, slot.default, html)


def variables_of(letter: Letter) -> tuple[Variable, ...]:
    """What a letter takes of each reader: the link to leave, and what its words use."""
    written = [Variable.of(slot, html=False) for slot in slots(letter.subject + letter.text)]
    shown = [Variable.of(slot, html=True) for slot in slots(letter.html)]
    leave = [Variable.of(Slot("unsubscribe_url"), html=False)] if letter.kind == "issue" else []
    return tuple({each.name: each for each in [*leave, *written, *shown]}.values())


def filled(variables: Iterable[Variable], values: Mapping[str, str]) -> dict[str, str]:
    """One reader's variables, defaults applied.

    Raises:
        KeyError: A field has no value.
    """
    return {
        name: _escaped(values[field] or default) if html else values[field] or default
        for name, field, default, html in variables
    }


def _escaped(text: str) -> str:
    return str(escape(text)) if _MARKUP.search(text) else text


def spelt(name: str, address: str) -> str:
    """A mailbox as mail APIs read it: the name quoted, never encoded, so that they find one."""
    if not name:
        return address
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def send(backend: AnymailRequestsBackend, message: AnymailMessage) -> None:
    """Make the call, once.

    Raises:
        RefusedError: Certainly nothing was taken.
        UnsureError: Nobody can tell.
    """
    try:
        sent = backend.send_messages([message])
    except AnymailError as error:
        # Not "from error": that one holds the payload, and prints the addresses in it.
        raise _plain(backend.esp_name, error) from None
    except RecursionError:
        raise UnsureError(f"{backend.esp_name} answered something that is no JSON") from None
    if sent != 1:
        raise RefusedError(f"the call to {backend.esp_name} was called off on this side")


def _plain(who: str, error: AnymailError) -> SendError:
    if error.response is not None:
        if error.response.ok:
            return UnsureError(f"{who} answered, but not that it took the letter")
        return answer_error(
            who, error.response.status_code, error.response.headers, reason=_reason(error.response)
        )
    if isinstance(error, requests.RequestException):
        return call_error(who, error.__cause__)
    told = without_addresses(str(error.args[0]) if error.args else type(error).__name__)
    return RefusedError(f"the letter cannot be written for {who}: {told}", final=True)


def _reason(response: requests.Response) -> str:
    """The ``message`` of an answer in JSON, as most mail APIs give it."""
    try:
        answer = response.json()
    except ValueError:
        return ""
    return str(answer.get("message", "")) if isinstance(answer, dict) else ""
