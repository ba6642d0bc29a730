"""Tables for the terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.stages.email.weight import Weight, weigh
from pipeline.stages.splitting.explain import Decision
from pipeline.stages.splitting.plainly import weighed
from pipeline.values import Article, Finding, RenderedIssue, plain

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


def weights(issues: Iterable[RenderedIssue]) -> RenderableType:
    """How many kilobytes each email has, and for what; mail programs cut at about 100."""
    kinds = [each.name for each in fields(Weight)]
    shown = table("Email", *kinds, "kB", numbers=(*kinds, "kB"))
    for issue in issues:
        weight = weigh(issue.html)
        parts = [f"{getattr(weight, kind) / 1000:.1f}" for kind in kinds]
        shown.add_row(f"part {issue.part}", *parts, f"{weight.total / 1000:.1f}")
    return shown


def part_weights(emails: Sequence[Mapping[str, int]]) -> RenderableType:
    """The same kilobytes by the parts of the template, the largest of all emails first."""
    names = [f"part {number}" for number in range(1, len(emails) + 1)]
    shown = table("In it, kB", *names, numbers=tuple(names))
    total = Counter[str]()
    for email in emails:
        total.update(email)
    for part, _ in total.most_common():
        kilobytes = (f"{email[part] / 1000:.1f}" if part in email else "" for email in emails)
        shown.add_row(part, *kilobytes)
    return shown


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
    runs = [getattr(block, "text", ()), getattr(block, "caption", ()), *getattr(block, "items", ())]
    runs += [cell for row in getattr(block, "rows", ()) for cell in row]
    return [plain(text) for text in runs]


def answered(finding: Finding) -> str:
    """The mend, or who answers for it that there is none."""
    return (
        f"{finding.waived[:1].upper()}{finding.waived[1:]}"
        if finding.waived
        else finding.suggestion
    )


def findings(console: Console, found: Iterable[Finding]) -> None:
    """Print findings that ask for something, one a paragraph."""
    colours = {"error": "red", "warning": "yellow"}
    for finding in found:
        if finding.level == "info":
            continue
        level = "waived" if finding.waived else finding.level
        line = Text.assemble(
            (level, "dim" if finding.waived else colours[finding.level]),
            f" {finding.where}: {finding.message}. {answered(finding)}",
            (f" [{finding.code}]", "dim"),
        )
        console.print(line)
