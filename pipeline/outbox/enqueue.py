"""From a due issue to one delivery for each reader, exactly once, however often it is tried."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, QuerySet, Value, When
from django.db.models.expressions import Combinable

from pipeline.audience.models import Subscription
from pipeline.audience.reach import exclusion
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.trials import Trial
from pipeline.outbox.languages import language_of
from pipeline.outbox.rhythm import newsletter_in_force, rhythm_of
from pipeline.outbox.trials import arm, due_by_arm
from pipeline.outbox.waves import Waves, due, waves_of

CHUNK = 20_000

# One row per (issue, subscriber): the unique key makes a second run, or a second process, change
# nothing. Who is not written to is counted as excluded instead of being left out, so that the sum
# adds up. Who pauses is written to later: the claim gives them a slot after their pause.
_INSERT = """
INSERT INTO pipeline_delivery
    (issue_id, subscriber_id, state, language, arm, due_at, provider_id, reason, changed_at)
SELECT %s, subscriber_id,
    CASE WHEN excluded IN ('', 'paused') THEN 'pending' ELSE 'suppressed' END,
    queued_language, queued_arm, queued_due, '', excluded, %s
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
    waves = waves_of(issue, rhythm_of(issue.newsletter))
    trial = Trial.of(issue)
    mine = Subscription.objects.filter(newsletter=issue.newsletter)
    first = 1
    while (last := _chunk_end(issue.newsletter, first=first)) is not None:
        readers = mine.filter(subscriber__gte=first, subscriber__lte=last)
        queue(issue, readers, waves, now=now, trial=trial)
        first = last + 1
    Issue.objects.filter(pk=issue.pk, state=Issue.State.RELEASING).update(state=Issue.State.SENDING)


def _chunk_end(newsletter: str, *, first: int) -> int | None:
    chunk: dict[str, Any] = {"newsletter": newsletter, "after": first - 1, "chunk": CHUNK}
    with connection.cursor() as cursor:
        cursor.execute(_CHUNK_END, chunk)
        last: int | None = cursor.fetchone()[0]
    return last


def queue(
    issue: Issue,
    readers: QuerySet[Subscription],
    waves: Waves,
    *,
    now: dt.datetime,
    trial: Trial | None = None,
) -> int:
    """Insert a delivery for each of these subscriptions that has none of the issue yet.

    The approval stands in the statement itself, so that no path leads round it.

    Args:
        issue: An issue that was released.
        readers: Subscriptions of its newsletter; who is on the list no more is passed over.
        waves: When it is due for them.
        now: The time.
        trial: The trial they take part in; None for who gets what has won.

    Returns:
        How many were inserted.
    """
    begun = [Issue.State.RELEASING, Issue.State.SENDING, Issue.State.SENT]
    gate = sendable().filter(pk=issue.pk, state__in=begun)
    digest = issue.campaign.kind == Campaign.Kind.DIGEST
    if digest:
        # Who gets the weekly letters was never meant to get it: they count as nothing.
        readers = readers.filter(frequency=Subscription.Frequency.MONTHLY)
    rows = (
        readers.filter(Exists(gate), state=Subscription.State.ACTIVE)
        .exclude(subscriber__address="")
        .annotate(
            excluded=exclusion(now=now, digest=digest),
            queued_language=language_of(issue, newsletter_in_force(issue.newsletter)),
        )
        .annotate(
            queued_arm=_in_own_language(arm(trial), Value("")) if trial else arm(None),
            queued_due=_in_own_language(due_by_arm(waves, trial), due(waves))
            if trial
            else due(waves),
        )
        .values_list("subscriber_id", "excluded", "queued_language", "queued_arm", "queued_due")
    )
    compiled: tuple[str, tuple[Any, ...]] = rows.query.sql_with_params()
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(readers=compiled[0]), [issue.pk, moment, *compiled[1]])
        inserted: int = cursor.rowcount
    return inserted


def _in_own_language(own: Combinable, other: Combinable) -> Case:
    """What holds of readers of the newsletter's own language: a trial is of its subject alone."""
    return Case(When(queued_language="", then=own), default=other)
