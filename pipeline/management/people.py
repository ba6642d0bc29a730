"""``meridian subscribers show|stop|forget|replay``: people, one by one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.audience import suppression_log
from pipeline.audience.forgetting import forget
from pipeline.audience.leaving import stop
from pipeline.audience.models import Subscriber
from pipeline.audience.person import everything, find
from pipeline.campaigns.revisions import file_configuration
from pipeline.engine.passes import now
from pipeline.errors import SettingError, SourceError
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.values import Newsletter

if TYPE_CHECKING:  # argparse hides the kind of what add_subparsers gives
    from argparse import _SubParsersAction


def add_acts(acts: "_SubParsersAction[Any]") -> None:
    """Add what can be done with one person."""
    show = acts.add_parser("show", help="everything that is known of a person")
    show.set_defaults(does=_show)
    show.add_argument("--json", action="store_true", help="as the person may ask to have it")
    stopped = acts.add_parser("stop", help="never write to an address again, as somebody asked")
    stopped.set_defaults(does=_stop)
    stopped.add_argument("--newsletter", default="", metavar="KEY", help="by this one alone")
    erased = acts.add_parser("forget", help="erase a person; cannot be undone")
    erased.set_defaults(does=_forget)
    replayed = acts.add_parser("replay", help="after a restore: who left since the backup")
    replayed.set_defaults(does=_replay)
    replayed.add_argument("log", nargs="?", metavar="FILE", help="default: the home's own log")
    for parser in (show, stopped, erased):
        parser.add_argument("address", help="an email address")
    for parser in (stopped, erased):
        parser.add_argument("--by", default=actor(), metavar="NAME", help="who does it")


def newsletter_of(command: HomeCommand, key: str) -> Newsletter:
    """The newsletter of a key, as clinic.toml has it now.

    Raises:
        SettingError: There is none.
    """
    path = command.home / "content" / "clinic.toml"
    known = {letter.key: letter for letter in file_configuration(path).newsletters}
    if key not in known:
        mend = f"Known are: {', '.join(known)}."
        raise SettingError(f"there is no newsletter {key[:80]!r}", mend=mend, path=path)
    return known[key]


def _found(address: str) -> Subscriber:
    person = find(address)
    if person is None:
        raise SourceError("nobody is known under this address", mend="Look at its spelling.")
    return person


def _show(command: HomeCommand, options: dict[str, Any]) -> int:
    told = everything(_found(options["address"]), now=now())
    if options["json"]:
        command.print_json(told)
        return 0
    for line in _lines(told):
        command.console.print(line, markup=False)
    return 0


def _lines(told: dict[str, Any]) -> list[str]:
    person = told["subscriber"]
    known = [str(person[name]) for name in ("name", "language", "time_zone") if person[name]]
    lines = [" · ".join([person["address"], *known])]
    lines += [f"  {key}: {answer}" for key, answer in person["fields"].items()]
    lines += [_subscription(row) for row in told["subscriptions"]]
    lines += [
        f"  {row['created_at']:.10}  {'agreed' if row['given'] else 'withdrew'} "
        f"({row['basis']}, {row['source']}): {row['newsletter']}"
        for row in told["consents"]
    ]
    for row in told["suppressions"]:
        lines.append(
            f"  {row['created_at']:.10}  {row['reason']}: {row['newsletter'] or 'everything'}"
        )
        lines += [
            f"  {back['created_at']:.10}  came back ({back['how']}): {back['newsletter']}"
            for back in row["rejoins"]
        ]
    return [*lines, f"  {len(told['letters'])} letters; --json shows each"]


def _subscription(row: dict[str, Any]) -> str:
    more = [f"until {row['until']:.10}"] if row["until"] else []
    more += [f"paused until {row['paused_until']:.10}"] if row["paused_until"] else []
    more += ["a digest a month"] if row["frequency"] == "monthly" else []
    return f"  {row['newsletter']}: {', '.join([row['state'], *more])}"


def _stop(command: HomeCommand, options: dict[str, Any]) -> int:
    key = options["newsletter"]
    if key:
        newsletter_of(command, key)
    ended = stop(address=options["address"], newsletter=key, actor=options["by"], now=now())
    told = "is never written to again" if ended else "was stopped already"
    command.console.print(f"{told}, by {key or 'any newsletter'}", markup=False)
    return 0


def _forget(command: HomeCommand, options: dict[str, Any]) -> int:
    person = _found(options["address"])
    forget(subscriber_id=person.pk, actor=options["by"], now=now())
    command.console.print(
        f"forgotten: subscriber {person.pk}. What is left is a keyed hash, by which a later list "
        "does not bring them back. Copies of letters in outbox/ and backups are yours to delete.",
        markup=False,
    )
    return 0


def _replay(command: HomeCommand, options: dict[str, Any]) -> int:
    source = Path(options["log"] or suppression_log.path())
    try:
        added = suppression_log.replay(source)
    except OSError as error:
        told = f"the log cannot be read: {error.strerror or error}"
        raise SourceError(told, mend="Look at its name and rights.", path=source) from error
    command.console.print(f"{added:,} put back from {source}", markup=False)
    return 0
