"""One email as bytes: headers and a multipart/alternative body, text first.

What stands in them: D1, D15, D16, D21, D22, D23, D26, D36 and S14 of the tests.

Built here and not by the standard library, for two reasons: its headers fold a long
List-Unsubscribe (which breaks DKIM at some receivers) or wrap its address into an encoded word,
and the same letter must give the same bytes on every try, boundary included.
"""

import hashlib
import quopri
import re
from collections.abc import Mapping
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

import regex

from pipeline.errors import RefusedError
from pipeline.outbox.letter import Letter, LetterKind, Recipient
from pipeline.stages.merge import ADDRESSES, form, merge, unmarked
from pipeline.stages.text.hosts import ascii_domain

CRLF = "\r\n"
_FOLD_AT = 76
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ONE = rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_ADDRESS = re.compile(_ONE)
_LONGEST = 254
# Letters of any alphabet where an atom has ASCII ones (RFC 6532, section 3.2).
_EAI_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\p{L}\p{M}\p{N}-]+"
_EAI_LOCAL = regex.compile(rf"{_EAI_ATOM}(?:\.{_EAI_ATOM})*")
_UNFIT = re.compile(r"[^A-Za-z0-9-]+")
_SEPARATOR = re.compile(r"[/\\]")
_LINK = r"https?://[!-;=?-~]+"
_URL = re.compile(_LINK)
# An address, a message's id and links, each on its line.
_PLAIN = re.compile(rf"{_ONE}\n{_ONE}(?:\n{_LINK})*")
_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")

ONE_CLICK = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def build_message(letter: Letter, recipient: Recipient, *, eai: bool = False) -> bytes:
    """One email, ready to be sent or saved.

    Args:
        letter: What is sent.
        recipient: To whom.
        eai: Whether the way out takes addresses with letters outside ASCII before the @. Such an
            address stands in its header as it is, in UTF-8 (RFC 6532); all else is ASCII.

    Raises:
        RefusedError: A header would hold what it must not.
    """
    lines = [f"{name}: {value}" for name, value in headers(letter, recipient, eai=eai).items()]
    boundary = f"=_{hashlib.sha256(recipient.message_id.encode()).hexdigest()[:24]}"
    lines += [
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
    ]
    for kind, text in (("plain", letter.text), ("html", letter.html)):
        filled = form(text, html=kind == "html").fill(recipient.values)
        lines += [f"--{boundary}", *_part(kind, filled)]
    lines += [f"--{boundary}--", ""]
    return CRLF.join(lines).encode()


def headers(letter: Letter, recipient: Recipient, *, eai: bool = False) -> dict[str, str]:
    """The headers of one email, in order, as they stand on the wire.

    Raises:
        RefusedError: One of them would hold what it must not.
    """
    check_letter(letter)
    check_recipient(recipient, kind=letter.kind, eai=eai)
    found = {
        "From": mailbox(letter.from_name, letter.from_address),
        "To": mailbox(recipient.name, recipient.address, eai=eai),
        "Subject": unstructured("Subject", merge(letter.subject, recipient.values)),
        "Date": format_datetime(letter.date),
        "Message-ID": f"<{one_address(recipient.message_id)}>",
        **kind_headers(letter),
    }
    if letter.kind == "issue":
        found |= unsubscribe_headers(recipient.values["unsubscribe_url"])
    if letter.reply_to:
        found["Reply-To"] = one_address(letter.reply_to)
    return found


def check_letter(letter: Letter) -> None:
    """Refuse a letter that cannot go to anybody.

    Raises:
        RefusedError: A header would hold a line break (S14), or an address is none.
    """
    _refuse_breaks(
        {
            "sender's name": letter.from_name,
            "sender's address": letter.from_address,
            "reply address": letter.reply_to,
            "subject": unmarked(letter.subject),
            "list's name": letter.list_name,
            "list's id": letter.list_id,
            "folder's name": letter.folder,
        }
    )
    if letter.folder in ("", ".", "..") or _SEPARATOR.search(letter.folder):
        raise RefusedError("the folder's name leads elsewhere", final=True)
    one_address(letter.from_address)
    if letter.reply_to:
        one_address(letter.reply_to)
    if letter.kind == "issue":
        _ascii_domain(letter.list_id)


def check_recipient(recipient: Recipient, *, kind: LetterKind = "issue", eai: bool = False) -> None:
    """Refuse a reader who cannot be written to.

    Args:
        recipient: The reader.
        kind: What the letter is: an issue needs the reader's own way to leave.
        eai: Whether the way out takes addresses with letters outside ASCII before the @.

    Raises:
        RefusedError: A header would hold a line break (S14), or the address is none.
    """
    if is_plain(recipient, kind=kind):
        return
    _refuse_breaks(
        {
            "reader's name": recipient.name,
            "reader's address": recipient.address,
            "message's id": recipient.message_id,
            # One of them may stand in the subject.
            **{f"reader's {field}": value for field, value in recipient.values.items()},
        }
    )
    one_address(recipient.address, eai=eai)
    one_address(recipient.message_id)
    _refuse_links(recipient, _own_links(recipient, kind))


def is_plain(recipient: Recipient, *, kind: LetterKind = "issue") -> bool:
    """True if there is surely nothing to refuse: what nearly everybody is, asked in one go.

    The address of such a reader is written as it is.
    """
    values, links = recipient.values, _own_links(recipient, kind)
    lines = [recipient.address, recipient.message_id, *[values[name] for name in links]]
    # What is printable has no control character, no separator and no lone surrogate (S14).
    return (
        "".join((recipient.name, *values.values())).isprintable()
        and _PLAIN.fullmatch("\n".join(lines)) is not None
        and max(len(recipient.address), len(recipient.message_id)) <= _LONGEST
    )


def _own_links(recipient: Recipient, kind: LetterKind) -> list[str]:
    if kind == "issue":
        return ["unsubscribe_url"]
    return [name for name in recipient.values if name in ADDRESSES]


def _refuse_links(recipient: Recipient, links: list[str]) -> None:
    for name in links:
        if not _URL.fullmatch(recipient.values[name]):
            told = f"the {name.removesuffix('_url')} link is no web address in ASCII"
            raise RefusedError(told, final=True)


def _refuse_breaks(texts: Mapping[str, str]) -> None:
    # Asked of the texts and not of the finished headers: an encoded word would hide a line break.
    # Of Unicode's categories: Cc, Cs, Zl and Zp.
    for name, text in texts.items():
        if _BREAK.search(text):
            raise RefusedError(f"the {name} holds a line break or a control character", final=True)


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers of one-click unsubscribe (RFC 8058), each on one line."""
    return {"List-Unsubscribe": f"<{url}>", **ONE_CLICK}


def kind_headers(letter: Letter) -> dict[str, str]:
    """What tells programs of a letter's kind: it is of a list, or no answer is wanted (D25)."""
    if letter.kind == "notice":
        return {"Auto-Submitted": "auto-generated"}
    return {"List-Id": list_id(letter), "Feedback-ID": feedback_id(letter)}


def list_id(letter: Letter) -> str:
    """The List-Id header (RFC 2919): the same for every issue of a newsletter (D15)."""
    return _behind(phrase(letter.list_name), f"<{_ascii_domain(letter.list_id)}>")


def feedback_id(letter: Letter) -> str:
    """The Feedback-ID header: ``campaign:list:type:sender``, and nothing of a reader (D26).

    Gmail counts complaints by each of the four, so no two may be alike. The last is for ever the
    same for a sender, 5 to 15 characters long: support.google.com/mail/answer/6254652.
    """
    digest = hashlib.sha256(letter.folder.encode()).hexdigest()[:6]
    campaign = f"{_UNFIT.sub('', letter.folder)[:10]}.{digest}"
    newsletter = _UNFIT.sub("", letter.list_id.partition(".")[0])[:20]
    domain = _ascii_domain(letter.from_address.rpartition("@")[2])
    sender = "".join(filter(str.isalnum, domain.lower()))[:15].ljust(5, "0")
    return f"{campaign}:{newsletter}:mail.issue:{sender}"


def mailbox(name: str, address: str, *, eai: bool = False) -> str:
    """A name and an address as RFC 5322 writes them.

    Raises:
        RefusedError: The address is not one that mail servers take.
    """
    address = one_address(address, eai=eai)
    return _behind(phrase(name), f"<{address}>") if name else address


# A message asks the same of its few addresses again and again.
@lru_cache(maxsize=64)
def one_address(address: str, *, eai: bool = False) -> str:
    """The address with its domain in punycode, if it is one address and nothing else (S15).

    Args:
        address: What should be one.
        eai: Whether letters outside ASCII are taken before the @.

    Raises:
        RefusedError: It is none, or has such letters where they are not taken (D23). The message
            does not name it: addresses stay out of logs (P8).
    """
    local, _, domain = address.rpartition("@")
    wide = not local.isascii() and _EAI_LOCAL.fullmatch(local) is not None
    if wide and not eai:
        told = "an address has letters outside ASCII before the @, which this way out refuses"
        raise RefusedError(told, final=True)
    found = f"{local}@{_ascii_domain(domain)}"
    # Its letters are known to be good; lengths count bytes.
    counted = found.replace(local, "x" * len(local.encode()), 1) if wide else found
    if not _ADDRESS.fullmatch(counted) or len(counted) > _LONGEST:
        raise RefusedError("an address is not one that mail servers take", final=True)
    return found


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    try:
        return ascii_domain(domain)
    except ValueError:
        raise RefusedError("a domain is not one that mail servers take", final=True) from None


def unstructured(name: str, text: str) -> str:
    """A free text as a header value: folded ASCII, or encoded words of at most 75 (RFC 2047)."""
    if _reads_as_written(text) and len(name) + 2 + len(text) <= _FOLD_AT:
        return text
    charset = "us-ascii" if _reads_as_written(text) else "utf-8"
    return Header(text, charset, maxlinelen=_FOLD_AT, header_name=name).encode(linesep=CRLF)


def _reads_as_written(text: str) -> bool:
    """True if a receiver shows this text as it is, folded or not, without decoding it."""
    words = text.split(" ")
    foldable = all(words) and max(map(len, words)) <= _FOLD_AT - 10
    return text.isascii() and foldable and "=?" not in text


def phrase(name: str) -> str:
    """A display name: quoted ASCII, or encoded words."""
    if not name.isascii() or "=?" in name or len(name) > _FOLD_AT - 12:
        return Header(name, "utf-8", maxlinelen=_FOLD_AT - 10).encode(linesep=CRLF)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if name else ""


def _behind(shown: str, bracketed: str) -> str:
    """A phrase and what stands in brackets, on two lines where one would grow too long."""
    gap = f"{CRLF} " if len(shown) + len(bracketed) > _FOLD_AT - 10 else " "
    return f"{shown}{gap}{bracketed}" if shown else bracketed


def _part(kind: str, text: bytes) -> list[str]:
    encoded = quopri.encodestring(text, quotetabs=False).decode("ascii")
    return [
        f'Content-Type: text/{kind}; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        CRLF.join(encoded.splitlines()),
        "",
    ]
