"""``meridian``: the front of the commands.

Exit status: 0 only if it did what was asked, 1 if a check found something, 2 for an error.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import django
from django.core.management import load_command_class
from django.db import DatabaseError

from pipeline import __version__
from pipeline.engine.home import prepare
from pipeline.errors import MeridianError

if TYPE_CHECKING:  # the settings must not be read before the home is made ready
    from pipeline.management.command import MeridianCommand

COMMANDS = {
    "run": "one pass of everything: read content/, plan, render, queue, deliver",
    "add": "turn a text into content/articles/<slug>.md and show how it is split",
    "split": "show the parts of an article",
    "check": "show what the checks find in an article",
    "render": "write an article's issues, posts and cards as files",
    "campaign": "show, approve, pause, resume or cancel campaigns",
    "outbox": "count what was sent, what waits and what failed",
    "tick": "one scheduler pass: take in content/ and release what is due",
    "send": "send what is due, and end when nothing is left",
    "up": "run the public pages, the scheduler and the sender in one process",
    "migrate": "bring the database up to date",
}
FAILED = 2


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status."""
    name, *rest = arguments or ["--help"]
    told = {"-h": _help, "--help": _help, "help": _help, "--version": _version}.get(name)
    if told is not None:
        print(told())
        return 0
    if name not in COMMANDS:
        return _fail(f"there is no command {name}. `meridian --help` lists them.")
    try:
        return _call(name, rest)
    except MeridianError as error:
        return _fail(str(error))
    except DatabaseError as error:
        # A full disk shows here first, as does a server that is away.
        return _fail(f"the database cannot be used: {' '.join(str(error).split())}.")
    except KeyboardInterrupt:
        return _fail("stopped.")


def _call(name: str, rest: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    prepare(Path(os.environ.get("MERIDIAN_HOME") or Path.cwd()).resolve())
    django.setup()
    command = cast("MeridianCommand", load_command_class("pipeline", f"meridian_{name}"))
    parser = command.create_parser("meridian", name)
    options = vars(parser.parse_args(rest))
    options.pop("args", None)
    command.execute(**options)
    return command.status


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {told}" for name, told in COMMANDS.items()]
    head = "Meridian: a long article in, a weekly email series and social posts out.\n"
    foot = "\n`meridian COMMAND --help` tells more. The home is $MERIDIAN_HOME, or this folder."
    return "\n".join([head, *lines, foot])


def _version() -> str:
    return f"meridian {__version__}"


def _fail(message: str) -> int:
    print(f"meridian: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    main()
