"""``meridian instance``: whether this Meridian may send, and a person's word that it may."""

from argparse import ArgumentParser
from typing import Any

from pipeline.campaigns.instance import why_stopped
from pipeline.engine.instance import beat, confirm
from pipeline.engine.passes import now
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.holding import in_doubt


class Command(HomeCommand):
    """A restored or copied Meridian sends nothing until a person confirms."""

    help = "Shows whether this Meridian may send; confirms it after a restore or a move."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        show = acts.add_parser("show", help="whether it may send, and what is in doubt")
        sure = acts.add_parser("confirm", help="this one sends; what may have gone out is held")
        for each in (show, sure):
            each.add_argument("--json", action="store_true", help="print the result as JSON")
        sure.add_argument("--by", default=actor(), metavar="NAME", help="who says so")

    def act(self, **options: Any) -> int:
        """Do one act and say what came of it."""
        beat(now=now(), scheduler=False)
        stopped = why_stopped()
        if options["act"] == "show":
            doubtful = in_doubt(now=now()) if stopped else []
            told = f"It sends nothing: {stopped}." if stopped else "It may send."
        else:
            doubtful = confirm(actor=options["by"], now=now())
            told = "Confirmed: it sends." if stopped else "It could send before already."
            stopped = ""
        issues = [str(issue) for issue in doubtful]
        if options["json"]:
            self.print_json({"stopped": stopped, "in_doubt": issues})
            return 0
        self.console.print(told, markup=False)
        self._list(issues, confirmed=not stopped)
        return 0

    def _list(self, issues: list[str], *, confirmed: bool) -> None:
        if not issues:
            return
        held = "They are held; `meridian campaign release` lets one go on."
        waiting = "Confirming will hold them, to be let go one by one."
        self.console.print("These may have gone out, whole or in part, after the backup was made:")
        for issue in issues:
            self.console.print(f"  {issue}", markup=False)
        self.console.print(held if confirmed else waiting)
