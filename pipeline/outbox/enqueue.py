"""From a due issue to one delivery for each reader, exactly once, however often it is tried."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists

from pipeline.audience.models import Subscription
from pipeline.audience.reach import exclusion
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.calendar import APART, instant
from pipeline.campaigns.models import Issue

CHUNK = 20_000

# One row per (issue, subscriber): the unique key makes a second run, or a second process, change
# nothing. Who is not written to is counted as excluded instead of being left out, so that the sum
# adds up.
_INSERT = """
INSERT INTO pipeline_delivery
    (issue_id, subscriber_id, state, due_at, provider_id, reason, changed_at)
SELECT %s, subscriber_id, CASE WHEN excluded = '' THEN 'pending' ELSE 'suppressed' END,
    %s, '', excluded, %s
FROM ({readers}) AS reader
WHERE TRUE
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
    due, moment = _adapted(due_at(issue)), _adapted(now)
    chunk: dict[str, Any] = {"newsletter": issue.newsletter, "chunk": CHUNK}
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_CHUNK_END, {**chunk, "after": after})
            (last,) = cursor.fetchone()
            if last is None:
                break
            readers, parameters = _readers(issue, first=after + 1, last=last, now=now)
            values = [issue.pk, due, moment, *parameters]
            cursor.execute(_INSERT.format(readers=readers), values)
            after = last
    Issue.objects.filter(pk=issue.pk, state=Issue.State.RELEASING).update(state=Issue.State.SENDING)


def _readers(
    issue: Issue, *, first: int, last: int, now: dt.datetime
) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives these subscribers, and why one of them is excluded.

    The approval stands in the statement itself, so that no path leads round it.
    """
    gate = sendable().filter(pk=issue.pk, state=Issue.State.RELEASING)
    readers = (
        Subscription.objects.filter(
            Exists(gate),
            newsletter=issue.newsletter,
            state=Subscription.State.ACTIVE,
            subscriber__gte=first,
            subscriber__lte=last,
        )
        .exclude(subscriber__address="")
        .annotate(excluded=exclusion(now=now))
        .values_list("subscriber_id", "excluded")
    )
    compiled: tuple[str, tuple[Any, ...]] = readers.query.sql_with_params()
    return compiled


def _adapted(moment: dt.datetime) -> object:
    """A time as this database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)
