"""What every mail API has in common: settings, who can be written to, and what is merged.

No header is handed over that a line break could end early (S14), and no address stands in an error
(P8).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, Self

from django.conf import settings
from markupsafe import escape

from pipeline.channels.message import (
    check_letter,
    check_recipient,
    is_plain,
    one_address,
)
from pipeline.errors import RefusedError, SettingError
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import ADDRESSES, Slot, slots

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
