"""The acts of ``meridian campaign`` around approval: ask, send back, comments, the log."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.campaigns.acts import find
from pipeline.campaigns.comments import send_back, settle
from pipeline.campaigns.models import Comment, Issue, LogEntry
from pipeline.campaigns.requests import asked_about, request_approval
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.variants import text_of
from pipeline.engine.passes import now
from pipeline.errors import ApprovalError
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand
from pipeline.management.show import table

# Of a hash, so many letters tell people it is the same one.
_SHORT = 12

Act = Callable[[HomeCommand, dict[str, Any]], None]


def add_acts(acts: Any) -> None:
    """Add the acts to the parser of ``meridian campaign``."""
    asked = _add(acts, "request-approval", "ask a practitioner by mail to approve", _request)
    asked.add_argument("--part", type=int, help="only this part; else all that wait for approval")
    asked.add_argument("--to", required=True, metavar="NAME", help="a practitioner of clinic.toml")
    asked.add_argument("--by", default=actor(), metavar="NAME", help="who asks")
    back = _add(acts, "send-back", "keep a part back until its text has changed", _send_back)
    back.add_argument("--part", type=int, required=True, help="which part")
    back.add_argument("--language", default="", help="only its text in this language")
    back.add_argument("--reason", required=True, help="what has to change")
    back.add_argument("--by", default=actor(), metavar="NAME", help="who sends it back")
    said = _add(acts, "comments", "what was said of an article before it went out", _comments)
    said.add_argument("--settle", type=int, metavar="NUMBER", help="mark one as dealt with")
    said.add_argument("--by", default=actor(), metavar="NAME", help="who settles it")
    said.add_argument("--json", action="store_true", help="print the result as JSON")
    _add(acts, "log", "who did what to an article, when, and to which bytes", _log).add_argument(
        "--json", action="store_true", help="print the result as JSON"
    )


def _add(acts: Any, name: str, told: str, does: Act) -> ArgumentParser:
    parser: ArgumentParser = acts.add_parser(name, help=told)
    parser.set_defaults(does=does)
    parser.add_argument("article", help="the article's slug")
    return parser


def _request(command: HomeCommand, options: dict[str, Any]) -> None:
    asked = request_approval(
        article=options["article"],
        practitioner_name=options["to"],
        configuration=current_configuration(),
        actor=options["by"],
        part=options["part"],
        now=now(),
    )
    count = asked_about(asked).count()
    parts = "1 part" if count == 1 else f"{count} parts"
    told = (
        f"{asked.practitioner} is asked to approve {parts} of {asked.campaign.title}; the mail goes"
    )
    command.console.print(f"{told} out with `meridian send --until-empty`", markup=False)


def _send_back(command: HomeCommand, options: dict[str, Any]) -> None:
    issue = find(options["article"]).issues.filter(part=options["part"]).first()
    if issue is None:
        raise ApprovalError(
            f"there is no part {options['part']}", mend="`meridian campaign show` lists them."
        )
    text = text_of(issue, options["language"])
    send_back(
        text,
        content_hash=text.content_hash,
        reason=options["reason"],
        by=options["by"],
        now=now(),
    )
    command.console.print(f"sent back by {options['by']}: {text}", markup=False)


def _comments(command: HomeCommand, options: dict[str, Any]) -> None:
    campaign = find(options["article"])
    if options["settle"] is not None:
        settle(options["settle"], article=campaign.article, actor=options["by"], now=now())
    found = Comment.objects.filter(issue__campaign=campaign).select_related("issue").order_by("pk")
    if options["json"]:
        command.print_json([_comment(comment) for comment in found])
        return
    shown = table("No.", "Part", "Who", "Says", "Of", "State", numbers=("No.", "Part"))
    for comment in found:
        state = "settled" if comment.settled_at else "open"
        part = " ".join(filter(None, [str(comment.issue.part), comment.language]))
        quoted = Text(comment.quotation[:120])
        says = Text(comment.text)
        shown.add_row(str(comment.pk), part, Text(comment.author), says, quoted, state)
    _print(command, shown, none="Nobody has said anything yet.")


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "number": comment.pk,
        "part": comment.issue.part,
        "language": comment.language,
        "author": comment.author,
        "text": comment.text,
        "quotation": comment.quotation,
        "hash": comment.content_hash,
        "at": comment.created_at.isoformat(),
        "settled_at": comment.settled_at.isoformat() if comment.settled_at else None,
    }


def _log(command: HomeCommand, options: dict[str, Any]) -> None:
    campaign = find(options["article"])
    entries = LogEntry.objects.filter(campaign_id=campaign.pk).order_by("pk")
    parts = dict(Issue.objects.filter(campaign=campaign).values_list("pk", "part"))
    if options["json"]:
        command.print_json([_entry(entry, parts) for entry in entries])
        return
    shown = table("When (UTC)", "Who", "What", "Hash")
    for entry in entries:
        when = f"{entry.created_at:%Y-%m-%d %H:%M}"
        bytes_ = str(entry.values.get("hash", ""))[:_SHORT]
        shown.add_row(when, Text(entry.actor), Text(entry.told), bytes_)
    _print(command, shown, none="Nothing was written down yet.")


def _entry(entry: LogEntry, parts: dict[int, int]) -> dict[str, Any]:
    return {
        "at": entry.created_at.isoformat(),
        "kind": entry.kind,
        "who": entry.actor,
        "part": parts.get(entry.issue_id) if entry.issue_id else None,
        "told": entry.told,
        "values": entry.values,
    }


def _print(command: HomeCommand, shown: Table, *, none: str) -> None:
    command.console.print(shown if shown.row_count else none)
