"""DKIM: the keys by which a receiver sees that a letter is its domain's own (RFC 6376, 8301)."""

import base64
import binascii
from collections.abc import Iterable, Iterator

from pipeline.stages.sender_domain.records import Ask, tags
from pipeline.values.remark import Remark

FEWEST_BITS = 1024
GOOD_BITS = 2048
# Where these providers put a key that they name themselves; others choose a name for each domain.
USUAL = {
    "brevo": ("brevo1", "brevo2", "mail"),
    "mailgun": ("mx", "smtp", "pic", "mailo", "email", "krs", "k1", "mta"),
    "mailjet": ("mailjet",),
    "resend": ("resend",),
    "sendgrid": ("s1", "s2"),
}


def look(domain: str, selectors: Iterable[str], ask: Ask) -> Iterator[Remark]:
    """Whether keys stand where they are looked for.

    Args:
        domain: The domain that signs.
        selectors: The names under which its keys may stand.
        ask: DNS.

    Raises:
        NoAnswerError: DNS does not answer.
    """
    found = False
    for selector in selectors:
        for record in ask(f"{selector}._domainkey.{domain}", "TXT"):
            found = True
            yield key(record, f"{selector}._domainkey.{domain}")
    if not found:
        yield Remark(
            check="dkim",
            health="advice",
            message=f"no DKIM key of {domain} stands where it was looked for",
            mend="Set up the one your mail provider shows, then send yourself a letter, save it "
            "with all its headers, and run `meridian doctor --message FILE`. Or write where it "
            "stands into MERIDIAN_DKIM_SELECTORS.",
        )


def key(record: str, name: str) -> Remark:
    """What a key is worth.

    Args:
        record: The TXT record.
        name: Where it stands.
    """
    told = tags(record)
    if not told.get("p"):
        message, mend = f"the DKIM key at {name} was withdrawn", "Set up the one that is used now."
        return Remark(check="dkim", health="wrong", message=message, mend=mend)
    if told.get("k", "rsa") != "rsa":
        message = f"the DKIM key at {name} is of the kind {told['k']}, which few receivers know"
        mend = "Have letters signed by an RSA key as well."
        return Remark(check="dkim", health="advice", message=message, mend=mend)
    return _judged(bits(told["p"]), name)


def _judged(length: int, name: str) -> Remark:
    mend = f"Make one of {GOOD_BITS} bits at your mail provider."
    if length == 0:
        message = f"the DKIM key at {name} cannot be read"
        return Remark(check="dkim", health="wrong", message=message, mend="Copy it again, whole.")
    if length < FEWEST_BITS:
        message = f"the DKIM key at {name} has {length} bits, which receivers take for none"
        return Remark(check="dkim", health="wrong", message=message, mend=mend)
    message = f"the DKIM key at {name} has {length} bits"
    if length < GOOD_BITS:
        return Remark(check="dkim", health="advice", message=message, mend=mend)
    return Remark(check="dkim", health="good", message=message)


def bits(public: str) -> int:
    """The length of an RSA key in base64, as a SubjectPublicKeyInfo; 0 if it is none (RFC 3447)."""
    try:
        der = base64.b64decode("".join(public.split()), validate=True)
        _, info, _ = _item(der)
        _, _, after_algorithm = _item(info)
        _, string, _ = _item(after_algorithm)
        # A bit string says first how many bits of its last byte do not count: none.
        _, numbers, _ = _item(string[1:])
        kind, modulus, _ = _item(numbers)
    except (binascii.Error, IndexError):
        return 0
    return int.from_bytes(modulus, "big").bit_length() if kind == 0x02 else 0


def _item(der: bytes) -> tuple[int, bytes, bytes]:
    """Kind and content of the first item, and what follows it.

    Raises:
        IndexError: It ends too early.
    """
    kind, length, start = der[0], der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if len(der) < start + length:
        raise IndexError
    return kind, der[start : start + length], der[start + length :]
