"""The pages behind a real web server on loopback, as ``meridian up`` serves them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server


@contextmanager
def served() -> Iterator[int]:
    """Serve the pages from ten threads; gives the port."""
    sockets: dict[int, Any] = {}
    server = create_server(WSGIHandler(), map=sockets, host="127.0.0.1", port=0, threads=10)
    assert isinstance(server, BaseWSGIServer)
    assert server.socket is not None
    port = int(server.socket.getsockname()[1])
    ended = threading.Event()

    def loop() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield port
    finally:
        ended.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)
