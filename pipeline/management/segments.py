"""``meridian subscribers segment``: a choice among subscribers, as a sentence and a sum."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.audience.models import Segment
from pipeline.audience.segments import Filter, Sum, count, read_filter, save, sentence
from pipeline.engine.passes import now
from pipeline.errors import SettingError
from pipeline.management.home_command import HomeCommand
from pipeline.management.people import newsletter_of
from pipeline.values import Newsletter

if TYPE_CHECKING:  # argparse hides the kind of what add_subparsers gives
    from argparse import _SubParsersAction

_DAYS = ("joined_since", "joined_until", "engaged_since")


def add_acts(acts: "_SubParsersAction[Any]") -> None:
    """Add the act."""
    segment = acts.add_parser("segment", help="count a choice of subscribers, or all that are kept")
    segment.set_defaults(does=_segment)
    segment.add_argument("newsletter", metavar="KEY", help="the newsletter's key")
    segment.add_argument("--language", action="append", metavar="TAG", help="as es")
    segment.add_argument(
        "--field", action="append", metavar="KEY=ANSWER", help="may be given again"
    )
    for name in _DAYS:
        segment.add_argument(f"--{name.replace('_', '-')}", metavar="DAY", help="as 2026-03-31")
    segment.add_argument("--save", metavar="NAME", help="keep it under a name")
    segment.add_argument("--json", action="store_true", help="print the result as JSON")


def _segment(command: HomeCommand, options: dict[str, Any]) -> int:
    newsletter = newsletter_of(command, options["newsletter"])
    definition = _definition(options)
    asked = {"": read_filter(definition, newsletter)} if definition else _kept(newsletter)
    if options["save"]:
        asked = {options["save"]: read_filter(definition, newsletter)}
        save(name=options["save"], given=asked[options["save"]], newsletter=newsletter, now=now())
    sums = {name: count(given, newsletter, now=now()) for name, given in asked.items()}
    if options["json"]:
        command.print_json(
            [
                {"name": name, "sentence": sentence(asked[name], newsletter), **asdict(found)}
                for name, found in sums.items()
            ]
        )
        return 0
    for name, found in sums.items():
        for line in _lines(name, sentence(asked[name], newsletter), found):
            command.console.print(line, markup=False)
    return 0


def _kept(newsletter: Newsletter) -> dict[str, Filter]:
    """Everybody on the list, and every segment that is kept."""
    rows = Segment.objects.filter(newsletter=newsletter.key).order_by("name")
    return {"": Filter(), **{row.name: read_filter(row.definition, newsletter) for row in rows}}


def _definition(options: dict[str, Any]) -> dict[str, Any]:
    """A filter as it would be stored, from what was typed."""
    fields: dict[str, list[str]] = {}
    for typed in options["field"] or []:
        key, given, answer = typed.partition("=")
        if not given:
            raise SettingError(f"--field {typed[:80]} names no answer", mend="Write topic=Sleep.")
        fields.setdefault(key, []).append(answer)
    days = {name: options[name] for name in _DAYS if options[name]}
    spoken = {"languages": options["language"]} if options["language"] else {}
    return {**spoken, **({"fields": fields} if fields else {}), **days}


def _lines(name: str, told: str, found: Sum) -> list[str]:
    excluded = [f"{number:,} excluded: {reason.label}" for reason, number in found.excluded.items()]
    terms = [f"{found.reached:,} would be written to", *excluded]
    terms += [f"{found.outside:,} others"] if found.outside else []
    head = f"{name}: {told}" if name else told
    return [head, f"  {found.listed:,} on the list = {' + '.join(terms)}"]
