"""The acts of ``meridian campaign`` on a plan: schedule, edit, group, post, calendar."""

import datetime as dt
import sys
from argparse import ArgumentParser, ArgumentTypeError, _SubParsersAction
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from rich.console import Console

from pipeline.audience.tokens import calendar_token
from pipeline.campaigns import edits
from pipeline.campaigns.feed import plan_calendar, revocations, revoke_calendar
from pipeline.campaigns.models import Campaign
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.rhythm import place_posts
from pipeline.campaigns.series import Wish
from pipeline.engine.passes import now
from pipeline.engine.planning import plan_article, schedule_article
from pipeline.errors import SettingError
from pipeline.management import show, show_plan
from pipeline.management.command import actor
from pipeline.reports.planned import planned

Act = Callable[..., None]


def add_acts(acts: "_SubParsersAction[Any]") -> None:
    """Add the acts to the command line."""
    scheduled = _act(acts, schedule, "look a plan over, and let it send", "article")
    scheduled.add_argument("--yes", action="store_true", help="the warnings were seen")
    scheduled.add_argument("--links", action="store_true", help="try each link on the network")
    edited = _act(acts, edit, "set subject or preheader of a part", "article")
    edited.add_argument("--part", type=int, required=True)
    edited.add_argument("--subject", metavar="TEXT")
    edited.add_argument("--preheader", metavar="TEXT")
    edited.add_argument("--undo", action="store_true", help="give both back to the author's words")
    grouped = _act(acts, group, "say which sections make which issue", "article")
    grouped.add_argument(
        "groups", nargs="*", type=_group, metavar="1+2", help="numbers of sections"
    )
    grouped.add_argument("--undo", action="store_true", help="as the article says again")
    posted = _act(acts, post, "set when a post goes out", "number")
    posted.add_argument("--at", type=_moment, metavar='"2026-03-10 12:30"', help="wall time")
    posted.add_argument("--undo", action="store_true", help="by the rhythm of its account again")
    shown = _act(acts, calendar, "print the plan as iCalendar, or its address")
    shown.add_argument("--address", action="store_true", help="print its address on the web")
    shown.add_argument("--revoke", action="store_true", help="end every address given out")


def schedule(console: Console, **options: Any) -> None:
    """Schedule a planned campaign."""
    campaign, found = schedule_article(
        options["article"],
        actor=options["by"],
        confirmed=options["yes"],
        links=options["links"],
        now=now(),
    )
    console.print(f"{campaign}: scheduled by {options['by']}", markup=False)
    show.findings(console, found)


def edit(console: Console, **options: Any) -> None:
    """Set words of a part, or take them back, and make it anew."""
    article, part = options["article"], options["part"]
    given = {field: options[field] for field in edits.LONGEST if options[field] is not None}
    if options["undo"] == bool(given):
        raise SettingError("nothing is set", mend="Say --subject, --preheader, or --undo.")
    if options["undo"]:
        edits.undo_edits(article=article, part=part, actor=options["by"], now=now())
    else:
        edits.edit_issue(article=article, part=part, values=given, actor=options["by"], now=now())
    _renew(console, article, options["by"])


def group(console: Console, **options: Any) -> None:
    """Say which sections make which issue, and make them anew."""
    if options["undo"] == bool(options["groups"]):
        raise SettingError("no sections are named", mend="Write it as in: 1+2 3, or say --undo.")
    article = options["article"]
    edits.group(article=article, groups=options["groups"], actor=options["by"], now=now())
    _renew(console, article, options["by"])


def post(console: Console, **options: Any) -> None:
    """Set when a post goes out."""
    if options["undo"] == bool(options["at"]):
        raise SettingError("no time is named", mend="Say --at, or --undo.")
    row = edits.edit_post(
        post=options["number"], slot=options["at"], actor=options["by"], now=now()
    )
    place_posts(row.issue.campaign, current_configuration().accounts)
    show_plan.plan(console, planned(row.issue.campaign))


def calendar(console: Console, **options: Any) -> None:
    """Print the plan as a calendar, or where it is found."""
    if options["revoke"]:
        revoke_calendar(actor=options["by"], now=now())
    if options["address"] or options["revoke"]:
        path = reverse("calendar", args=[calendar_token(revocations())])
        console.print(settings.MERIDIAN_URL + path, markup=False, soft_wrap=True)
    else:
        sys.stdout.write(plan_calendar().decode())


def _renew(console: Console, article: str, by: str) -> None:
    taken = plan_article(article, wish=Wish(), actor=by, now=now())
    show_plan.plan(console, planned(Campaign.objects.get(pk=taken.campaign)))
    show.findings(console, taken.findings)


def _act(acts: "_SubParsersAction[Any]", does: Act, told: str, what: str = "") -> ArgumentParser:
    parser: ArgumentParser = acts.add_parser(does.__name__, help=told)
    parser.set_defaults(does=lambda command, options: does(command.console, **options))
    if what == "article":
        parser.add_argument("article", help="the article's slug")
    elif what:
        parser.add_argument(what, type=int)
    parser.add_argument("--by", default=actor(), metavar="NAME", help="who does it")
    return parser


def _group(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split("+")]
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no group; write it as in 1+2") from error


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no time; write it as in 2026-03-10 12:30") from error
    return moment.replace(tzinfo=None, second=0, microsecond=0)
