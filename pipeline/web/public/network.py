"""Where a request comes from, no closer than needed: the network, never the whole address (L5)."""

import ipaddress
import logging

from django.conf import settings
from django.http import HttpRequest

log = logging.getLogger(__name__)

# How much of an address is kept: about what a provider gives to one street, or to one customer.
_KEPT = {4: 24, 6: 48}


def network_of(request: HttpRequest) -> str:
    """The network of the client: "198.51.100.0/24", "2001:db8:1::/48"; "" if nobody can tell.

    Behind proxies (``MERIDIAN_TRUSTED_PROXIES``), each believed one has put whom it heard at the
    end of ``X-Forwarded-For``. What stands before that anybody may have written.
    """
    heard = request.headers.get("X-Forwarded-For", "").split(",")
    chain = [*filter(str.strip, heard), request.META.get("REMOTE_ADDR", "")]
    return network(chain[max(-len(chain), -1 - settings.MERIDIAN_TRUSTED_PROXIES)])


def tell_of_proxy(request: HttpRequest) -> None:
    """Say in the log what is wrong if all visitors seem to come from one network: a proxy's."""
    if "X-Forwarded-For" in request.headers and not settings.MERIDIAN_TRUSTED_PROXIES:
        log.warning(
            "a network asked to join as often as one may in an hour. If Meridian stands behind a"
            " proxy, set MERIDIAN_TRUSTED_PROXIES, or all visitors share one limit."
        )


def network(address: str) -> str:
    """The network of one address; "" of what is none."""
    try:
        found = ipaddress.ip_address(_bare(address.strip()))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    whole = ipaddress.ip_network((int(found), _KEPT[found.version]), strict=False)
    return str(whole)


def _bare(address: str) -> str:
    """The address without a port, a zone or brackets, as some proxies write them."""
    if address.startswith("["):
        return address[1:].partition("]")[0].partition("%")[0]
    if address.count(":") == 1:
        return address.partition(":")[0]
    return address.partition("%")[0]
