"""Scheduling: a proposal becomes a campaign that sends."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from pipeline.campaigns.acts import find
from pipeline.campaigns.approval import approval_of
from pipeline.campaigns.four_eyes import folded
from pipeline.campaigns.keeping import approve_unasked
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Campaign, Issue
from pipeline.errors import ApprovalError, CheckError, SettingError
from pipeline.values import Finding, Newsletter


def refuse(findings: Iterable[Finding], *, confirmed: bool) -> None:
    """Refuse what errors stop, and what a person must confirm; all of it is told.

    Raises:
        CheckError: There is an error, or a warning that nobody has confirmed.
    """
    stopping = [f for f in findings if f.stops or (f.level == "warning" and not confirmed)]
    if stopping:
        told = "; ".join(f"{f.where}: {f.message}. {f.suggestion.rstrip('.')}" for f in stopping)
        raise CheckError(told)


@transaction.atomic
def schedule(*, article: str, newsletter: Newsletter, actor: str, now: dt.datetime) -> Campaign:
    """Let a planned campaign send what is approved, in its slots.

    Raises:
        SettingError: It is not planned, or nobody is named.
        ApprovalError: Who schedules it approved a part that another person must approve.
    """
    campaign = Campaign.objects.select_for_update().get(pk=find(article).pk)
    if campaign.state != Campaign.State.PLANNED:
        raise SettingError(
            f"the campaign is {campaign.state}, not planned",
            mend="`meridian campaign show` says how it stands.",
        )
    if not actor.strip():
        raise SettingError("nobody is named who schedules it", mend="Say who: --by NAME.")
    waiting = list(campaign.issues.filter(state=Issue.State.SCHEDULED).order_by("part"))
    if not campaign.planned_by:
        _refuse_own(waiting, actor)
    campaign.state = Campaign.State.ACTIVE
    campaign.planned_by = campaign.planned_by or actor[:200]
    campaign.save(update_fields=["state", "planned_by"])
    approve_unasked(waiting, newsletter, actor=actor, now=now)
    hashes = {str(issue.part): issue.content_hash for issue in waiting}
    told = f"Scheduled: {len(waiting)} of its issues wait for their slots."
    note("scheduled", told, actor=actor, now=now, campaign=campaign, hashes=hashes)
    return campaign


def _refuse_own(waiting: Iterable[Issue], actor: str) -> None:
    """Refuse to make a planner of who approved already, where another person must approve (S31)."""
    for issue in waiting:
        given = approval_of(issue) if issue.four_eyes else None
        if given and folded(given.approver) == folded(actor):
            raise ApprovalError(
                f"{actor} approved part {issue.part} and cannot schedule it, too: "
                "this newsletter wants four eyes",
                mend="Let another person schedule it: --by NAME.",
            )
