"""Approval: a yes to exact bytes, and the gate that nothing passes without one (promise 3)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from pipeline.campaigns.instance import is_stopped
from pipeline.campaigns.models import Approval, Campaign, Issue
from pipeline.errors import ApprovalError


def content_hash(content: Mapping[str, object]) -> str:
    """The hash of everything an approval is given for: sha256 of its canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def approve(*, issue: Issue, content_hash: str, approver: str, now: datetime) -> Approval:
    """Give a yes to an issue as it was when it was read.

    Args:
        issue: The issue.
        content_hash: The hash of what the approver read.
        approver: Who says yes.
        now: The time it is given.

    Raises:
        ApprovalError: No approver is named, or the issue has changed since it was read.
    """
    approver = " ".join(approver.split())
    if not 0 < len(approver) <= 200:
        fault = "the approver's name is too long" if approver else "nobody is named as approver"
        raise ApprovalError(fault, mend="Say who approves: --by NAME.")
    current = Issue.objects.values_list("content_hash", flat=True).get(pk=issue.pk)
    if current != content_hash:
        raise ApprovalError(
            f"{issue} has changed since it was read", mend="Read it again, then approve it."
        )
    approval, _ = Approval.objects.get_or_create(
        issue=issue,
        content_hash=content_hash,
        defaults={"approver": approver, "created_at": now},
    )
    return approval


def approval_of(issue: Issue) -> Approval | None:
    """The yes an issue has for the very hash it has now."""
    return Approval.objects.filter(issue=issue, content_hash=issue.content_hash).first()


def sendable() -> QuerySet[Issue]:
    """The issues that may go out: approved as they stand, not held, of a campaign that is active.

    Every way to a reader goes through this gate: the queueing and each claim ask it anew. Of a
    restored copy nothing may, until a person confirms it.
    """
    active = Issue.objects.filter(held="", campaign__state=Campaign.State.ACTIVE)
    return active.filter(approved(), ~is_stopped())


def approved() -> Exists:
    """The condition that an issue has an approval for the very hash it has now."""
    return Exists(
        Approval.objects.filter(issue=OuterRef("pk"), content_hash=OuterRef("content_hash"))
    )
