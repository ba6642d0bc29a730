"""Everything in one process: the public pages, the scheduler and the sender.

`schedule` rings; what is due stands in the tables. It does not catch up on missed rings and ends
its loop at the first exception, so each job is wrapped and a ring means only "look now".
"""

import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import schedule
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from waitress import wasyncore
from waitress.server import create_server

from pipeline.engine.instance import Pulse
from pipeline.engine.overview import write_overview
from pipeline.engine.passes import new_owner, now, send_one, tick
from pipeline.errors import MeridianError, SettingError
from pipeline.events.take import LARGEST_BODY
from pipeline.outbox.heartbeat import Heartbeat
from pipeline.outbox.letter import Channel
from pipeline.outbox.notices import unmade
from pipeline.outbox.release import finish

log = logging.getLogger(__name__)

TICK_SECONDS = 10
SEND_SECONDS = 1


class Embedded:
    """The one process of a small home. ``run`` returns after ``stop``, within one batch.

    Raises:
        SettingError: Nothing can listen there: the port is taken, or the name is unknown.
    """

    def __init__(self, channel: Channel, *, host: str, port: int, actor: str) -> None:
        self._channel = channel
        self._actor = actor
        self._stopped = threading.Event()
        self._told: set[str] = set()
        self._pulse = Pulse()
        self._socket = _listen(host, port)
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            get_wsgi_application(),
            map=self._sockets,
            sockets=[self._socket],
            threads=4,
            # Nothing that is told here is larger; the server reads it all before we are asked.
            max_request_body_size=LARGEST_BODY,
            # What a proxy says of the client is read by our pages (web/public/network.py), which
            # believe as many proxies as the settings name; the server would take it away.
            clear_untrusted_proxy_headers=False,
        )
        self._bell = schedule.Scheduler()

    @property
    def address(self) -> str:
        """Where the pages are: ``http://127.0.0.1:8000``."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def stop(self) -> None:
        """Ask everything to end."""
        self._stopped.set()

    def run(self) -> None:
        """Serve, schedule and send until stopped."""
        closed = threading.Event()
        web = threading.Thread(target=self._serve, args=[closed], name="web")
        sender = threading.Thread(target=self._send, name="sender")
        web.start()
        sender.start()
        try:
            self._ring()
        finally:
            self.stop()
            sender.join()
            self._server.task_dispatcher.shutdown()  # requests under way are answered
            closed.set()
            web.join()
            wasyncore.close_all(self._sockets)

    def _ring(self) -> None:
        self._bell.every(TICK_SECONDS).seconds.do(self._wrapped(self._tick))
        self._bell.run_all()
        while not self._stopped.wait(0.2):
            self._bell.run_pending()

    def _serve(self, closed: threading.Event) -> None:
        # The server's own loop has no end that another thread could ask for.
        while not closed.is_set():
            wasyncore.loop(timeout=0.2, map=self._sockets, count=1)

    def _tick(self) -> None:
        done = tick(now=now(), actor=self._actor, channel=self._channel)
        errors = {str(error) for error in done.errors}.union(unmade())
        for error in sorted(errors - self._told):
            log.error("%s", error)
        self._told = errors  # a broken file is told once, not at every ring
        if done.changed:
            self._lay_out()

    def _send(self) -> None:
        job = self._wrapped(self._drain)
        while not self._stopped.is_set():
            job()
            self._stopped.wait(SEND_SECONDS)
        self._channel.close()
        connection.close()

    def _drain(self) -> None:
        handled = False
        # A new owner each time: what an exception left half done must not be kept alive, or its
        # lease would never end and nobody could take it over.
        owner = new_owner()
        with Heartbeat(self._channel, owner=owner):
            while not self._stopped.is_set() and self._pulse.allows(now=now()):
                if not send_one(
                    self._channel, owner=owner, now=now(), stopped=self._stopped.is_set
                ):
                    break
                handled = True
        if handled:
            finish()
            self._lay_out()

    def _lay_out(self) -> None:
        if self._channel.name == "folder":
            write_overview(settings.MERIDIAN_HOME)

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


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # the rest says the place once more
        raise SettingError(
            f"nothing can listen at {host}, port {port}: {reason}",
            mend="End what listens there, or choose another place with --listen.",
        ) from error
