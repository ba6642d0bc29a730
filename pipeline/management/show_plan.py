"""A campaign's plan for the terminal."""

import datetime as dt
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from pipeline.management.show import table
from pipeline.management.show_campaigns import the_sum
from pipeline.reports.planned import CampaignPlan, PartPlan, PostPlan


def plan(console: Console, shown: CampaignPlan) -> None:
    """Print all of it: sections, parts, posts and the last lines of the log."""
    console.print(f"{shown.title} ({shown.newsletter})", markup=False)
    console.print(f"{shown.kind}, {_state(shown)}", markup=False)
    if shown.sections:
        told = "; ".join(f"{number} {heading}" for number, heading in shown.sections.items())
        console.print(f"Sections: {told}", markup=False)
    _parts(console, shown)
    _posts(console, shown)
    for line in shown.log:
        console.print(f"{line.at:%Y-%m-%d %H:%M} UTC  {line.actor}: {line.told}", markup=False)


def _state(shown: CampaignPlan) -> str:
    if shown.state == "planned":
        return f"planned: nothing goes out until `meridian campaign schedule {shown.article}`"
    return shown.state


def _parts(console: Console, shown: CampaignPlan) -> None:
    rows = table("Part", "When", "Subject and preheader", "State")
    rows.columns[1].no_wrap = True
    for part in shown.parts:
        told = "\n".join(_told(part))
        words = f"{part.subject}\n{part.preheader}\n{', '.join(part.sections)}"
        rows.add_row(f"{part.part} of {part.of}", when(part.slot), Text(words), Text(told))
    zones = sorted({part.time_zone for part in shown.parts})
    rows.caption = f" Times are wall time in {', '.join(zones)}." if zones else None
    console.print(rows)


def _told(part: PartPlan) -> Iterator[str]:
    if part.state == "scheduled":
        yield f"approved by {part.approver}" if part.approver else "waits for approval"
    else:
        yield part.state
    if part.held:
        yield f"held: {part.held}"
    for field, edit in part.edits.items():
        yield f"{field} set by {edit['by']}"
    yield from filter(None, [the_sum(part.counts)])


def _posts(console: Console, shown: CampaignPlan) -> None:
    rows = table("Post", "When", "Network", "Words", numbers=("Post",))
    rows.columns[1].no_wrap = True
    posts = [post for part in shown.parts for post in part.posts]
    for post in sorted(posts, key=lambda post: (post.slot, post.number)):
        rows.add_row(str(post.number), when(post.slot), post.network, Text(_words(post)))
    if posts:
        console.print(rows)


def _words(post: PostPlan) -> str:
    words = " ".join(post.text.split())
    told = f"{words[:60]}…" if len(words) > 60 else words
    edit = post.edits.get("slot")
    return f"{told}\ntime set by {edit['by']}" if edit else told


def when(slot: str) -> str:
    """``Tue 1 Dec 2026 10:00``; a dash where there is no slot."""
    if not slot:
        return "–"
    moment = dt.datetime.fromisoformat(slot)
    return f"{moment:%a} {moment.day} {moment:%b %Y %H:%M}"
