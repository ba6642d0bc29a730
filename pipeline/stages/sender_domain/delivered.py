"""A letter as it arrived: is it signed as receivers ask for (D12)?

The provider signs, not we, so this is seen on a delivered letter alone. Source: RFC 8058,
section 4; RFC 6376, sections 3.5 and 5.4.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from pipeline.stages.sender_domain import dkim
from pipeline.stages.sender_domain.records import Ask, is_aligned, tags
from pipeline.values.remark import Remark

LARGEST = 5_000_000
SIGNED = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")
OF_A_LIST = ("list-unsubscribe", "list-unsubscribe-post")
_RESULT = re.compile(r"\b(dkim|spf|dmarc)\s*=\s*(\w+)", re.IGNORECASE)


def look(raw: bytes, ask: Ask) -> Iterator[Remark]:
    """What is to be said of a letter's signatures.

    Raises:
        NoAnswerError: DNS does not answer.
    """
    letter = message_from_bytes(raw)
    _, at, sender = parseaddr(str(letter.get("From", "")))[1].lower().rpartition("@")
    if not at or not sender:
        yield Remark(
            check="letter",
            health="wrong",
            message="the file is no letter: it has no From",
            mend="Save the letter with all its headers: “show original” or “view source”.",
        )
        return
    yield from _signatures(letter, sender, ask)
    yield from _unsubscribe(letter)
    yield from _results(letter)


def _signatures(letter: Message, sender: str, ask: Ask) -> Iterator[Remark]:
    signatures = [tags("".join(str(each).split())) for each in letter.get_all("DKIM-Signature", [])]
    own = [each for each in signatures if is_aligned(each.get("d", ""), sender, ask)]
    if not own:
        signers = ", ".join(sorted({each.get("d", "?") for each in signatures})) or "nobody"
        yield Remark(
            check="letter",
            health="wrong",
            message=f"the letter comes from {sender} and is signed by {signers}",
            mend=f"Set up DKIM for {sender} at your mail provider.",
        )
        return
    # One good signature is enough; the best is told.
    yield from min((list(_signature(each, letter, ask)) for each in own), key=_faults)


def _faults(remarks: list[Remark]) -> int:
    return sum(remark.health != "good" for remark in remarks)


def _signature(signature: dict[str, str], letter: Message, ask: Ask) -> Iterator[Remark]:
    signer = signature["d"]
    covered = set(signature.get("h", "").lower().split(":"))
    wanted = [*SIGNED, *(name for name in OF_A_LIST if name in letter)]
    missing = [name for name in wanted if name not in covered]
    if missing:
        yield Remark(
            check="letter",
            health="wrong",
            message=f"the signature of {signer} does not cover {', '.join(missing)}",
            mend="Ask your mail provider to sign these headers: receivers want it so (RFC 8058).",
        )
    else:
        message = f"the signature of {signer} covers all that it should"
        yield Remark(check="letter", health="good", message=message)
    if signature.get("a", "").endswith("sha1"):
        message, mend = f"{signer} signs with SHA-1", "Have your mail provider sign with SHA-256."
        yield Remark(check="letter", health="wrong", message=message, mend=mend)
    if "l" in signature:
        message = f"the signature of {signer} ends before the letter does, so more can be put in"
        mend = "Ask your mail provider to sign the whole of it."
        yield Remark(check="letter", health="wrong", message=message, mend=mend)
    yield from dkim.look(signer, [signature.get("s", "")], ask)


def _unsubscribe(letter: Message) -> Iterator[Remark]:
    """One click, byte for byte, unless a program says that it wrote to one person (D1)."""
    if "Auto-Submitted" in letter:
        return
    links, posts = (letter.get_all(name, []) for name in OF_A_LIST)
    https = re.findall(r"<https://[^>\s]+>", "".join(map(str, links)))
    if len(links) == len(https) == 1 and posts == ["List-Unsubscribe=One-Click"]:
        message = "the letter can be left by one click"
        yield Remark(check="letter", health="good", message=message)
        return
    yield Remark(
        check="letter",
        health="wrong",
        message="the letter cannot be left by one click: its two List-Unsubscribe headers are not "
        "as they were sent",
        mend="See that your mail provider puts in no way to leave of its own.",
    )


def _results(letter: Message) -> Iterator[Remark]:
    """What the receiver itself found."""
    # The topmost is that of the last receiver; others may be anybody's.
    told = str(letter.get("Authentication-Results", ""))
    for kind, result in dict.fromkeys((k.lower(), r.lower()) for k, r in _RESULT.findall(told)):
        if result not in {"pass", "none", "neutral", "bestguesspass"}:
            yield Remark(
                check="letter",
                health="wrong",
                message=f"the receiver says {kind}={result}",
                mend="Mend what is said above of it, wait an hour, and send another.",
            )
