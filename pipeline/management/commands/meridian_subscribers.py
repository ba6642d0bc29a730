"""``meridian subscribers``: who is on the lists, and what they asked for."""

from argparse import ArgumentParser
from typing import Any

from pipeline.management import lists, people, segments
from pipeline.management.home_command import HomeCommand


class Command(HomeCommand):
    """The audience, from the command line."""

    help = "One person; lists in and out; segments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the acts; each brings the function that does it."""
        acts = parser.add_subparsers(dest="act", required=True)
        for room in (people, lists, segments):
            room.add_acts(acts)

    def act(self, **options: Any) -> int:
        """Do one act."""
        status: int = options["does"](self, options)
        return status
