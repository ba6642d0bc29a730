"""The heartbeat: a living sender keeps its leases, a dead one does not."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from pipeline.outbox.claim import claim
from pipeline.outbox.heartbeat import Heartbeat
from pipeline.outbox.models import Batch
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.steps import LONG_AGO, age_leases

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_a_beat_renews_the_leases_of_its_owner_only() -> None:
    factories.queued_issue(4)
    channel = ListChannel(batch_size=2)
    claim(channel, owner="alive", now=NOW)
    claim(channel, owner="dead", now=NOW)
    age_leases()

    Heartbeat(channel, owner="alive").beat()

    assert [b.owner for b in Batch.objects.filter(lease_until__gt=Now())] == ["alive"]


def test_a_beat_leaves_settled_batches_alone() -> None:
    factories.queued_issue(1)
    channel = ListChannel()
    claim(channel, owner="alive", now=NOW)
    Batch.objects.update(settled_at=NOW, lease_until=LONG_AGO)

    Heartbeat(channel, owner="alive").beat()

    assert Batch.objects.get().lease_until == LONG_AGO


def test_the_thread_beats_and_ends_with_the_block() -> None:
    factories.queued_issue(1)
    channel = ListChannel()
    # A lease so short that a third of it passes at once.
    channel.timeout = dt.timedelta(seconds=-4.9)
    claim(channel, owner="alive", now=NOW)
    before = Batch.objects.get().lease_until

    with Heartbeat(channel, owner="alive") as heartbeat:
        while Batch.objects.get().lease_until == before:
            pass

    assert not heartbeat._thread.is_alive()


def test_a_database_that_is_away_for_a_beat_does_not_end_the_thread() -> None:
    """The next beat comes before the lease ends."""
    factories.queued_issue(1)
    channel = ListChannel()
    claim(channel, owner="alive", now=NOW)
    age_leases()
    heartbeat = Heartbeat(channel, owner="alive")

    def away(*_: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        heartbeat.beat()
    assert not Batch.objects.filter(lease_until__gt=Now()).exists()
    heartbeat.beat()
    assert Batch.objects.filter(lease_until__gt=Now()).exists()
