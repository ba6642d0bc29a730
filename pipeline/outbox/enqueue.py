"""From a due issue to one delivery for each reader, exactly once, however often it is tried."""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from pipeline.campaigns.approval import sendable
from pipeline.campaigns.calendar import APART, instant
from pipeline.campaigns.models import Issue

CHUNK = 20_000

# One row per (issue, subscriber): the unique key makes a second run, or a second process, change
# nothing. The approval stands in the statement itself, so that no path leads round it; who has left
# is counted as excluded instead of being left out, so that the sum adds up.
_FILL = """
INSERT INTO pipeline_delivery
    (issue_id, subscriber_id, state, due_at, provider_id, reason, changed_at)
SELECT issue.id, subscriber.id,
    CASE WHEN EXISTS (
        SELECT 1 FROM pipeline_suppression AS suppression
        WHERE suppression.address_hash = subscriber.address_hash
            AND suppression.newsletter IN ('', issue.newsletter)
    ) THEN 'suppressed' ELSE 'pending' END,
    %(due)s, '', '', %(now)s
FROM pipeline_issue AS issue
JOIN pipeline_campaign AS campaign ON campaign.id = issue.campaign_id AND campaign.state = 'active'
JOIN pipeline_approval AS approval
    ON approval.issue_id = issue.id AND approval.content_hash = issue.content_hash
JOIN pipeline_subscription AS subscription
    ON subscription.newsletter = issue.newsletter AND subscription.state = 'active'
JOIN pipeline_subscriber AS subscriber
    ON subscriber.id = subscription.subscriber_id AND subscriber.address <> ''
WHERE issue.id = %(issue)s AND issue.state = 'releasing'
    AND subscriber.id BETWEEN %(first)s AND %(last)s
ON CONFLICT (issue_id, subscriber_id) DO NOTHING
"""

# The upper end of the next chunk, so that chunks are equally large whatever gaps the numbers have.
_CHUNK_END = """
SELECT MAX(id) FROM (
    SELECT subscriber_id AS id FROM pipeline_subscription
    WHERE newsletter = %(newsletter)s AND state = 'active' AND subscriber_id > %(after)s
    ORDER BY subscriber_id LIMIT %(chunk)s
) AS chunk
"""


def release(*, now: dt.datetime) -> list[Issue]:
    """Queue every issue that is due, and go on with any whose queueing was cut short.

    An issue is due when its slot has come, it is approved and its campaign active, and the last
    issue of its newsletter is at least six days old: at most one a week, whatever happens.

    Returns:
        The issues queued by this call.
    """
    begun = [issue for issue in _due(now) if _begin(issue, now=now)]
    for issue in Issue.objects.filter(state=Issue.State.RELEASING).order_by("pk"):
        _fill(issue, now=now)
    return begun


def finish() -> None:
    """Call sent every issue of which nothing waits any more."""
    sending = Issue.objects.filter(state=Issue.State.SENDING)
    sending.exclude(deliveries__state__in=["pending", "claimed"]).update(state=Issue.State.SENT)


def _due(now: dt.datetime) -> list[Issue]:
    waiting = sendable().filter(state=Issue.State.SCHEDULED).order_by("slot", "pk")
    return [issue for issue in waiting if due_at(issue) <= now]


def due_at(issue: Issue) -> dt.datetime:
    """The instant an issue's slot stands for today, UTC."""
    return instant(dt.datetime.fromisoformat(issue.slot), issue.time_zone)


@transaction.atomic
def _begin(issue: Issue, *, now: dt.datetime) -> bool:
    """Move one issue from scheduled to releasing; False if another process was first."""
    # Two schedulers must not release two issues of one newsletter side by side: the second waits
    # here for the first one's commit, and sees it in the queries below.
    scheduled = Issue.objects.filter(newsletter=issue.newsletter, state=Issue.State.SCHEDULED)
    list(scheduled.select_for_update().order_by("pk").values_list("pk"))
    lately = Issue.objects.filter(newsletter=issue.newsletter, released_at__gt=now - APART)
    if lately.exists() or not sendable().filter(pk=issue.pk).exists():
        return False
    # No join in this WHERE: PostgreSQL asks a subquery again with the old snapshot.
    mine = scheduled.filter(pk=issue.pk)
    return bool(mine.update(state=Issue.State.RELEASING, released_at=now))


def _fill(issue: Issue, *, now: dt.datetime) -> None:
    """Insert the deliveries in chunks: other writers get their turn between two of them."""
    values: dict[str, Any] = {
        "issue": issue.pk,
        "newsletter": issue.newsletter,
        "due": _adapted(due_at(issue)),
        "now": _adapted(now),
        "chunk": CHUNK,
    }
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_CHUNK_END, {**values, "after": after})
            (last,) = cursor.fetchone()
            if last is None:
                break
            cursor.execute(_FILL, {**values, "first": after + 1, "last": last})
            after = last
    Issue.objects.filter(pk=issue.pk, state=Issue.State.RELEASING).update(state=Issue.State.SENDING)


def _adapted(moment: dt.datetime) -> object:
    """A time as this database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)
