"""How DNS is asked, and records that are lists of tags."""

import re
from collections.abc import Callable, Iterator, Sequence

Ask = Callable[[str, str], Sequence[str]]
"""What DNS has under a name, of a type: texts, empty where there is nothing.

``TXT`` gives whole texts, ``MX`` a preference and a host: ``10 mail.example.com``.
"""

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.DOTALL)


class NoAnswerError(Exception):
    """DNS gave no answer, which is not the answer that there is nothing."""


def tags(record: str) -> dict[str, str]:
    """The tags of a record such as ``v=DKIM1; k=rsa`` (RFC 6376, 3.2), by lower-case name."""
    found = map(_TAG.fullmatch, record.split(";"))
    return {each[1].lower(): each[2] for each in found if each}


def domains_above(domain: str) -> Iterator[str]:
    """The domain and those above it, as far as one that a registrar gives out may reach."""
    labels = domain.lower().rstrip(".").split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def is_aligned(one: str, other: str, ask: Ask) -> bool:
    """Whether two domains belong together, as DMARC asks it by default (relaxed, RFC 7489, 3.1).

    One is within the other, or both are within one that has a DMARC record: that it has tells a
    clinic's domain from a registry's.
    """
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    shared = set(domains_above(one)) & set(domains_above(other))
    return any(has_dmarc(domain, ask) for domain in shared)


def has_dmarc(domain: str, ask: Ask) -> bool:
    """Whether a domain has a DMARC record of its own."""
    return any(map(is_dmarc, ask(f"_dmarc.{domain}", "TXT")))


def is_dmarc(text: str) -> bool:
    """Whether a text is a DMARC record."""
    return re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", text) is not None
