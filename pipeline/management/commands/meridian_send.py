"""``meridian send``: a sender."""

import signal
import threading
from argparse import ArgumentParser
from contextlib import closing
from typing import Any

from pipeline.campaigns.revisions import current_configuration
from pipeline.channels.registry import open_channel
from pipeline.engine.instance import Pulse
from pipeline.engine.passes import new_owner, now, send_one, send_until_empty
from pipeline.management import show
from pipeline.management.front import FAILED
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.letter import Channel
from pipeline.outbox.release import finish
from pipeline.reports.summary import troubles


class Command(HomeCommand):
    """Send what is due."""

    help = "Sends one batch of what is due; with --until-empty, all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--until-empty``."""
        super().add_arguments(parser)
        parser.add_argument("--until-empty", action="store_true", help="end when nothing is left")

    def act(self, **options: Any) -> int:
        """Send, until SIGTERM at most; 2 if a batch could not be handed over."""
        channel = open_channel(self.mail_api, demo=current_configuration().demo)
        with closing(channel):
            handled = _send(channel, until_empty=options["until_empty"])
        problems = troubles()
        if options["json"]:
            self.print_json({"batches": handled, "errors": list(problems)})
        else:
            told = f"Handled {show.number(handled, 'batch')}" if handled else "Nothing to send."
            self.console.print(told)
        for problem in problems:
            self.stderr.write(f"meridian: {problem}")
        return FAILED if problems else 0


def _send(channel: Channel, *, until_empty: bool) -> int:
    """Send, and tell how many batches were handled."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    if until_empty:
        return send_until_empty(channel, stopped=ended.is_set)
    allowed, owner = Pulse().allows(now=now()), new_owner()
    handled = allowed and send_one(channel, owner=owner, now=now(), stopped=ended.is_set)
    finish()
    return int(handled)
