"""A welcome: one letter that each newcomer gets once. It has no slot; approved, it is ready."""

import datetime as dt

from django.db.models import Value
from django.db.models.functions import Coalesce

from pipeline.campaigns.approval import sendable
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Campaign, Issue


def begin(*, now: dt.datetime) -> list[Issue]:
    """Make ready every welcome that was approved: who confirms from now on gets it.

    One that was changed is ready again once it is approved again; who came meanwhile gets it then.

    Returns:
        What became ready.
    """
    approved = sendable().filter(state=Issue.State.SCHEDULED, campaign__kind=Campaign.Kind.WELCOME)
    return [issue for issue in approved.select_related("campaign") if _is_begun(issue, now=now)]


def _is_begun(issue: Issue, *, now: dt.datetime) -> bool:
    waiting = Issue.objects.filter(
        pk=issue.pk, state=Issue.State.SCHEDULED, content_hash=issue.content_hash
    )
    begun = waiting.update(
        state=Issue.State.SENDING, released_at=Coalesce("released_at", Value(now))
    )
    if begun:
        told = "the welcome is ready: who confirms from now on gets it"
        note("ready", told, actor=SCHEDULER, now=now, issue=issue)
    return bool(begun)
