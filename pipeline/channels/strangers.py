"""Asking strangers over HTTP: addresses that stand in a text, which may be anybody's.

Whoever wrote such an address may mean harm: have this machine knock at the doors of its own network
(S11). So a name is looked up once, every address it has must be public, and the connection goes to
that very address, whatever the name may stand for a moment later; after a redirect all of it begins
anew. No cookie, no key and no name of ours goes along, and nothing of the answer's body is read.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from pipeline.stages.answers import LinkAnswer
from pipeline.stages.text.hosts import ascii_domain, is_private, is_public, number

PATIENCE = 5.0
MOST_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_MOVED_FOR_GOOD = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A server that is not sure about HEAD is asked by GET; one that is asked too often, is not.
_TOO_MANY = 429
_SAFE = "/%:=&?~#+!$,;'@()*[]"

Resolve = Callable[[str], Sequence[str]]
Doors = Collection[tuple[str, int]]


class _ShutError(Exception):
    """This address is not asked, or has no answer; its text goes on after "the address …".

    Attributes:
        passing: True if it may have one later.
    """

    def __init__(self, told: str, *, passing: bool = False) -> None:
        super().__init__(told)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    size: int | None


@dataclass(frozen=True, slots=True)
class _Way:
    """How strangers are asked; ``latest`` is by the monotonic clock."""

    latest: float
    resolve: Resolve
    also: Doors
    trust: ssl.SSLContext

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return max(self.latest - time.monotonic(), 0)


def addresses_of(host: str) -> Sequence[str]:
    """The addresses a name has now, by the machine's own resolver.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def look(
    url: str,
    *,
    patience: float = PATIENCE,
    resolve: Resolve = addresses_of,
    also: Doors = (),
    shun: Callable[[str], bool] = lambda _: False,
    authorities: str | None = None,
) -> LinkAnswer:
    """Ask an address whether anything is there: by HEAD, and by GET if that is not answered well.

    Args:
        url: The address, from anybody.
        patience: Seconds for all of it, redirects included.
        resolve: How a name becomes addresses.
        also: Addresses and ports that are asked although they are not public.
        shun: Tells of an address, at the beginning and after each redirect, that it is not asked.
        authorities: A file of certificates to believe; None for those that browsers believe.
    """
    trust = ssl.create_default_context(cafile=authorities or DEFAULT_CA_BUNDLE_PATH)
    way = _Way(time.monotonic() + patience, resolve, also, trust)
    try:
        return _follow(url, way, shun)
    except _ShutError as error:
        return LinkAnswer(fault=str(error), passing=error.passing)


def _follow(url: str, way: _Way, shun: Callable[[str], bool]) -> LinkAnswer:
    moved, for_good = "", True
    for _ in range(MOST_REDIRECTS + 1):
        if shun(url):
            raise _ShutError("leads to a page of one reader's own")
        answer = _ask(url, way)
        if answer.status not in _REDIRECTS or not answer.location:
            return LinkAnswer(status=answer.status, moved=moved, size=answer.size)
        try:
            url = urljoin(url, answer.location)
        except ValueError:
            raise _ShutError("leads on to something that cannot be read") from None
        for_good = for_good and answer.status in _MOVED_FOR_GOOD
        moved = url if for_good else ""
    raise _ShutError(f"leads on and on, more than {MOST_REDIRECTS} times")


def _ask(url: str, way: _Way) -> _Answer:
    parts, port = _taken_apart(url, way.also)
    addresses = _public_addresses(parts.hostname or "", port, way)
    answer = _call("HEAD", parts, (port, addresses), way)
    if answer.status >= 400 and answer.status != _TOO_MANY:
        answer = _call("GET", parts, (port, addresses), way)
    return answer


def _taken_apart(url: str, also: Doors) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        host = ascii_domain((parts.hostname or "").partition("%")[0])
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise _ShutError("cannot be read") from None
    if parts.scheme not in _PORTS or not host:
        raise _ShutError("is no web address")
    if parts.username is not None or re.search(r"[\\\s\x00-\x20]", parts.netloc):
        raise _ShutError("holds a name or a password before the host")
    if port not in _PORTS.values() and port not in {door for _, door in also}:
        raise _ShutError(f"asks for the port {port}, where no public page is")
    netloc = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=netloc), port


def _public_addresses(host: str, port: int, way: _Way) -> Sequence[str]:
    """The addresses of a host, if all of them may be asked: one that may not spoils the others."""
    literal = number(host)
    if literal is None and is_private(host):
        raise _ShutError("is on a private network")
    try:
        found = [str(literal)] if literal else list(way.resolve(host))[:8]
        public = [(text, ipaddress.ip_address(text.partition("%")[0])) for text in found]
    except (OSError, ValueError) as error:
        if getattr(error, "errno", 0) == socket.EAI_AGAIN:
            raise _ShutError("has a host that cannot be looked up now", passing=True) from None
        raise _ShutError("leads to a host that is not there") from None
    if not public:
        raise _ShutError("leads to a host that is not there")
    if not all(is_public(address) or (text, port) in way.also for text, address in public):
        raise _ShutError("is on a private network")
    return found


def _call(method: str, parts: SplitResult, doors: tuple[int, Sequence[str]], way: _Way) -> _Answer:
    """One request to the first of these addresses that takes a connection."""
    try:
        with _connected(parts, doors, way) as connection:
            target = quote(parts.path or "/", safe=_SAFE)
            query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
            told = {"User-Agent": "Meridian-link-check", "Accept": "*/*", "Connection": "close"}
            connection.request(method, target + query, headers=told)
            response = connection.getresponse()
            if not way.left:
                # What was cut off looks like a short answer.
                raise TimeoutError
            length = response.getheader("Content-Length") or ""
            size = int(length) if re.fullmatch(r"[0-9]{1,15}", length) else None
            # Headers are read as Latin-1; what stands in this one is UTF-8, if it is not ASCII.
            location = (
                (response.getheader("Location") or "").encode("latin-1").decode(errors="replace")
            )
            return _Answer(response.status, location, size)
    except ssl.SSLCertVerificationError:
        raise _ShutError("has no certificate that browsers accept") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise _ShutError("gives no answer, or not in time", passing=True) from None


@contextlib.contextmanager
def _connected(
    parts: SplitResult, doors: tuple[int, Sequence[str]], way: _Way
) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of these addresses, cut when the time is over, whatever it says."""
    host, (port, addresses) = parts.hostname or "", doors
    with _first_open(addresses, port, way) as line, line.dup() as knife:
        # A time-out alone begins anew with every byte that a slow server drips.
        watch = threading.Timer(way.left, _cut, [knife])
        watch.daemon = True
        watch.start()
        try:
            if parts.scheme == "https":
                connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, port)
                connection.sock = way.trust.wrap_socket(line, server_hostname=host)
            else:
                connection = http.client.HTTPConnection(host, port)
                connection.sock = line
            with contextlib.closing(connection):
                yield connection
        finally:
            watch.cancel()


def _first_open(addresses: Sequence[str], port: int, way: _Way) -> socket.socket:
    for address in addresses:
        with contextlib.suppress(OSError):
            # A number is never looked up again: this is the address that was judged.
            return socket.create_connection((address, port), timeout=way.left or 0.001)
    raise ConnectionError


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
