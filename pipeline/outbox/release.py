"""Which issues begin to go out now: those whose slot has come, approved, one a week."""

import datetime as dt

from django.db import transaction

from pipeline.campaigns.approval import sendable
from pipeline.campaigns.calendar import APART
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.enqueue import fill
from pipeline.outbox.waves import has_come


def release(*, now: dt.datetime) -> list[Issue]:
    """Queue every issue that is due, and go on with any whose queueing was cut short.

    An issue is due when its slot has come, it is approved and its campaign active, and the last
    issue of its newsletter is at least six days old: at most one a week, whatever happens.

    Returns:
        The issues queued by this call.
    """
    begun = [issue for issue in _due(now) if _begin(issue, now=now)]
    for issue in Issue.objects.filter(state=Issue.State.RELEASING).order_by("pk"):
        fill(issue, now=now)
    return begun


def finish() -> None:
    """Call sent every issue of which nothing waits any more."""
    sending = Issue.objects.filter(state=Issue.State.SENDING)
    sending.exclude(deliveries__state__in=["pending", "claimed"]).update(state=Issue.State.SENT)


def _due(now: dt.datetime) -> list[Issue]:
    waiting = sendable().filter(state=Issue.State.SCHEDULED).exclude(slot="")
    return [issue for issue in waiting.order_by("slot", "pk") if has_come(issue, now=now)]


@transaction.atomic
def _begin(issue: Issue, *, now: dt.datetime) -> bool:
    """Move one issue from scheduled to releasing; False if another process was first."""
    # Two schedulers must not release two issues of one newsletter side by side: the second waits
    # here for the first one's commit, and sees it in the queries below.
    scheduled = Issue.objects.filter(newsletter=issue.newsletter, state=Issue.State.SCHEDULED)
    list(scheduled.select_for_update().order_by("pk").values_list("pk"))
    lately = Issue.objects.filter(newsletter=issue.newsletter, released_at__gt=now - APART)
    # Welcomes and digests go to people in their own time: the claim keeps their week.
    lately = lately.exclude(campaign__kind__in=[Campaign.Kind.WELCOME, Campaign.Kind.DIGEST])
    if lately.exists() or not sendable().filter(pk=issue.pk).exists():
        return False
    # No join in this WHERE: PostgreSQL asks a subquery again with the old snapshot.
    mine = scheduled.filter(pk=issue.pk)
    return bool(mine.update(state=Issue.State.RELEASING, released_at=now))
