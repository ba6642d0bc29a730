"""What every command shares: ``--json``, where people read, and who is at the keyboard."""

import getpass
import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter
from rich.console import Console


class MeridianCommand(BaseCommand, ABC):
    """A thin command: it reads its options, calls one function and shows the result.

    Errors a person can mend pass through to the front.
    """

    requires_system_checks = ()
    suppressed_base_arguments = {  # noqa: RUF012 (Django adds nothing to it)
        "--force-color",
        "--no-color",
        "--pythonpath",
        "--settings",
        "--skip-checks",
        "--traceback",
        "--verbosity",
        "--version",
    }
    status = 0

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser that calls itself ``meridian run``, not by Django's name."""
        parser = super().create_parser(
            prog_name, subcommand, formatter_class=DjangoHelpFormatter, **kwargs
        )
        parser.prog = f"{prog_name} {subcommand}"
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json``."""
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Act, and keep the exit status for the front."""
        self.status = self.act(**options)

    @abstractmethod
    def act(self, **options: Any) -> int:
        """Do what the command is for and give its exit status."""

    @property
    def console(self) -> Console:
        """Where people read."""
        return Console(highlight=False)

    @property
    def errors(self) -> Console:
        """Where they are told what goes on, beside the result."""
        return Console(highlight=False, stderr=True)

    def print_json(self, value: object) -> None:
        """Print a value as JSON."""
        print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def actor() -> str:
    """Who is at the keyboard, by the name of the machine's account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody at the command line"
