"""Tables of campaigns for the terminal."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from pipeline.campaigns.slots import told_time
from pipeline.management.show import table
from pipeline.outbox.counts import TERMS, Counts
from pipeline.reports.summary import CampaignSummary, IssueSummary, NoticeSummary


def articles(campaigns: Iterable[CampaignSummary], notes: dict[int, str]) -> Table:
    """What the articles became; ``notes`` say what this run did, by the campaign's number."""
    shown = table(
        "Article",
        "Sections",
        "Issues",
        "Posts",
        "Cards",
        "This run",
        numbers=("Sections", "Issues", "Posts", "Cards"),
    )
    for campaign in campaigns:
        shown.add_row(
            Text(campaign.title),
            str(campaign.sections),
            str(len(campaign.issues)),
            str(campaign.posts),
            str(campaign.sections),
            notes.get(campaign.number, "the same"),
        )
    return shown


def schedule(campaigns: Iterable[CampaignSummary]) -> Table:
    """What goes out when, and what went out, in the order of time."""
    shown = table("When", "Issue", "State")
    shown.columns[0].no_wrap = True
    shown.columns[2].min_width = len("24 planned = 24 sent")
    issues = [issue for campaign in campaigns for issue in campaign.issues]
    for issue in sorted(issues, key=_in_order):
        told = "\n".join(filter(None, (state(issue), the_sum(issue.counts))))
        shown.add_row(when(issue), Text(subject(issue)), told)
    zones = sorted({issue.time_zone for issue in issues})
    shown.caption = f" Times are wall time in {', '.join(zones)}." if zones else None
    return shown


def _in_order(issue: IssueSummary) -> tuple[bool, str, int]:
    return issue.slot is None, str(issue.slot or ""), issue.number


def sums(campaign: CampaignSummary) -> Table:
    """Planned and its six terms, zeros too, a line for each issue."""
    terms = ("planned", *TERMS)
    shown = table("Part", *terms, numbers=terms)
    shown.title = Text(campaign.title)
    for issue in campaign.issues:
        numbers = [str(getattr(issue.counts, term)) for term in terms]
        shown.add_row(f"{issue.part} of {issue.of}", *numbers)
    return shown


def notices(found: Iterable[NoticeSummary]) -> Table:
    """The same of mail to one person, a line for each kind."""
    terms = ("planned", *TERMS)
    shown = table("Kind", *terms, numbers=terms)
    shown.title = Text("Notices")
    for each in found:
        numbers = [str(getattr(each.counts, term)) for term in terms]
        shown.add_row(each.kind, *numbers)
    return shown


def when(issue: IssueSummary) -> str:
    """``Tue 1 Dec 2026 10:00``: wall time of the newsletter's zone."""
    return told_time(issue.slot) if issue.slot else "when it is time"


def subject(issue: IssueSummary) -> str:
    """``Endorphins (1 of 4)``."""
    return f"{issue.subject} ({issue.part} of {issue.of})" if issue.of > 1 else issue.subject


def state(issue: IssueSummary) -> str:
    """The state in a word a person uses."""
    if issue.state == "scheduled" and not issue.approved:
        return "waits for approval"
    return {"releasing": "being queued"}.get(issue.state, issue.state)


def the_sum(counts: Counts) -> str:
    """``24 planned = 1 excluded + 23 sent``; terms of zero are left out."""
    if not counts.planned:
        return ""
    terms = [f"{getattr(counts, name)} {name}" for name in TERMS if getattr(counts, name)]
    return f"{counts.planned} planned = {' + '.join(terms)}"
