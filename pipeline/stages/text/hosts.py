"""Which hosts are public: what a host name or number stands for, however it is written.

The special-purpose registries of RFC 6890, and addresses that carry another one inside: such as
``::ffff:10.0.0.1``, which is 10.0.0.1 in another dress.
"""

import ipaddress
import re

import idna

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL_NAMES = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)\.?$", re.IGNORECASE
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_private(host: str) -> bool:
    """True if a host as it stands in a link can be seen not to be public, without asking DNS."""
    if _LOCAL_NAMES.search(host) or ("." not in host and ":" not in host and not host.isdigit()):
        return True
    address = number(host)
    return address is not None and not is_public(address)


def is_public(address: Address) -> bool:
    """True if an address, and every address it carries inside, belongs to the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address in _NAT64:
            # A dress and no more: the packets go to the address inside.
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        carried = [address.sixtofour, *(address.teredo or ())]
        if not all(is_public(inner) for inner in carried if inner):
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def ascii_domain(domain: str) -> str:
    """A domain as the network writes it: punycode, by IDNA 2008, so that straße is not strasse.

    Raises:
        ValueError: It is no domain.
    """
    if domain.isascii():
        return domain.encode("idna").decode("ascii")
    return idna.encode(domain, uts46=True).decode("ascii")


def number(host: str) -> Address | None:
    """The address a host stands for, in every notation that programs accept: 127.1, 0x7f000001."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    parts = host.lower().rstrip(".").split(".")
    if len(parts) > 4 or not all(re.fullmatch(r"0x[0-9a-f]*|[0-9]+", part) for part in parts):
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
