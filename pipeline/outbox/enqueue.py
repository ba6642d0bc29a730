"""From a due issue to one delivery for each reader, exactly once, however often it is tried."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Exists

from pipeline.audience.models import Subscription
from pipeline.audience.reach import exclusion
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.calendar import due_at
from pipeline.campaigns.models import Issue

CHUNK = 20_000

# One row per (issue, subscriber): the unique key makes a second run, or a second process, change
# nothing. Who is not written to is counted as excluded instead of being left out, so that the sum
# adds up.
_INSERT = """
INSERT INTO pipeline_delivery
    (issue_id, subscriber_id, state, language, arm, due_at, provider_id, reason, changed_at)
SELECT %s, subscriber_id, CASE WHEN excluded = '' THEN 'pending' ELSE 'suppressed' END,
    '', '', %s, '', excluded, %s
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


def fill(issue: Issue, *, now: dt.datetime) -> None:
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
