"""Two schedulers, ten workers, one due campaign, many rounds: one start, one letter each (X7).

``ROUNDS=1000`` goes as far as the check asks (``make rounds``).
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import Issue
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.campaigns import weeks
from tests.factories import NOW
from tests.home import CHECKOUT
from tests.outbox.rounds import Crew

pytestmark = pytest.mark.database

ROUNDS = int(os.environ.get("ROUNDS", "24"))
READERS = 5


def test_one_start_and_one_letter_each_whoever_is_first_x7(database: str) -> None:
    weeks.clinic()
    for number in range(READERS):
        factories.subscriber(f"reader-{number}@example.com")
    for part in range(1, ROUNDS + 1):
        _scheduled(part)

    begun, taken = _together(database)

    parts = range(1, ROUNDS + 1)
    assert sorted(begun) == list(parts)
    readers = [f"reader-{number}@example.com" for number in range(READERS)]
    assert Counter(taken) == {(part, reader): 1 for part in parts for reader in readers}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    assert Delivery.objects.count() == ROUNDS * READERS
    assert set(Batch.objects.values_list("state", flat=True)) == {"accepted"}
    assert Batch.objects.filter(deliveries__isnull=True).count() == 0


def _scheduled(part: int) -> None:
    slot = NOW.replace(tzinfo=None) - dt.timedelta(hours=5) + dt.timedelta(weeks=part)
    made = weeks.issue(part, slot.isoformat(timespec="minutes"), of=ROUNDS, approved=False)
    made.subject = f"Part {part}"
    made.save()
    approve(issue=made, content_hash=made.content_hash, approver="Mara Ellison", now=NOW)
    assert Issue.objects.filter(part=part).count() == 1


def _together(database: str) -> tuple[list[int], list[tuple[int, str]]]:
    """Threads with connections of their own on PostgreSQL, two processes on SQLite."""
    crew = Crew()
    if connection.vendor == "postgresql":
        crew.run(schedulers=2, workers=10)
        return crew.begun, crew.taken
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.rounds", "1", "5"],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    crew.run(schedulers=1, workers=5)
    begun, taken = json.loads(other.communicate()[0])
    return crew.begun + begun, crew.taken + [(part, address) for part, address in taken]
