"""Approval: a yes to exact bytes, and the gate that nothing passes without one (promise 3)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pipeline.campaigns.audit import SENT_BACK, note_approved
from pipeline.campaigns.four_eyes import folded, refuse_own
from pipeline.campaigns.instance import is_stopped
from pipeline.campaigns.models import Approval, Campaign, Issue, Variant
from pipeline.campaigns.texts import Text, part_of
from pipeline.errors import ApprovalError


def content_hash(content: Mapping[str, object]) -> str:
    """The hash of everything an approval is given for: sha256 of its canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def also_approved(issue: Issue, *, kind: str) -> dict[str, object]:
    """What else an approval is given for, where there is any.

    Args:
        issue: The issue.
        kind: Its campaign's: who gets a welcome or a digest is other than who gets a series.
    """
    return {
        **({"kind": kind} if kind != Campaign.Kind.SERIES else {}),
        # A yes of the author's own does not count once another person must give it.
        **({"four_eyes": True} if issue.four_eyes else {}),
    }


@transaction.atomic
def approve(
    *, issue: Issue, content_hash: str, approver: str, now: datetime, via: str = ""
) -> Approval:
    """Give a yes to an issue, or to a variant of it, as it was when it was read.

    Args:
        issue: The issue.
        content_hash: The hash of what the approver read.
        approver: Who says yes.
        now: The time it is given.
        via: How it was given: "command line", "link"; "" where nobody had to be asked.

    Raises:
        ApprovalError: No approver is named, the issue has changed since it was read, or the
            approver had a hand in it where another person must approve.
    """
    approver = " ".join(approver.split())
    if not 0 < len(approver) <= 200:
        fault = "the approver's name is too long" if approver else "nobody is named as approver"
        raise ApprovalError(fault, mend="Say who approves: --by NAME.")
    current = Issue.objects.select_related("campaign").get(pk=issue.pk)
    variant = Variant.objects.filter(issue=issue, content_hash=content_hash).first()
    if current.content_hash != content_hash and variant is None:
        raise ApprovalError(
            f"{issue} has changed since it was read", mend="Read it again, then approve it."
        )
    text: Text = variant or current
    refuse_own(text, approver)
    approval, created = Approval.objects.get_or_create(
        issue=issue,
        content_hash=content_hash,
        defaults={"approver": approver, "via": via, "created_at": now},
    )
    if created:
        note_approved(text, approver=approver, via=via, now=now)
    _take_back(text, approver)
    return approval


def _take_back(text: Text, approver: str) -> None:
    """Who sent a text back and now says yes to it has thought better of it."""
    who, _, _ = text.held.removeprefix(SENT_BACK).partition(":")
    if text.held.startswith(SENT_BACK) and folded(who) == folded(approver):
        type(text).objects.filter(pk=text.pk, held=text.held).update(held="")


def approval_of(text: Text) -> Approval | None:
    """The yes an issue, or a variant, has for the very hash it has now."""
    given = Approval.objects.filter(issue=part_of(text), content_hash=text.content_hash)
    return given.first()


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
