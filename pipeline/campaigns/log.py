"""The log: who did what, and what the scheduler decided and why."""

import datetime as dt
from typing import Any

from pipeline.campaigns.models import Campaign, Issue, LogEntry

# Who acts when no person does.
SCHEDULER = "scheduler"


def note(
    kind: str,
    told: str,
    *,
    actor: str,
    now: dt.datetime,
    issue: Issue | None = None,
    campaign: Campaign | None = None,
    newsletter: str = "",
    **values: Any,
) -> LogEntry:
    """Write one line into the log. It is never changed.

    Args:
        kind: A word for programs: "approved", "held", "skipped", "moved".
        told: One sentence for people, without any address (P8).
        actor: A person's name, or :data:`SCHEDULER`.
        now: The time.
        issue: What it is about; its campaign and newsletter are known by it.
        campaign: What it is about, if it is about no issue alone.
        newsletter: What it is about, if it is about no campaign.
        values: What programs want beside it, as JSON.
    """
    owner = campaign or (issue.campaign if issue else None)
    return LogEntry.objects.create(
        campaign_id=owner.pk if owner else None,
        issue_id=issue.pk if issue else None,
        newsletter=owner.newsletter if owner else newsletter,
        kind=kind,
        actor=actor[:200],
        told=told,
        values=values,
        created_at=now,
    )


def note_once(
    kind: str, told: str, *, actor: str, now: dt.datetime, issue: Issue, **values: Any
) -> None:
    """Write a line about an issue unless its last line says the very same: a pass comes often."""
    last = LogEntry.objects.filter(issue_id=issue.pk).order_by("-pk").first()
    if last is None or (last.kind, last.told) != (kind, told):
        note(kind, told, actor=actor, now=now, issue=issue, **values)
