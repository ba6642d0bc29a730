"""How rows call themselves in logs: by number and state, never by address (P8)."""

import pytest

from pipeline.outbox.claim import claim
from pipeline.outbox.models import Delivery
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_rows_name_their_number_and_state() -> None:
    factories.queued_issue(1)
    batch = claim(ListChannel(), owner="a", now=NOW)
    assert batch is not None
    delivery = Delivery.objects.get()

    assert str(batch) == f"batch {batch.pk}: claimed"
    assert str(delivery) == f"delivery {delivery.pk}: claimed"
