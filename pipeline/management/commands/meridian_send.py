"""``meridian send``: a sender."""

from argparse import ArgumentParser
from typing import Any

from pipeline.campaigns.revisions import current_configuration
from pipeline.channels.registry import open_channel
from pipeline.engine.instance import Pulse
from pipeline.engine.passes import new_owner, now, send_one, send_until_empty
from pipeline.management import show
from pipeline.management.front import FAILED
from pipeline.management.home_command import HomeCommand
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
        """Send; 2 if a batch could not be handed over."""
        channel = open_channel(self.mail_api, demo=current_configuration().demo)
        if options["until_empty"]:
            handled = send_until_empty(channel)
        else:
            allowed = Pulse().allows(now=now())
            handled = int(allowed and send_one(channel, owner=new_owner(), now=now()))
            finish()
        problems = troubles()
        if options["json"]:
            self.print_json({"batches": handled, "errors": list(problems)})
        else:
            told = f"Handled {show.number(handled, 'batch')}" if handled else "Nothing to send."
            self.console.print(told)
        for problem in problems:
            self.stderr.write(f"meridian: {problem}")
        return FAILED if problems else 0
