"""Email addresses: one spelling for each person (D35)."""

import re
import unicodedata

from pipeline.errors import SourceError
from pipeline.stages.text.hosts import ascii_domain

# One addr-spec, nothing quoted, no comment, no list: what people type and providers take (S15).
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+")
# The last label begins with a letter, so that a machine's number is no domain.
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# Nearly every address of a list: what the careful way below would give back as it stands.
_PLAIN = re.compile(rf"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@{_DOMAIN.pattern}")


def normalise_address(address: str) -> str:
    """The one spelling of an address: NFC, lower case, domain in ASCII (punycode).

    Case is folded on both sides of the @: no provider of today tells ``Ana@`` from ``ana@``, and
    two rows for one person would be two letters.

    Raises:
        SourceError: It is not exactly one address of at most 320 characters.
    """
    text = address.strip().lower()
    if len(text) <= 320 and _PLAIN.fullmatch(text):
        return text
    return normalise_carefully(address)


def normalise_carefully(address: str) -> str:
    """The same, of any text whatever; lists of a million take the short way before it.

    Raises:
        SourceError: It is not exactly one address of at most 320 characters.
    """
    text = unicodedata.normalize("NFC", address).strip().lower()
    local, at, domain = text.rpartition("@")
    try:
        # Encoding takes time with the square of the length, and makes nothing shorter.
        domain = ascii_domain(domain) if at and len(text) <= 320 else ""
    except ValueError:
        domain = ""
    spelt = f"{local}@{domain}"
    controls = any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in text)
    good = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(spelt) <= 320
    if not good or controls or ".." in local or local[:1] == "." or local[-1:] == ".":
        raise SourceError(
            f"{address[:80]!r} is not one email address", mend="Write it as ana@example.com."
        )
    return spelt
