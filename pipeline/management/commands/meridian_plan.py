"""``meridian plan``: what an article would become, as a proposal that sends nothing."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any, get_args

from pipeline.campaigns.models import Campaign
from pipeline.campaigns.series import Wish
from pipeline.engine.passes import now
from pipeline.engine.planning import plan_article
from pipeline.management import show, show_plan
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.reports.planned import planned
from pipeline.values import SeriesForm


class Command(HomeCommand):
    """Make or renew a proposal and show it."""

    help = (
        "Proposes a campaign: which sections make which issue, subjects, posts and dates. "
        "Sends nothing until it is scheduled."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the article and what is asked of its plan."""
        super().add_arguments(parser)
        parser.add_argument("article", metavar="ARTICLE", help="its slug, or its file")
        parser.add_argument("--newsletter", default="", metavar="KEY", help="where it names none")
        parser.add_argument("--start", default="", type=_day, metavar="DATE", help="not before")
        parser.add_argument("--form", default="", choices=get_args(SeriesForm))
        parser.add_argument("--by", default=actor(), metavar="NAME", help="who plans it")

    def act(self, **options: Any) -> int:
        """Plan one article."""
        wish = Wish(form=options["form"], start=options["start"], newsletter=options["newsletter"])
        taken = plan_article(options["article"], wish=wish, actor=options["by"], now=now())
        shown = planned(Campaign.objects.get(pk=taken.campaign))
        if options["json"]:
            findings = [asdict(finding) for finding in taken.findings]
            self.print_json({**asdict(shown), "findings": findings})
            return 0
        show_plan.plan(self.console, shown)
        show.findings(self.console, taken.findings)
        return 0


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write it as in 2026-03-10") from error
