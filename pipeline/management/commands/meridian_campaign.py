"""``meridian campaign``: look at campaigns, approve them, stop them and let them go on."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from pipeline.campaigns.acts import approve_issues, cancel, find, pause, resume
from pipeline.engine.passes import now
from pipeline.management import campaign_planning, show_campaigns, show_plan
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.cancelling import cancel_waiting
from pipeline.reports.planned import planned
from pipeline.reports.summary import campaigns


class Command(HomeCommand):
    """The life of a campaign."""

    help = "Shows, schedules, edits, approves, pauses, resumes or cancels campaigns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        show = acts.add_parser("show", help="every campaign with its issues, or all of one")
        show.add_argument("article", nargs="?", default="", help="the article's slug")
        show.add_argument("--json", action="store_true")
        campaign_planning.add_acts(acts)
        approve = acts.add_parser("approve", help="say yes to the issues as they are now")
        approve.add_argument("article", help="the article's slug")
        approve.add_argument("--part", type=int, help="only this part; else all that are not out")
        approve.add_argument("--by", default=actor(), metavar="NAME", help="who says yes")
        for name, told in (
            ("pause", "send nothing more until resumed"),
            ("resume", "go on sending"),
            ("cancel", "call off what has not gone out; cannot be undone"),
        ):
            acts.add_parser(name, help=told).add_argument("article", help="the article's slug")

    def act(self, **options: Any) -> int:
        """Do one act and say what it changed."""
        match options["act"]:
            case "show":
                self._show(options["article"], as_json=options["json"])
            case act if act in campaign_planning.ACTS:
                campaign_planning.ACTS[act](self.console, **options)
            case "approve":
                approved = approve_issues(
                    article=options["article"],
                    part=options["part"],
                    approver=options["by"],
                    now=now(),
                )
                for issue in approved:
                    self.console.print(f"approved by {options['by']}: {issue}", markup=False)
            case "pause":
                self._say("paused", pause(article=options["article"]))
            case "resume":
                self._say("active again", resume(article=options["article"]))
            case _:
                campaign = cancel(article=options["article"])
                called_off = cancel_waiting(campaign=campaign, now=now())
                self._say(f"cancelled, {called_off} waiting deliveries called off", campaign)
        return 0

    def _say(self, told: str, campaign: object) -> None:
        self.console.print(f"{campaign}: {told}", markup=False)

    def _show(self, article: str, *, as_json: bool) -> None:
        if article:
            shown = planned(find(article))
            if as_json:
                self.print_json(asdict(shown))
            else:
                show_plan.plan(self.console, shown)
            return
        found = campaigns()
        if as_json:
            self.print_json([asdict(campaign) for campaign in found])
            return
        for campaign in found:
            self.console.print(f"{campaign.article}: {campaign.state}", markup=False)
        self.console.print(show_campaigns.schedule(found))
