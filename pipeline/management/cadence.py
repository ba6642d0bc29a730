"""``meridian campaign pause|resume|cancel|unschedule|move|release|agenda``: what goes out when."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.text import Text

from pipeline.campaigns import acts as campaign_acts
from pipeline.campaigns import effects
from pipeline.campaigns.agenda import Entry, agenda
from pipeline.campaigns.effects import Effect
from pipeline.campaigns.models import Campaign
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.slots import cadence, told_issue, told_time
from pipeline.campaigns.warnings import calendar_warnings
from pipeline.engine.passes import now
from pipeline.errors import SettingError
from pipeline.management import show
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.cancelling import cancel_waiting, waiting
from pipeline.stages.days import Days

if TYPE_CHECKING:  # argparse hides the kind of what add_subparsers gives
    from argparse import _SubParsersAction

MOST_WEEKS = 520
_KINDS = {
    "claimed": "",
    "evergreen": "from the evergreen queue",
    "free": "free",
    "closed": "nothing goes out",
    "moved": "later this week",
}


def add_acts(acts: "_SubParsersAction[Any]") -> None:
    """Add what changes when a campaign goes out, and the coming weeks."""
    for name, told, does in (
        ("pause", "send nothing more until resumed", _pause),
        ("resume", "go on sending", _resume),
        ("cancel", "call off what has not gone out; cannot be undone", _cancel),
        ("unschedule", "make it a proposal again", _unschedule),
    ):
        _add(acts.add_parser(name, help=told), does, dry=True)
    moved = acts.add_parser("move", help="give one part a day and hour that stay")
    _add(moved, _move, dry=True)
    moved.add_argument("--part", type=int, default=1)
    moved.add_argument("--to", required=True, metavar="TIME", help="such as 2026-03-12T10:00")
    released = acts.add_parser("release", help="let go what is held")
    _add(released, _release, dry=False)
    released.add_argument("--part", type=int, help="only this part; else all that are held")
    coming = acts.add_parser("agenda", help="the coming weeks of every newsletter")
    coming.set_defaults(does=_agenda)
    coming.add_argument("--weeks", type=int, default=8, metavar="N", help="how many; default: 8")
    coming.add_argument("--json", action="store_true")


def _add(parser: ArgumentParser, does: Callable[..., int], *, dry: bool) -> None:
    parser.set_defaults(does=does)
    parser.add_argument("article", help="the article's slug")
    parser.add_argument("--by", default=actor(), metavar="NAME", help="who does it")
    if dry:
        parser.add_argument("--dry-run", action="store_true", help="only show what it would change")


def _pause(command: HomeCommand, options: dict[str, Any]) -> int:
    return _act(
        command, options, "paused", act=campaign_acts.pause, effect_of=effects.effect_of_pause
    )


def _resume(command: HomeCommand, options: dict[str, Any]) -> int:
    effect_of = partial(effects.effect_of_resume, now=now())
    return _act(command, options, "active again", act=campaign_acts.resume, effect_of=effect_of)


def _unschedule(command: HomeCommand, options: dict[str, Any]) -> int:
    effect_of = effects.effect_of_unschedule
    return _act(
        command, options, "a proposal again", act=campaign_acts.unschedule, effect_of=effect_of
    )


def _cancel(command: HomeCommand, options: dict[str, Any]) -> int:
    if options["dry_run"]:
        campaign = campaign_acts.find(options["article"])
        told = f"cancelling would call {waiting(campaign=campaign)} waiting deliveries off"
        return _tell(command, effects.effect_of_cancel(campaign), told)
    effect = campaign_acts.cancel(article=options["article"], actor=options["by"], now=now())
    called_off = cancel_waiting(campaign=effect.campaign, now=now())
    return _tell(command, effect, f"cancelled, {called_off} waiting deliveries called off")


def _move(command: HomeCommand, options: dict[str, Any]) -> int:
    part, slot = options["part"], _wall_time(options["to"])
    act = partial(campaign_acts.move, part=part, slot=slot)
    effect_of = partial(effects.effect_of_move, part=part, slot=slot, now=now())
    status = _act(
        command, options, f"part {part} at {told_time(slot)}", act=act, effect_of=effect_of
    )
    if not options["dry_run"]:
        campaign = campaign_acts.find(options["article"])
        show.findings(command.console, calendar_warnings(campaign, now=now()))
    return status


def _wall_time(text: str) -> dt.datetime:
    try:
        slot = dt.datetime.fromisoformat(text)
    except ValueError:
        slot = None
    if slot is None or slot.tzinfo or slot.second or slot.microsecond:
        mend = "Write it as 2026-03-12T10:00, on the newsletter's clock."
        raise SettingError(f"{text!r} is no day and hour", mend=mend)
    return slot


def _act(
    command: HomeCommand,
    options: dict[str, Any],
    told: str,
    *,
    act: Callable[..., Effect],
    effect_of: Callable[[Campaign], Effect],
) -> int:
    """Do an act and tell what it changed, or only what it would change."""
    if options["dry_run"]:
        effect = effect_of(campaign_acts.find(options["article"]))
        return _tell(command, effect, f"this would make it {told}")
    effect = act(article=options["article"], actor=options["by"], now=now())
    return _tell(command, effect, told)


def _tell(command: HomeCommand, effect: Effect, told: str) -> int:
    command.console.print(f"{effect.campaign}: {told}", markup=False)
    for line in effect.told:
        command.console.print(f"  {line}", markup=False, soft_wrap=True)
    return 0


def _release(command: HomeCommand, options: dict[str, Any]) -> int:
    released = campaign_acts.let_go(
        article=options["article"], part=options["part"], actor=options["by"], now=now()
    )
    for issue in released:
        command.console.print(f"{told_issue(issue)} is held no more", markup=False)
    return 0


def _agenda(command: HomeCommand, options: dict[str, Any]) -> int:
    if not 1 <= options["weeks"] <= MOST_WEEKS:
        raise SettingError(f"{options['weeks']} is no number of weeks", mend="Write --weeks 8.")
    configuration, moment = current_configuration(), now()
    found = [
        entry
        for newsletter in configuration.newsletters
        for entry in agenda(
            cadence(newsletter, Days(configuration.calendar), now=moment),
            number=options["weeks"],
            now=moment,
        )
    ]
    if options["json"]:
        command.print_json([asdict(entry) for entry in found])
    else:
        _show_agenda(command, found)
    return 0


def _show_agenda(command: HomeCommand, found: list[Entry]) -> None:
    shown = show.table("When", "Newsletter", "What", "State")
    shown.columns[0].no_wrap = True
    for entry in found:
        told = f"{entry.told} ({entry.part} of {entry.of})" if entry.of > 1 else entry.told
        state = entry.state or _KINDS[entry.kind]
        shown.add_row(told_time(entry.slot), entry.newsletter, Text(told), Text(state))
    zones = sorted({entry.time_zone for entry in found})
    shown.caption = f" Times are wall time in {', '.join(zones)}." if zones else None
    command.console.print(shown)
