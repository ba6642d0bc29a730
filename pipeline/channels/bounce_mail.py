"""What a mail to the address for bounces tells: a delivery report, a complaint, or nothing.

Anybody may write to that address, so nothing is believed but the token of the return path, which
only the message's own way back has; everything else of the mail is looked at for what happened.

Sources: RFC 3464 (delivery reports), 3463 (their codes), 6522 (multipart/report), and 5965
(complaints).
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import Literal

from pipeline.audience.tokens import read_bounce_token
from pipeline.channels.http import without_addresses

# What is longer than any header that names an address.
_LONGEST = 2_000
_MOST_HEADERS = 200
# Where the address stands that a mail was sent to, or, in a complaint, the one it came from.
_WAYS = (
    *("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "original-recipient"),
    *("to", "original-mail-from", "return-path", "x-return-path"),
)
_HAPPENED = {
    "failed": "bounced",
    "delayed": "deferred",
    "delivered": "delivered",
    "relayed": "accepted",
    "expanded": "accepted",
}
# RFC 5965, section 7.3, and RFC 6591: these are about the sender's set-up, or the contrary of spam.
_NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "virus"})
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_VAGUE = frozenset({"", "5.0.0", "4.0.0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What became of one message, by a report that had its token.

    Attributes:
        number: The delivery, or the notice.
        kind: A key of ``events/kinds.py``.
        code: An enhanced status code, ``5.1.1``; "" if none is given.
        reason: The server's words: one line without addresses.
        when: When the report was made; None if it does not say.
    """

    of: Literal["issue", "notice"]
    number: int
    kind: str
    code: str = ""
    reason: str = ""
    when: dt.datetime | None = None


def read_report(raw: bytes, *, bounces: str) -> Returned | None:
    """What a mail tells of a message of ours; None for any other mail.

    Args:
        raw: The mail, or as much of its beginning as was fetched.
        bounces: The address that return paths add their token to.
    """
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(raw)
    except RecursionError:
        # Parts in parts in parts: no program that reports writes such a thing.
        return None
    if mail.get_content_type() != "multipart/report":
        return None
    token = _token(mail, bounces)
    if token is None:
        return None
    of, number = token
    for part in _parts(mail):
        told = _told(part)
        if told is not None:
            kind, code, reason = told
            return Returned(
                of=of, number=number, kind=kind, code=code, reason=reason, when=_date(mail)
            )
    return None


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of a mail, and of the message it sends back."""
    for place, part in enumerate(mail.walk()):
        if place > _MOST_HEADERS:
            return
        yield part


def _told(part: Message) -> tuple[str, str, str] | None:
    """Kind, code and reason of a part that is a report."""
    fields = [block for block in _blocks(part) if block.keys()]
    if part.get_content_type() == "message/delivery-status":
        return next(filter(None, map(_of_recipient, fields)), None)
    if part.get_content_type() == "message/feedback-report" and fields:
        said = _field(fields[0], "feedback-type").lower()
        return ("complained", "", said) if said and said not in _NO_COMPLAINTS else None
    return None


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report."""
    content = part.get_payload()
    return [block for block in content if isinstance(block, Message)] if content else []


def _of_recipient(block: Message) -> tuple[str, str, str] | None:
    action = _field(block, "action").lower()
    kind = _HAPPENED.get(action.split(" ", 1)[0])
    if kind is None:
        return None
    words = _field(block, "diagnostic-code").partition(";")[2].strip()
    code = next(iter(_CODE.findall(_field(block, "status"))), "")
    if code in _VAGUE:
        code = next(iter(_CODE.findall(words)), code)
    return kind, code, without_addresses(words)


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, ""))[:_LONGEST].split())


def _token(mail: Message, bounces: str) -> tuple[Literal["issue", "notice"], int] | None:
    """Whose the mail is, by the first token in it that is ours."""
    local, _, domain = bounces.rpartition("@")
    written = rf"{re.escape(local)}\+([a-z0-9-]{{34,60}})@{re.escape(domain)}"
    form = re.compile(rf"(?<![\w.+-]){written}(?![\w.-])", re.IGNORECASE)
    for part in _parts(mail):
        for name, value in part.items()[:_MOST_HEADERS]:
            if name.lower() not in _WAYS:
                continue
            for found in form.findall(str(value)[:_LONGEST]):
                token = read_bounce_token(found)
                if token is not None:
                    return token
    return None


def _date(mail: Message) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(str(mail.get("date", ""))[:_LONGEST])
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
