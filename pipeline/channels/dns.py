"""The one door to DNS."""

import datetime as dt
import ipaddress

import dns.exception
import dns.name
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from pipeline.errors import SettingError
from pipeline.stages.sender_domain.records import Ask, NoAnswerError

PATIENCE = dt.timedelta(seconds=5)


def open_dns(server: str = "", *, patience: dt.timedelta = PATIENCE) -> Ask:
    """A way to ask DNS. What was asked once is not asked again.

    Args:
        server: ``192.0.2.1`` or ``192.0.2.1:5353``; "" for those of this machine.
        patience: The longest wait for one answer.

    Raises:
        SettingError: It is no such server, or the machine knows none.
    """
    resolver = _resolver(server)
    resolver.lifetime = patience.total_seconds()
    resolver.cache = dns.resolver.LRUCache()

    def ask(name: str, kind: str) -> list[str]:
        try:
            asked = dns.name.from_text(name)
        except (UnicodeError, dns.exception.DNSException):
            # What is no name has no records.
            return []
        try:
            answer = resolver.resolve(asked, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException:
            raise NoAnswerError(f"DNS gives no answer about {name}") from None
        return list(map(_told, answer))

    return ask


def _resolver(server: str) -> dns.resolver.Resolver:
    if not server:
        try:
            return dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            raise SettingError(
                "this machine knows no DNS server",
                mend="Write the address of one into MERIDIAN_DNS.",
            ) from None
    host, _, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
    try:
        address = str(ipaddress.ip_address(host.strip("[]")))
        number = int(port or 53)
    except ValueError:
        raise SettingError(
            f"MERIDIAN_DNS is {server!r}, which is no address of a server",
            mend="Write it as 9.9.9.9 or 127.0.0.1:5353, or leave it out.",
        ) from None
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [address], number
    return resolver


def _told(record: object) -> str:
    match record:
        case TXT():
            return b"".join(record.strings).decode("utf-8", "replace")
        case MX():
            return f"{record.preference} {record.exchange}"
    return str(record)
