"""``meridian subscribers import|undo-import|export``: lists in and out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline.audience.exporting import STATUSES, export_list
from pipeline.audience.imports.decide import Outcome
from pipeline.audience.imports.importing import Plan, Result, import_list, look_at
from pipeline.audience.imports.terms import BASES, Terms, agreed
from pipeline.audience.imports.undo import Undone, find_import, undo
from pipeline.campaigns.revisions import file_configuration
from pipeline.engine.passes import now
from pipeline.errors import SettingError
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.management.people import newsletter_of
from pipeline.management.show import paths, table

if TYPE_CHECKING:  # argparse hides the kind of what add_subparsers gives
    from argparse import ArgumentParser, _SubParsersAction

_UNREAD = "not read"


def add_acts(acts: "_SubParsersAction[Any]") -> None:
    """Add what can be done with a list."""
    _add_import(acts.add_parser("import", help="read a list in: CSV, Excel, vCard, exports"))
    undone = acts.add_parser("undo-import", help="take an import back")
    undone.set_defaults(does=_undo)
    undone.add_argument("number", type=int, help="the import's number")
    undone.add_argument("--by", default=actor(), metavar="NAME", help="who does it")
    undone.add_argument("--dry-run", action="store_true", help="only tell what it would do")
    undone.add_argument("--json", action="store_true", help="print the result as JSON")
    written = acts.add_parser("export", help="write lists into a file")
    written.set_defaults(does=_export)
    written.add_argument("--newsletter", metavar="KEY", help="this one alone")
    written.add_argument(
        "--state", action="append", choices=STATUSES, help="of these alone; may be given again"
    )
    written.add_argument("--to", type=Path, required=True, metavar="FILE", help=".csv or .xlsx")
    written.add_argument("--json", action="store_true", help="print the result as JSON")


def _add_import(parser: "ArgumentParser") -> None:
    parser.set_defaults(does=_import)
    parser.add_argument("file", type=Path, help=".csv, .tsv, .xlsx or .vcf")
    parser.add_argument("--newsletter", required=True, metavar="KEY", help="who joins what")
    parser.add_argument(
        "--basis",
        required=True,
        choices=[basis.value for basis in BASES],
        help="the right to write to them: they asked; implied, until a date; existing clients",
    )
    parser.add_argument("--until", default="", metavar="DAY", help="last day of implied consent")
    parser.add_argument("--by", required=True, metavar="NAME", help="who answers for the list")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would change")
    parser.add_argument("--update", action="store_true", help="known people get its values, too")
    parser.add_argument(
        "--map", action="append", metavar="COLUMN=FIELD", help="as 'Correo=address'"
    )
    parser.add_argument(
        "--allow-column",
        action="append",
        metavar="COLUMN=WHY",
        help="leave one unread that looks like a patient's data",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="else beside the list")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def _pairs(option: str, typed: Iterable[str] | None) -> dict[str, str]:
    found = {}
    for pair in typed or ():
        left, _, right = pair.rpartition("=") if option == "--map" else pair.partition("=")
        if not left.strip() or not right.strip():
            mend = f"Write {option} 'COLUMN={'FIELD' if option == '--map' else 'WHY'}'."
            raise SettingError(f"{option} {pair[:80]} is no pair", mend=mend)
        found[left.strip()] = right.strip()
    return found


def _import(command: HomeCommand, options: dict[str, Any]) -> int:
    moment = now()
    terms = agreed(
        newsletter=newsletter_of(command, options["newsletter"]),
        basis=options["basis"],
        until=options["until"],
        actor=options["by"],
        update=options["update"],
        now=moment,
    )
    mapping = _pairs("--map", options["map"])
    allowed = _pairs("--allow-column", options["allow_column"])
    plan = look_at(options["file"], terms, mapping=mapping, allowed=allowed)
    if not options["json"]:
        command.console.print(_columns(plan))
    result = _with_a_bar(command.errors, plan, terms, options=options, moment=moment)
    if options["json"]:
        command.print_json(_as_json(result, dry_run=options["dry_run"]))
    else:
        _show(command.console, result, dry_run=options["dry_run"])
    return 0


def _with_a_bar(
    console: Console, plan: Plan, terms: Terms, *, options: dict[str, Any], moment: dt.datetime
) -> Result:
    columns = (TextColumn(plan.path.name, markup=False), BarColumn(), MofNCompleteColumn())
    shown = Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with shown as bar:
        task = bar.add_task("", total=plan.rows)
        return import_list(
            plan,
            terms,
            report=options["report"],
            dry_run=options["dry_run"],
            now=moment,
            progress=lambda done: bar.advance(task, done),
        )


def _columns(plan: Plan) -> RenderableType:
    """What the list was taken for, and each column."""
    program = f", of {plan.columns.program}" if plan.columns.program else ""
    head = Text(f"{plan.path.name}: {plan.told}{program}, {plan.rows:,} rows")
    shown = table("Column", "is")
    for name, meaning in plan.columns.told():
        told = meaning.replace("_", " ") or Text(_UNREAD, style="dim")
        shown.add_row(Text(name), told)
    return Group(head, shown)


def _show(console: Console, result: Result, *, dry_run: bool) -> None:
    for outcome in Outcome:
        number = result.counts[outcome.value]
        if not number:
            continue
        console.print(Text(f"{number:>10,}  {outcome.told}", style="bold"))
        # Whoever was taken in as asked needs no example in the end, only before it.
        rows = result.examples.get(outcome, []) if dry_run or outcome in _TELLING else []
        for row in rows:
            reason = f"  {row.reason}" if row.reason else ""
            place = Text(f"{'':12}line {row.line}: ", style="dim")
            console.print(Text.assemble(place, _printable(row.address), (reason, "dim")))
        if 0 < len(rows) < number:
            console.print(Text(f"{'':12}… {number - len(rows):,} more in the report", style="dim"))
    paths(console, ("every row", result.report))
    if dry_run:
        console.print("Nothing was changed: this was a dry run.")
        return
    resumed = "It went on behind a run that was cut off. " if result.resumed else ""
    back = f"meridian subscribers undo-import {result.number}"
    console.print(f"Import {result.number} is done. {resumed}To take it back: {back}", markup=False)


_TELLING = frozenset({Outcome.REFUSED, Outcome.OPTED_OUT, Outcome.SUPPRESSED, Outcome.REPEATED})


def _printable(text: str) -> str:
    """What a list says, without orders to the terminal (S34)."""
    return "".join(char if char.isprintable() else "·" for char in text[:80])


def _as_json(result: Result, *, dry_run: bool) -> dict[str, Any]:
    plan = result.plan
    return {
        "import": result.number or None,
        "dry_run": dry_run,
        "resumed": result.resumed,
        "format": plan.told,
        "program": plan.columns.program,
        "columns": [{"name": name, "is": meaning} for name, meaning in plan.columns.told()],
        "rows": plan.rows,
        "counts": {outcome.value: result.counts[outcome.value] for outcome in Outcome},
        "report": str(result.report),
    }


def _undo(command: HomeCommand, options: dict[str, Any]) -> int:
    number, dry_run = options["number"], options["dry_run"]
    name = find_import(number).file_name
    done = undo(number=number, actor=options["by"], now=now(), dry_run=dry_run)
    if options["json"]:
        told = {name: done.counts[name] for name in _UNDONE}
        command.print_json(
            {"import": number, "dry_run": dry_run, **told, "opt_outs": done.opt_outs}
        )
        return 0
    command.console.print(f"Import {number}, {name}:", markup=False)
    for line in _undone(done, done.counts):
        command.console.print(line, markup=False)
    command.console.print("Nothing was changed: this was a dry run." if dry_run else "Taken back.")
    return 0


_UNDONE = {
    "removed": "people removed, who had come by this list alone",
    "ended": "subscriptions ended, of people who have others or had letters",
    "restored": "people with the values they had before",
    "kept": "people kept, who asked for it themselves since",
    "changed since": "values kept, which somebody has changed since",
}


def _undone(done: Undone, counts: Counter[str]) -> list[str]:
    lines = [f"{counts[name]:>10,}  {told}" for name, told in _UNDONE.items() if counts[name]]
    if done.opt_outs:
        lines.append(f"{done.opt_outs:>10,}  opt-outs that came with it stay: they are for ever")
    return lines or ["            nothing of it is left to take back"]


def _export(command: HomeCommand, options: dict[str, Any]) -> int:
    if options["newsletter"]:
        newsletters = [newsletter_of(command, options["newsletter"])]
    else:
        path = command.home / "content" / "clinic.toml"
        newsletters = list(file_configuration(path).newsletters)
    statuses = options["state"] or ()
    rows = export_list(options["to"], newsletters, statuses=statuses, now=now())
    if options["json"]:
        command.print_json({"rows": rows, "file": str(options["to"])})
        return 0
    paths(command.console, (f"{rows:,} rows", options["to"]))
    return 0
