"""Tables for the terminal."""

from collections.abc import Iterable
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.outbox.counts import TERMS, Counts
from pipeline.reports.summary import CampaignSummary, IssueSummary
from pipeline.stages.splitting.explain import Decision
from pipeline.stages.splitting.plainly import weighed
from pipeline.values import Article, Finding, plain

# More than three reasons are read by nobody.
MOST_REASONS = 3


def table(*columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """An empty table; columns in ``numbers`` stand to the right and are never cut short."""
    made = Table(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        caption_style="dim",
    )
    for column in columns:
        if column in numbers:
            made.add_column(column, justify="right", no_wrap=True, min_width=len(column))
        else:
            made.add_column(column, overflow="fold")
    return made


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
    for issue in sorted(issues, key=lambda issue: (issue.slot, issue.number)):
        told = "\n".join(filter(None, (state(issue), the_sum(issue.counts))))
        shown.add_row(when(issue), Text(subject(issue)), told)
    zones = sorted({issue.time_zone for issue in issues})
    shown.caption = f" Times are wall time in {', '.join(zones)}." if zones else None
    return shown


def sums(campaign: CampaignSummary) -> Table:
    """Planned and its six terms, zeros too, a line for each issue."""
    terms = ("planned", *TERMS)
    shown = table("Part", *terms, numbers=terms)
    shown.title = Text(campaign.title)
    for issue in campaign.issues:
        numbers = [str(getattr(issue.counts, term)) for term in terms]
        shown.add_row(f"{issue.part} of {issue.of}", *numbers)
    return shown


def when(issue: IssueSummary) -> str:
    """``Tue 1 Dec 2026 10:00``: wall time of the newsletter's zone."""
    return f"{issue.slot:%a} {issue.slot.day} {issue.slot:%b %Y %H:%M}"


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


def number(count: int, noun: str) -> str:
    """How many of a thing: ``1 finding.`` or ``2 batches.``."""
    if count == 1:
        return f"1 {noun}."
    return f"{count} {noun}{'es' if noun.endswith('ch') else 's'}."


def paths(console: Console, *entries: tuple[str, Path]) -> None:
    """Print where to look: each path on one line however long, so that it can be copied."""
    width = max(len(told) for told, _ in entries)
    for told, path in entries:
        line = Text.assemble((f" {told:<{width}}", "dim"), f"  {path}")
        console.print(line, soft_wrap=True)


def outline(article: Article) -> RenderableType:
    """An article as it was understood."""
    head = [Text(article.title, style="bold")]
    head += [Text(line) for line in (article.subtitle, article.byline, article.date_line) if line]
    shown = table("Part", "Heading", "Blocks", "Words", numbers=("Blocks", "Words"))
    if article.lead:
        shown.add_row("", "(lead)", str(len(article.lead)), str(_words(article.lead)))
    for section in article.sections:
        indent = "  " * (section.level - 1)
        shown.add_row(
            section.number,
            Text(indent + section.heading),
            str(len(section.blocks)),
            str(_words(section.blocks)),
        )
    if article.call_to_action:
        shown.add_row(
            "",
            Text(article.call_to_action_heading or "(call to action)"),
            str(len(article.call_to_action)),
            str(_words(article.call_to_action)),
        )
    tail = [Text(number(len(article.references), "reference"))] if article.references else []
    return Group(*head, shown, *tail)


def decided(title: str, decisions: Iterable[Decision]) -> RenderableType:
    """Why each line of an article is a heading, and each unsure one none."""
    shown = table("Line", "Text, and why", "Taken for", "Likely", numbers=("Line", "Likely"))
    shown.columns[2].no_wrap = True
    for decision in told(decisions):
        words = Text(plain(decision.line.text), style="bold")
        style = "yellow" if decision.unsure else ""
        shown.add_row(
            str(decision.line.number),
            Text("\n").join([words, Text(why(decision), style="dim")]),
            Text(taken_for(decision), style=style),
            Text(f"{100 * decision.probability:.0f} %", style=style),
        )
    return Group(Text(title, style="bold"), shown)


def told(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions worth a line: headings, and whatever is unsure."""
    return [decision for decision in decisions if decision.heading or decision.unsure]


def taken_for(decision: Decision) -> str:
    """What a line was taken for."""
    kinds = {"heading": "heading", "item": "list item"}
    return kinds.get(decision.line.kind, "paragraph")


def why(decision: Decision) -> str:
    """The reasons, the weightiest first; of what is unsure, those against it too."""
    reasons = list(weighed(decision.reasons))
    spoke = [told for told, odds in reasons if (odds > 0) == decision.heading]
    shown = "; ".join([*decision.grounds, *spoke][:MOST_REASONS])
    if not decision.unsure:
        return shown
    against = [told for told, odds in reasons if (odds > 0) != decision.heading]
    but = f". But: {'; '.join(against[: MOST_REASONS - 1])}" if against else ""
    return f"unsure: {shown}{but}"


def _words(blocks: Iterable[object]) -> int:
    texts = [text for block in blocks for text in _texts(block)]
    return sum(len(text.split()) for text in texts)


def _texts(block: object) -> list[str]:
    runs = [getattr(block, "text", ()), *getattr(block, "items", ())]
    runs += [cell for row in getattr(block, "rows", ()) for cell in row]
    return [plain(text) for text in runs]


def findings(console: Console, found: Iterable[Finding]) -> None:
    """Print findings, one a paragraph."""
    colours = {"error": "red", "warning": "yellow", "info": "cyan"}
    for finding in found:
        line = Text.assemble(
            (finding.level, colours[finding.level]),
            f" {finding.where}: {finding.message}. {finding.suggestion}",
            (f" [{finding.code}]", "dim"),
        )
        console.print(line)
