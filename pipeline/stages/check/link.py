"""Links and images lead to public places, over an encrypted line.

Every target is ``https``, ``mailto``, ``tel`` or a merge field. ``http`` to a public host is a
warning: old sources have no other address. Anything else is an error: a script, a file, a relative
path that leads nowhere from an inbox, and this clinic's own network (RFC 6890), however written.
"""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.stages import merge
from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.values import Level

_LOCAL_NAMES = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)\.?$", re.IGNORECASE
)
_IN_TEXT = re.compile(r"\bhttps?://[^\s<>\"]+", re.IGNORECASE)


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, page in material.pages():
        targets = [link.href for link in page.links] + [image.source for image in page.images]
        yield from _flaws(targets, f"{name}, HTML")
        yield from _flaws(_IN_TEXT.findall(issue.text), f"{name}, text")
    for number, post in enumerate(material.posts, 1):
        yield from _flaws(_IN_TEXT.findall(post.text), f"post {number} for {post.network}")


def _flaws(targets: list[str], where: str) -> Iterator[Flaw]:
    for target in dict.fromkeys(targets):
        level, why = _judged(target.strip())
        if level:
            yield Flaw(
                message=f"the address {target or '(empty)'} {why}",
                suggestion="Give the https address a reader can open from anywhere.",
                where=where,
                level=level,
            )


def _judged(target: str) -> tuple[Level | None, str]:
    if target in map(merge.mark, merge.FIELDS):
        return None, ""
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return "error", "cannot be read"
    if parts.scheme in ("mailto", "tel"):
        return None, ""
    if parts.scheme not in ("http", "https") or not host:
        return "error", "leads nowhere from an inbox"
    if _private(host):
        return "error", "is on a private network"
    return ("warning", "is not encrypted") if parts.scheme == "http" else (None, "")


def _private(host: str) -> bool:
    if _LOCAL_NAMES.search(host) or ("." not in host and ":" not in host and not host.isdigit()):
        return True
    number = _number(host)
    # ::ffff:10.0.0.1 is 10.0.0.1 in another dress.
    inner = getattr(number, "ipv4_mapped", None) or number
    return inner is not None and not inner.is_global


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a host stands for, in every notation that programs accept: 127.1, 0x7f000001."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    parts = host.rstrip(".").split(".")
    if len(parts) > 4 or not all(re.fullmatch(r"0x[0-9a-f]*|\d+", part) for part in parts):
        return None
    *heads, tail = [_part(part) for part in parts]
    value = sum(head << (24 - 8 * place) for place, head in enumerate(heads)) + tail
    return ipaddress.IPv4Address(value) if value < 2**32 else None


def _part(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    # A leading zero means octal to the C library, and so to most programs.
    octal = part.startswith("0") and not set(part) - set("01234567")
    return int(part[:20], 8 if octal else 10)


RULE = Rule(
    code="link-not-https",
    level="error",
    source="https://www.rfc-editor.org/rfc/rfc6890",
    find=_find,
)
