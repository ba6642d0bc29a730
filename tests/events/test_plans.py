"""No event reads a whole table: of two hundred thousand deliveries it touches its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.events.models import Event
from pipeline.events.take import take
from pipeline.events.upkeep import purge_events, settle_orphans
from pipeline.events.watch import WINDOW
from pipeline.outbox.models import Batch, Delivery
from tests.audience.test_complaints import key
from tests.events.words import MINUTE, batch_of, told
from tests.factories import NOW
from tests.outbox.test_plans import filled, scans

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database"), pytest.mark.no_cover]

LATER = NOW + 10 * MINUTE


def test_taking_events_scans_no_large_table() -> None:
    filled()
    letter = Delivery.objects.filter(state="accepted").select_related("subscriber").first()
    assert letter is not None
    person, batch = letter.subscriber, batch_of(letter.issue)
    person.address_hash = key("ana@example.com")
    person.save()
    letter.batch, letter.provider_id = batch, "<1@mg.example.com>"
    letter.save()
    kinds = ["accepted", "delivered", "clicked", "bounced", "complained", "unsubscribed"]
    events = [told(kind, code="5.1.1") for kind in kinds]
    events += [told("delivered", batch=batch.key, event_id="b"), told("delivered", batch="x" * 32)]
    events += [told("complained", provider_id="<other@mg>")]
    with CaptureQueriesContext(connection) as asked:
        take(events, now=LATER)
        settle_orphans(now=LATER + MINUTE)
        purge_events(now=LATER)
    verbs = ("SELECT", "UPDATE")
    queries = [each["sql"] for each in asked.captured_queries if each["sql"].startswith(verbs)]
    assert len(queries) > 20
    # The last five hundred letters are read from the end of their index, and no further.
    rest = [query for query in queries if f"DESC LIMIT {WINDOW})" not in query]
    assert len(rest) == len(queries) - 2
    assert [scan for query in rest for scan in scans(query)] == []
    assert (Event.objects.count(), Batch.objects.count()) == (7, 1)
    letter.refresh_from_db()
    assert letter.state == "complained"
