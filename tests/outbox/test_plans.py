"""No claim reads a whole table: of a hundred thousand deliveries it touches those it takes."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.audience.models import Subscriber, Subscription
from pipeline.outbox.claim import claim
from pipeline.outbox.models import Delivery
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.weeks import clinic

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

READERS = 100_000
_LARGE = ("pipeline_delivery", "pipeline_subscription", "pipeline_subscriber")

# Deliveries of an issue of last week, sent, and of one that is sent now, of which most wait: some
# for a later wave.
_DELIVERIES = """
INSERT INTO pipeline_delivery
    (issue_id, subscriber_id, state, language, arm, due_at, sent_at, provider_id, reason,
     changed_at)
SELECT %s, id, %s, '', '', CASE WHEN id %% 2 = 0 THEN %s ELSE %s END, %s, '', '', created_at
FROM pipeline_subscriber
"""


def filled() -> None:
    """Two issues of a newsletter with a hundred thousand readers."""
    clinic()
    with connection.cursor() as cursor:
        adapt = connection.ops.adapt_datetimefield_value
        now, later, ago = (
            adapt(NOW + dt.timedelta(days=days, hours=hours))
            for days, hours in ((0, 0), (0, 9), (-7, 0))
        )
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            "INSERT INTO pipeline_subscriber (address, address_hash, name, language, time_zone,"
            " fields, created_at) SELECT 'r' || i || '@example.com', CAST(i AS varchar(64)), '',"
            " '', '', '{}', %s FROM n",
            [READERS, now],
        )
        cursor.execute(
            "INSERT INTO pipeline_subscription (subscriber_id, newsletter, state, changed_at,"
            " frequency, tracking) SELECT id, 'weekly', 'active', created_at, 'every', %s"
            " FROM pipeline_subscriber",
            [False],
        )
        before = factories.issue(part=1, now=NOW - dt.timedelta(days=7))
        issue = factories.issue(part=2)
        cursor.execute(_DELIVERIES, [before.pk, "accepted", ago, ago, ago])
        cursor.execute(_DELIVERIES, [issue.pk, "pending", now, later, None])
        # A few of last week's wait still: they come before this week's for their people.
        Delivery.objects.filter(issue=before, subscriber_id__gt=READERS - 500).update(
            state="pending", sent_at=None, due_at=NOW + dt.timedelta(days=7)
        )
        cursor.execute("ANALYZE")


def scans(query: str) -> list[str]:
    """The large tables a statement reads from end to end."""
    found = _scanned_by_postgresql if connection.vendor == "postgresql" else _scanned_by_sqlite
    return [f"{table}: {query}" for table in found(query) if table in _LARGE]


def _scanned_by_postgresql(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
    return re.findall(r"Seq Scan on (\w+)", plan)


def _scanned_by_sqlite(query: str) -> list[str]:
    """By its program: a cursor on a table, or an index, that is set to the beginning or the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage, tbl_name FROM sqlite_master")
        tables = dict(cursor.fetchall())
        cursor.execute(f"EXPLAIN {query}")
        program = cursor.fetchall()
    opening = {"OpenRead", "OpenWrite"}
    opened = {row[2]: tables.get(row[3], "") for row in program if row[1] in opening}
    return [opened.get(row[2], "") for row in program if row[1] in {"Rewind", "Last"}]


def test_a_claim_scans_no_large_table() -> None:
    filled()
    with CaptureQueriesContext(connection) as asked:
        batch = claim(ListChannel(batch_size=500), owner="a", now=NOW)
    assert batch is not None
    assert batch.deliveries.count() == 500
    verbs = ("SELECT", "UPDATE")
    queries = [each["sql"] for each in asked.captured_queries if each["sql"].startswith(verbs)]
    assert len(queries) > 8
    assert [scan for query in queries for scan in scans(query)] == []
    assert Subscription.objects.count() == Subscriber.objects.count() == READERS
