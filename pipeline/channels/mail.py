"""What every mail API has in common: a letter in, Anymail's message out, its errors made plain.

Anymail's backends do not look for line breaks in headers, try nothing twice, and name addresses in
their errors: the first is made up for here, the second relied on, the third kept from logs (P8).
"""

import re
from collections.abc import Callable
from dataclasses import replace

import requests
from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import AnymailError
from anymail.message import AnymailMessage
from django.conf import settings

from pipeline.channels.http import answer_error, call_error, without_addresses
from pipeline.channels.message import (
    CRLF,
    ONE_CLICK,
    check_letter,
    check_recipient,
    kind_headers,
    one_address,
)
from pipeline.errors import RefusedError, SendError, SettingError, UnsureError
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import ADDRESSES, Slot, merge, slots, translate

# The forms of settings: a key is one word in ASCII.
KEY = r"[!-~]+"
URL = r"https?://(?:\[[0-9a-fA-F:]+\]|[^\s/?#@:\[\]]+)(?::\d{1,5})?(?:/[^\s?#@]*)?"


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
    message = AnymailMessage(
        subject=translate(letter.subject, lambda slot: field(_variable(slot))),
        body=translate(letter.text, lambda slot: field(_variable(slot))),
        from_email=spelt(letter.from_name, letter.from_address),
        to=[spelt(recipient.name, recipient.address) for recipient in recipients],
        reply_to=[one_address(letter.reply_to)] if letter.reply_to else None,
        headers={name: value.replace(CRLF, "") for name, value in kind_headers(letter).items()},
        merge_data=_variables(letter, recipients),
        metadata={"batch": letter.key},
        track_clicks=False,
        track_opens=False,
    )
    if letter.kind == "issue":
        message.extra_headers |= ONE_CLICK
        message.merge_headers = {
            recipient.address: {"List-Unsubscribe": f"<{recipient.values['unsubscribe_url']}>"}
            for recipient in recipients
        }
    html = translate(letter.html, lambda slot: field(_variable(slot, html=True)))
    message.attach_alternative(html, "text/html")
    return message


def _variable(slot: Slot, *, html: bool = False) -> str:
    """The variable of a slot: one for each default, and one of its own where it is escaped."""
    # Providers put a value in as it is, so what stands in HTML must be HTML already.
    return f"{slot.key}_html" if html and slot.field not in ADDRESSES else slot.key


def _variables(letter: Letter, recipients: list[Recipient]) -> dict[str, dict[str, str]]:
    """The variables of each reader, defaults applied, and none that the letter does not use."""
    used = {_variable(slot): (slot, False) for slot in slots(letter.subject + letter.text)}
    used |= {_variable(slot, html=True): (slot, True) for slot in slots(letter.html)}
    return {
        recipient.address: {
            name: merge(slot.mark, recipient.values, html=html)
            for name, (slot, html) in used.items()
        }
        for recipient in recipients
    }


def spelt(name: str, address: str) -> str:
    """A mailbox as Anymail reads it: the name quoted, never encoded, so that it finds one."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{one_address(address)}>' if name else one_address(address)


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
