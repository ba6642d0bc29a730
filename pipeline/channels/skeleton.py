"""One MIME skeleton for all readers of a letter, into which what is each reader's own is spliced.

:func:`pipeline.channels.message.build_message` says what an email is; this gives the same bytes, as
SMTP sends them (dots doubled, RFC 5321 section 4.5.2), for a fraction of the work: what no reader's
value stands in is encoded once. Quoted-printable breaks lines by their length, so the smallest part
that is encoded for each reader is a line of the text that has a merge field in it.
"""

import binascii
import hashlib
from collections.abc import Mapping
from email.utils import format_datetime
from functools import lru_cache

from pipeline.channels.message import (
    CRLF,
    check_letter,
    check_recipient,
    kind_headers,
    mailbox,
    one_address,
    unstructured,
    unsubscribe_headers,
)
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import Form, merge, slots

_BREAK = b"\r\n"
# Stands where a reader's own link does, while the headers round it are written.
_LINK = "https://link.invalid"


class Skeleton:
    """A letter whose parts are encoded, to be filled for any number of readers.

    Raises:
        RefusedError: The letter can go to nobody.
    """

    def __init__(self, letter: Letter) -> None:
        check_letter(letter)
        self._letter = letter
        self._own_subject = bool(slots(letter.subject))
        self._before = f"From: {mailbox(letter.from_name, letter.from_address)}{CRLF}To: "
        self._subject = "" if self._own_subject else unstructured("Subject", letter.subject)
        self._date = f"{CRLF}Date: {format_datetime(letter.date)}{CRLF}Message-ID: <"
        self._link, self._after = _rest_of_head(letter)
        self._bodies = [
            (_part_head(kind), _body(text, html=kind == "html"))
            for kind, text in (("plain", letter.text), ("html", letter.html))
        ]

    def fill(self, recipient: Recipient, *, eai: bool) -> bytes:
        """The email of one reader with its dots doubled, without the dot that ends it.

        Args:
            recipient: The reader.
            eai: Whether the server takes addresses with letters outside ASCII before the @.

        Raises:
            RefusedError: A header would hold what it must not.
        """
        check_recipient(recipient, kind=self._letter.kind, eai=eai)
        boundary = f"=_{hashlib.sha256(recipient.message_id.encode()).hexdigest()[:24]}"
        line = f"--{boundary}".encode()
        pieces = [self._head(recipient, eai=eai), boundary.encode(), b'"\r\n\r\n']
        for head, body in self._bodies:
            pieces += [line, head]
            body.fill(recipient.values, into=pieces)
            pieces.append(b"\r\n\r\n")
        pieces += [line, b"--\r\n"]
        return b"".join(pieces)

    def _head(self, recipient: Recipient, *, eai: bool) -> bytes:
        subject = self._subject
        if self._own_subject:
            subject = unstructured("Subject", merge(self._letter.subject, recipient.values))
        pieces = [
            self._before,
            mailbox(recipient.name, recipient.address, eai=eai),
            f"{CRLF}Subject: ",
            subject,
            self._date,
            one_address(recipient.message_id),
            self._link,
            recipient.values["unsubscribe_url"] if self._letter.kind == "issue" else "",
            self._after,
        ]
        return "".join(pieces).encode()


def _rest_of_head(letter: Letter) -> tuple[str, str]:
    """What stands behind the Message-ID: before the reader's link, and behind it."""
    rest = kind_headers(letter)
    if letter.kind == "issue":
        rest |= unsubscribe_headers(_LINK)
    if letter.reply_to:
        rest["Reply-To"] = one_address(letter.reply_to)
    rest["MIME-Version"] = "1.0"
    rest["Content-Type"] = 'multipart/alternative; boundary="'
    written = f">{CRLF}" + CRLF.join(f"{name}: {value}" for name, value in rest.items())
    before, _, after = written.partition(_LINK)
    return before, after


def _part_head(kind: str) -> bytes:
    lines = [
        "",
        f'Content-Type: text/{kind}; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "",
    ]
    return CRLF.join(lines).encode()


class _Body:
    """A text in quoted-printable, but for the lines that have a merge field in them."""

    __slots__ = ("_pieces",)

    def __init__(self, text: str, *, html: bool) -> None:
        self._pieces: list[bytes | Form] = []
        plain: list[str] = []
        *lines, last = text.split("\n")
        # With its end, before which quoted-printable writes a space in another way.
        for line in [*(f"{line}\n" for line in lines), *filter(None, [last])]:
            if slots(line):
                self._keep(plain)
                self._pieces.append(Form(line, html=html))
                plain = []
            else:
                plain.append(line)
        self._keep(plain)

    def _keep(self, lines: list[str]) -> None:
        if lines:
            self._pieces.append(_encoded("".join(lines).encode()))

    def fill(self, values: Mapping[str, str], *, into: list[bytes]) -> None:
        """Add the body of one reader to these pieces; it ends without a line break."""
        break_ = b""
        for piece in self._pieces:
            into.append(break_)
            into.append(piece if isinstance(piece, bytes) else _encoded(piece.fill(values)))
            break_ = _BREAK


@lru_cache(maxsize=8)
def _body(text: str, *, html: bool) -> _Body:
    """The text, encoded; kept, since one batch after the other has the same."""
    return _Body(text, html=html)


def _encoded(text: bytes) -> bytes:
    """Whole lines in quoted-printable, each dot at a line's start doubled; no break at the end."""
    encoded = _BREAK.join(binascii.b2a_qp(text, quotetabs=False).splitlines())
    stuffed = encoded.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
