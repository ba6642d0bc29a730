"""The coming weeks of a newsletter: what goes out, what will feed a free slot, what is closed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.campaigns.approval import approved
from pipeline.campaigns.cadence import Cadence
from pipeline.campaigns.calendar import far_enough, weeks
from pipeline.campaigns.evergreen import choose, queue
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.slots import claimants, shown, told_issue

Kind = Literal["claimed", "evergreen", "free", "closed", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One slot of a newsletter.

    Attributes:
        kind: An issue has claimed it; the evergreen queue will feed it, as it stands today; nothing
            is there for it; nothing goes out on that day; or the slot is on a later day that week.
        slot: Wall time in ``time_zone``.
        told: The issue's name, or why the day is closed.
        state: What an issue still waits for: "approved", "waits for approval", "held: …", …
    """

    newsletter: str
    kind: Kind
    slot: dt.datetime
    time_zone: str
    told: str = ""
    article: str = ""
    part: int = 0
    of: int = 0
    state: str = ""


def agenda(rules: Cadence, *, number: int, now: dt.datetime) -> list[Entry]:
    """The slots of a newsletter in the coming weeks, in the order of time.

    Args:
        rules: The newsletter's.
        number: How many weeks.
        now: The time.
    """
    until = rules.here + dt.timedelta(weeks=number)
    waiting = claimants(rules.newsletter.key, now=now).filter(state=Issue.State.SCHEDULED)
    claimed = [_claimed(issue, rules) for issue in waiting.annotate(yes=approved())]
    gone = claimants(rules.newsletter.key, now=now).filter(released_at__isnull=False)
    taken = [shown(issue, rules.newsletter.time_zone) for issue in gone]
    taken.extend(entry.slot for entry in claimed if entry.kind == "claimed")
    found = [*claimed, *_grid(rules, taken, until)]
    return sorted((entry for entry in found if entry.slot <= until), key=lambda entry: entry.slot)


def _claimed(issue: Issue, rules: Cadence) -> Entry:
    return _entry(
        rules,
        "claimed",
        shown(issue, rules.newsletter.time_zone),
        issue=issue,
        state=_state(issue),
    )


def _state(issue: Issue) -> str:
    if issue.campaign.state != Campaign.State.ACTIVE:
        return issue.campaign.state
    if issue.held:
        return f"held: {issue.held}"
    # Annotated by agenda().
    return "approved" if getattr(issue, "yes", False) else "waits for approval"


def _grid(rules: Cadence, taken: Sequence[dt.datetime], until: dt.datetime) -> Iterator[Entry]:
    """The weekly slots nothing has claimed, and the days nothing goes out."""
    waiting = queue(rules.newsletter.key)
    fed: list[dt.datetime] = []
    for week in weeks(rules.newsletter, after=rules.here, days=rules.days):
        if week.weekly > until:
            break
        if week.slot is None:
            yield _entry(rules, "closed", week.weekly, told=week.why)
            continue
        if week.slot != week.weekly:
            yield _entry(rules, "moved", week.weekly, told=week.why)
        if far_enough(week.slot, [*taken, *fed]):
            issue = choose(waiting, week.slot.date(), rules.days)
            if issue:
                waiting.remove(issue)
                fed.append(week.slot)
            yield _entry(rules, "evergreen" if issue else "free", week.slot, issue=issue)


def _entry(
    rules: Cadence,
    kind: Kind,
    slot: dt.datetime,
    *,
    issue: Issue | None = None,
    told: str = "",
    state: str = "",
) -> Entry:
    return Entry(
        newsletter=rules.newsletter.key,
        kind=kind,
        slot=slot,
        time_zone=rules.newsletter.time_zone,
        told=told_issue(issue) if issue else told,
        article=issue.campaign.article if issue else "",
        part=issue.part if issue else 0,
        of=issue.of if issue else 0,
        state=state,
    )
