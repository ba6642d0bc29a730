"""``meridian up``: everything in one process."""

import signal
from argparse import ArgumentParser
from typing import Any

from pipeline.campaigns.revisions import current_configuration, take_configuration
from pipeline.channels.registry import open_channel
from pipeline.engine.embedded import Embedded
from pipeline.engine.passes import now
from pipeline.errors import SettingError
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand


class Command(HomeCommand):
    """Public pages, scheduler and sender until Ctrl-C."""

    help = "Runs the public pages, the scheduler and the sender in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--listen``."""
        parser.add_argument(
            "--listen", default="127.0.0.1:8000", metavar="HOST:PORT", help="where the pages are"
        )

    def act(self, **options: Any) -> int:
        """Run until SIGINT or SIGTERM."""
        take_configuration(self.home / "content" / "clinic.toml", now=now())
        channel = open_channel(self.mail_api, demo=current_configuration().demo)
        host, port = _listen(options["listen"])
        embedded = Embedded(channel, host=host, port=port, actor=actor())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: embedded.stop())
        self.console.print(f"Meridian is up at {embedded.address} (Ctrl-C ends it)")
        embedded.run()
        return 0


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise SettingError(f"{text!r} is no place to listen", mend="Write it as 127.0.0.1:8000.")
    return host.strip("[]"), int(port)
