"""Everything in one process: the public pages, the scheduler and the sender.

`schedule` rings; what is due stands in the tables. It does not catch up on missed rings and ends
its loop at the first exception, so each job is wrapped and a ring means only "look now".
"""

import logging
import socket
import threading
from collections.abc import Callable

import schedule
from django.core.wsgi import get_wsgi_application
from django.db import connection
from waitress.server import create_server

from pipeline.engine.passes import new_owner, now, send_one, tick
from pipeline.errors import MeridianError
from pipeline.outbox.enqueue import finish
from pipeline.outbox.heartbeat import Heartbeat
from pipeline.outbox.letter import Channel

log = logging.getLogger(__name__)

TICK_SECONDS = 10
SEND_SECONDS = 1


class Embedded:
    """The one process of a small home. ``run`` returns after ``stop``, within one batch."""

    def __init__(self, channel: Channel, *, host: str, port: int, actor: str) -> None:
        self._channel = channel
        self._actor = actor
        self._stopped = threading.Event()
        self._socket = socket.create_server((host, port))
        self._server = create_server(
            get_wsgi_application(),
            sockets=[self._socket],
            threads=4,
            # Nothing these pages take is larger; the server would read all of it before we can say no.
            max_request_body_size=64 * 1024,
        )
        self._bell = schedule.Scheduler()

    @property
    def address(self) -> str:
        """Where the pages are: ``http://127.0.0.1:8000``."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{host}:{port}"

    def stop(self) -> None:
        """Ask everything to end."""
        self._stopped.set()

    def run(self) -> None:
        """Serve, schedule and send until stopped."""
        web = threading.Thread(target=self._server.run, name="web", daemon=True)
        sender = threading.Thread(target=self._send, name="sender")
        web.start()
        sender.start()
        self._bell.every(TICK_SECONDS).seconds.do(self._wrapped(self._tick))
        self._bell.run_all()
        while not self._stopped.wait(0.2):
            self._bell.run_pending()
        sender.join()
        self._server.close()

    def _tick(self) -> None:
        for error in tick(now=now(), actor=self._actor).errors:
            log.error("%s", error)

    def _send(self) -> None:
        owner = new_owner()
        job = self._wrapped(lambda: self._drain(owner))
        with Heartbeat(self._channel, owner=owner):
            while not self._stopped.is_set():
                job()
                self._stopped.wait(SEND_SECONDS)
        connection.close()

    def _drain(self, owner: str) -> None:
        handled = False
        while not self._stopped.is_set() and send_one(self._channel, owner=owner, now=now()):
            handled = True
        if handled:
            finish()

    def _wrapped(self, job: Callable[[], None]) -> Callable[[], None]:
        """The job with its exceptions logged: one bad minute must not silence the bell."""

        def ring() -> None:
            try:
                job()
            except MeridianError as error:
                log.error("%s", error)  # noqa: TRY400 (its one line is all a person needs)
            except Exception:
                log.exception("a pass failed; the next one comes")
                connection.close()

        return ring
