"""Everything a person needs to know of one campaign: for ``plan`` and ``campaign show``."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pipeline.campaigns.approval import approval_of
from pipeline.campaigns.calendar import due_at
from pipeline.campaigns.models import Campaign, Issue, LogEntry, Post
from pipeline.outbox.counts import Counts, counts
from pipeline.stages.merge import unmarked

# How many lines of the log are shown.
LINES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlan:
    """One post: its number, where and when; ``slot`` is wall time, "" if it has none."""

    number: int
    network: str
    handle: str
    section: str
    slot: str
    edits: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """One issue.

    Attributes:
        sections: The keys of its sections.
        slot: Wall time in ``time_zone``; "" if it has none yet.
        due: The instant that is today; None if it has no slot.
        approver: Who said yes to it as it is; "" if nobody did.
        edits: What a person set, with who and when.
    """

    part: int
    of: int
    subject: str
    preheader: str
    sections: tuple[str, ...]
    state: str
    slot: str
    time_zone: str
    due: dt.datetime | None
    held: str
    approver: str
    edits: dict[str, Any]
    content_hash: str
    posts: tuple[PostPlan, ...]
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of the log."""

    at: dt.datetime
    actor: str
    kind: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """One campaign.

    Attributes:
        sections: Every section by the number people call it by, and its heading.
        log: The last lines, oldest first.
    """

    number: int
    article: str
    title: str
    newsletter: str
    kind: str
    state: str
    form: str
    start: str
    planned_by: str
    grouping: dict[str, Any]
    sections: dict[int, str]
    parts: tuple[PartPlan, ...]
    log: tuple[LogLine, ...]


def planned(campaign: Campaign) -> CampaignPlan:
    """A campaign as it stands."""
    sums = counts()
    issues = campaign.issues.exclude(state=Issue.State.CANCELLED).defer("html", "text")
    lines = LogEntry.objects.filter(campaign_id=campaign.pk).order_by("-pk")[:LINES]
    sections = campaign.outline.get("sections", ())
    return CampaignPlan(
        number=campaign.pk,
        article=campaign.article,
        title=unmarked(campaign.title),
        newsletter=campaign.newsletter,
        kind=campaign.kind,
        state=campaign.state,
        form=campaign.form or campaign.outline.get("form", ""),
        start=campaign.start,
        planned_by=campaign.planned_by,
        grouping=campaign.grouping,
        sections={number: each["heading"] for number, each in enumerate(sections, 1)},
        parts=tuple(
            _part(issue, sums.get(issue.pk, Counts()))
            for issue in issues.prefetch_related("posts").order_by("part")
        ),
        log=tuple(
            LogLine(at=line.created_at, actor=line.actor, kind=line.kind, told=line.told)
            for line in reversed(lines)
        ),
    )


def _part(issue: Issue, sums: Counts) -> PartPlan:
    approval = approval_of(issue)
    return PartPlan(
        part=issue.part,
        of=issue.of,
        subject=unmarked(issue.subject),
        preheader=unmarked(issue.preheader),
        sections=tuple(issue.sections),
        state=issue.state,
        slot=issue.slot,
        time_zone=issue.time_zone,
        due=due_at(issue) if issue.slot else None,
        held=issue.held,
        approver=approval.approver if approval else "",
        edits=issue.edits,
        content_hash=issue.content_hash,
        posts=tuple(map(_post, sorted(issue.posts.all(), key=lambda post: (post.slot, post.pk)))),
        counts=sums,
    )


def _post(post: Post) -> PostPlan:
    return PostPlan(
        number=post.pk,
        network=post.network,
        handle=post.handle,
        section=post.key,
        slot=post.slot,
        edits=post.edits,
        text=post.text,
    )
