"""What a person does to a campaign. Each takes effect at the next claim: the gate asks anew."""

import datetime as dt

from django.db import transaction

from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import Campaign, Issue
from pipeline.errors import ApprovalError, SettingError

State = Campaign.State


def find(article: str) -> Campaign:
    """The campaign of an article.

    Raises:
        SettingError: There is none.
    """
    campaign = Campaign.objects.filter(article=article).order_by("pk").last()
    if campaign is None:
        known = ", ".join(Campaign.objects.order_by("pk").values_list("article", flat=True))
        mend = f"There are: {known}." if known else "Run `meridian run` first."
        raise SettingError(f"there is no campaign of {article!r}", mend=mend)
    return campaign


@transaction.atomic
def approve_issues(
    *, article: str, approver: str, now: dt.datetime, part: int | None = None
) -> list[Issue]:
    """Say yes to one part, or to all parts that have not gone out, exactly as they are now.

    Raises:
        ApprovalError: There is no such part, or it has gone out.
    """
    waiting = find(article).issues.filter(state=Issue.State.SCHEDULED).order_by("part")
    issues = list(waiting if part is None else waiting.filter(part=part))
    if not issues:
        what = "part of this article" if part is None else f"part {part}"
        raise ApprovalError(f"no {what} waits", mend="`meridian campaign show` lists what does.")
    for issue in issues:
        hash_ = issue.content_hash
        approve(issue=issue, content_hash=hash_, approver=approver, now=now, via="command line")
    return issues


def pause(*, article: str) -> Campaign:
    """Send nothing more of it until it is resumed: at most the batch under way goes out."""
    return _move(article, State.ACTIVE, State.PAUSED)


def resume(*, article: str) -> Campaign:
    """Let a paused campaign go on."""
    return _move(article, State.PAUSED, State.ACTIVE)


@transaction.atomic
def cancel(*, article: str) -> Campaign:
    """Call off everything that has not gone out, for good."""
    campaign = find(article)
    Campaign.objects.filter(pk=campaign.pk).update(state=State.CANCELLED)
    campaign.issues.filter(state=Issue.State.SCHEDULED).update(state=Issue.State.CANCELLED)
    return campaign


def _move(article: str, before: State, after: State) -> Campaign:
    campaign = find(article)
    if not Campaign.objects.filter(pk=campaign.pk, state=before).update(state=after):
        raise SettingError(
            f"the campaign is {campaign.state}, not {before}",
            mend="`meridian campaign show` says how it stands.",
        )
    return campaign
