"""No query of a sender reads a table from end to end, however much stands in it (X18, Q4)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from pipeline.engine.passes import send_one
from pipeline.outbox.models import Delivery
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

GROWING = "batch|delivery|subscriber|subscription|suppression|rejoin|consent|part"


def plans_of(act: Callable[[], object]) -> dict[str, str]:
    """The plan of each query an act makes, by its text."""
    asked: dict[str, Any] = {}

    def keep(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "INSERT")):
            asked.setdefault(sql, params)
        return execute(sql, params, *rest)

    with connection.execute_wrapper(keep):
        act()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    plans = {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of small tables it reads all, and would not say what it does with large ones.
            cursor.execute("SET enable_seqscan = off")
        for sql, params in asked.items():
            cursor.execute(f"{explain} {sql}", params)
            plans[sql] = "\n".join(str(row[-1]) for row in cursor.fetchall())
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_seqscan")
    return plans


@pytest.mark.parametrize("times", [1, 3])
def test_no_query_of_a_sender_reads_a_whole_table(times: int) -> None:
    factories.queued_issue(40)
    channel = ListChannel(batch_size=10)
    for _ in range(times - 1):
        send_one(channel, owner="a", now=NOW)

    plans = plans_of(lambda: send_one(channel, owner="a", now=NOW))

    assert Delivery.objects.filter(state="accepted").count() == 10 * times
    assert len(plans) > 10
    whole = rf"SCAN pipeline_(?:{GROWING})(?! USING)|Seq Scan on pipeline_(?:{GROWING})\b"
    assert {sql: plan for sql, plan in plans.items() if re.search(whole, plan)} == {}
