"""``meridian``: the front of the commands.

Exit status: 0 only if it did what was asked, 1 if a check found something, 2 for an error.
"""

import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import django
from django.core.management import CommandError, load_command_class
from django.db import DatabaseError, connection

from pipeline import __version__
from pipeline.errors import MeridianError

if TYPE_CHECKING:  # the settings must not be read before the home is made ready
    from pipeline.management.command import MeridianCommand

COMMANDS = {
    "run": "one pass of everything: read, plan, render, queue, deliver",
    "add": "turn a text into an article of content/ and show how it is split",
    "split": "show the parts of an article",
    "correct": "say which lines of an article are headings, and which are none",
    "check": "show what the checks find in an article, or waive a claim",
    "render": "write an article's issues, posts and cards as files",
    "plan": "propose what an article becomes: issues, posts and dates",
    "campaign": "show, schedule, edit, approve, pause, resume or cancel campaigns",
    "subscribers": "import and export lists; show, stop or forget a person; segments",
    "form": "print a form by which people join a newsletter from any site",
    "test": "send an issue as it stands to somebody of the staff",
    "outbox": "count what was sent, what waits and what failed",
    "tick": "one scheduler pass: take in content/ and release what is due",
    "send": "send what is due, and end when nothing is left",
    "up": "the public pages, the scheduler and the sender in one process",
    "doctor": "what keeps letters from arriving, and how to mend it",
    "instance": "whether this Meridian may send; confirm it after a restore",
    "migrate": "bring the database up to date",
}
_HOMELESS = {"correct", "split"}
_ASKING = re.compile(r"-h$|--help$|--sentences(?:=|$)")
FAILED = 2


def main() -> None:
    """The console script."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A title may hold letters that this terminal has not; that is no reason to stop.
        sys.stdout.reconfigure(errors="replace")
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along has gone, as `head` does. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


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
    except (MeridianError, CommandError, DatabaseError, KeyboardInterrupt) as error:
        return _fail(_told(error, name))


def _call(name: str, rest: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    if name not in _HOMELESS:
        _enter_home(only_asks=any(_ASKING.match(argument) for argument in rest))
    command = cast("MeridianCommand", load_command_class("pipeline", f"meridian_{name}"))
    parser = command.create_parser("meridian", name)
    options = vars(parser.parse_args(rest))
    options.pop("args", None)
    command.execute(**options)
    return command.status


def _enter_home(*, only_asks: bool) -> None:
    """Make the home ready, and Django. Who only looks needs neither, nor the time they take."""
    # It brings Django's migrations: 60 ms that only those pay who need a home.
    from pipeline.engine.home import prepare  # noqa: PLC0415

    # Whoever asks for help, or about sentences alone, gets no home put into their folder.
    if not only_asks:
        prepare(Path(os.environ.get("MERIDIAN_HOME") or Path.cwd()).resolve())
    django.setup()


def _told(error: BaseException, name: str) -> str:
    """One line for a person."""
    match error:
        case CommandError():
            wrong = str(error).removeprefix("Error: ")
            return str(MeridianError(wrong, mend=f"`meridian {name} --help` tells more."))
        case DatabaseError():
            return str(_unusable(error))
        case KeyboardInterrupt():
            return "stopped."
        case _:
            return str(error)


def _unusable(error: DatabaseError) -> MeridianError:
    """What a full disk shows as first, and a server that is away."""
    # The first line alone: PostgreSQL tells the row in those that follow (P8).
    said = str(error).strip().partition("\n")[0]
    place = str(connection.settings_dict["NAME"])
    mend = "Make room on the disk, mend its rights, or put a backup in its place."
    if connection.vendor != "sqlite":
        place += f" at {connection.settings_dict['HOST']}"
        mend = "See that it runs and that DATABASE_URL is right."
    return MeridianError(f"the database cannot be used: {said}", mend=mend, path=place)


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {told}" for name, told in COMMANDS.items()]
    head = "Meridian: a long article in, a weekly email series and social posts out.\n"
    foot = "\n`meridian COMMAND --help` tells more. The home: $MERIDIAN_HOME, or this folder."
    return "\n".join([head, *lines, foot])


def _version() -> str:
    return f"meridian {__version__}"


def _fail(message: str) -> int:
    print(f"meridian: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    main()
