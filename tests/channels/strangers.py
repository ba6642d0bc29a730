"""Strangers for the tests of the link check: a server that answers as told, and a canary."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class Stranger:
    """A web server on this machine. ``/404`` answers 404, ``/301?to`` leads on to ``to``.

    Attributes:
        asked: Every request so far: "HEAD /200".
        headers: The headers of each.
        busy: How many requests each Host has at this moment, at most so far.
    """

    port: int = 0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busy: dict[str, int] = field(default_factory=dict)

    def url(self, path: str, host: str = "good.example.com") -> str:
        """An address at this server, under any name."""
        return f"http://{host}:{self.port}{path}"

    @property
    def door(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self.port


@contextmanager
def stranger() -> Iterator[Stranger]:
    """Run one; it forgets everything at its end."""
    told, lock, now = Stranger(), threading.Lock(), dict[str, int]()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer()

        def do_GET(self) -> None:
            self.answer()

        def answer(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            with lock:
                told.asked.append(f"{self.command} {self.path}")
                told.headers.append(dict(self.headers.items()))
                now[host] = now.get(host, 0) + 1
                told.busy[host] = max(told.busy.get(host, 0), now[host])
            try:
                _answer(self)
            except OSError:
                # Whoever asked has gone.
                self.close_connection = True
            with lock:
                now[host] -= 1

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def _answer(request: BaseHTTPRequestHandler) -> None:
    path, _, rest = request.path.partition("?")
    name = path.strip("/").partition("/")[0]
    if name == "drip":
        _drip(request)
        return
    if name == "slow":
        time.sleep(0.05)
    if name == "get-only" and request.command == "HEAD":
        name = "405"
    status = int(name) if name.isdigit() else 200
    request.send_response(status)
    if 300 <= status < 400:
        request.send_header("Location", unquote(rest).encode().decode("latin-1"))
    if name == "large":
        request.send_header("Content-Length", "6000000000")
    request.end_headers()
    while name == "large" and request.command == "GET":
        request.wfile.write(b"x" * 65_536)


def _drip(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(600):
        request.wfile.write(b"x")
        request.wfile.flush()
        time.sleep(0.05)


@dataclass
class Canary:
    """Ears on this machine's own addresses: nobody may knock.

    Attributes:
        port: The port it listens at, on IPv4 and, where there is one, on IPv6.
    """

    port: int
    ears: list[socket.socket]

    def knocks(self) -> int:
        """How many connections came so far."""
        heard = 0
        for ear in self.ears:
            ear.settimeout(0.05)
            try:
                while True:
                    ear.accept()[0].close()
                    heard += 1
            except TimeoutError:
                pass
        return heard


@contextmanager
def canary() -> Iterator[Canary]:
    """Listen at one port of every address of this machine."""
    four = socket.create_server(("", 0), backlog=64)
    port = four.getsockname()[1]
    ears = [four]
    if socket.has_ipv6:
        with suppress(OSError):
            ears.append(socket.create_server(("::1", port), family=socket.AF_INET6, backlog=64))
    try:
        yield Canary(port, ears)
    finally:
        for ear in ears:
            ear.close()
