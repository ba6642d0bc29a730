"""``meridian campaign``: look at campaigns, approve them, stop them and let them go on."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from pipeline.campaigns.acts import approve_issues, find
from pipeline.campaigns.variants import with_variants
from pipeline.campaigns.warnings import calendar_warnings
from pipeline.engine.passes import now
from pipeline.management import (
    approving,
    cadence,
    campaign_planning,
    sending_acts,
    show,
    show_campaigns,
    show_plan,
)
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.warm_up import caps
from pipeline.reports.planned import planned
from pipeline.reports.summary import campaigns


class Command(HomeCommand):
    """The life of a campaign."""

    help = "Shows, schedules, edits, approves, moves, pauses or cancels campaigns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the acts; each brings the function that does it."""
        acts = parser.add_subparsers(dest="act", required=True)
        shown = acts.add_parser("show", help="every campaign with its issues, or all of one")
        shown.set_defaults(does=_show)
        shown.add_argument("article", nargs="?", default="", help="the article's slug")
        shown.add_argument("--json", action="store_true")
        campaign_planning.add_acts(acts)
        approve = acts.add_parser("approve", help="say yes to the issues as they are now")
        approve.set_defaults(does=_approve)
        approve.add_argument("article", help="the article's slug")
        approve.add_argument("--part", type=int, help="only this part; else all that are not out")
        approve.add_argument("--by", default=actor(), metavar="NAME", help="who says yes")
        cadence.add_acts(acts)
        approving.add_acts(acts)
        sending_acts.add_acts(acts)

    def act(self, **options: Any) -> int:
        """Do one act and say what it changed."""
        status: int | None = options["does"](self, options)
        return status or 0


def _approve(command: HomeCommand, options: dict[str, Any]) -> int:
    approved = approve_issues(
        article=options["article"], part=options["part"], approver=options["by"], now=now()
    )
    for issue in [each for part in approved for each in with_variants(part)]:
        command.console.print(f"approved by {options['by']}: {issue}", markup=False)
    return 0


def _show(command: HomeCommand, options: dict[str, Any]) -> int:
    if options["article"]:
        return _show_one(command, options)
    found = campaigns()
    if options["json"]:
        command.print_json([asdict(campaign) for campaign in found])
        return 0
    for campaign in found:
        command.console.print(f"{campaign.article}: {campaign.state}", markup=False)
    command.console.print(show_campaigns.schedule(found))
    for cap in caps(now=now()):
        command.console.print(cap.told, markup=False)
    return 0


def _show_one(command: HomeCommand, options: dict[str, Any]) -> int:
    campaign = find(options["article"])
    shown, warnings = planned(campaign), calendar_warnings(campaign, now=now())
    if options["json"]:
        told = [asdict(warning) for warning in warnings]
        command.print_json({**asdict(shown), "warnings": told})
    else:
        show_plan.plan(command.console, shown)
        show.findings(command.console, warnings)
    return 0
