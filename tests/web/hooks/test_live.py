"""Webhooks over real HTTP: many at once, and large ones (S20, X12)."""

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.audience.models import Suppression
from pipeline.events.models import Event, SpentToken
from pipeline.events.take import LARGEST_BODY
from pipeline.outbox.models import Batch, Delivery
from tests.events.words import sent
from tests.web.hooks.providers import (
    Sent,
    brevo_event,
    mailgun,
    mailgun_event,
    plain,
    sparkpost_event,
)
from tests.web.server import served

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def post(port: int, call: Sent) -> int:
    """Make a call; gives the status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": call.content_type, **call.headers}
    line.request("POST", f"/hooks/{call.provider}/", call.body, headers)
    status = line.getresponse().status
    line.close()
    return status


def test_ten_at_once_are_one_x12() -> None:
    letter = sent()
    Batch.objects.update(channel="brevo")
    call = plain("brevo", brevo_event("spam"))
    with served() as port, ThreadPoolExecutor(10) as pool:
        statuses = set(pool.map(lambda _: post(port, call), range(10)))
    # A provider that lost a race in the database calls again.
    assert statuses <= {200, 500}
    assert 200 in statuses
    assert (Event.objects.count(), Suppression.objects.count()) == (1, 1)
    letter.refresh_from_db()
    assert letter.state == Delivery.State.COMPLAINED


def test_a_token_used_ten_times_at_once_counts_once_s20() -> None:
    sent()
    call = mailgun(mailgun_event("complained"))
    with served() as port, ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda _: post(port, call), range(10)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 406, 500}
    assert (SpentToken.objects.count(), Event.objects.count()) == (1, 1)


def test_a_call_of_a_thousand_events_is_taken_whole() -> None:
    told = [sparkpost_event("delivery", transmission_id=f"t{number}") for number in range(1_000)]
    with served() as port:
        assert post(port, plain("sparkpost", told)) == 200
        too_large = Sent(provider="sparkpost", body=b" " * (LARGEST_BODY + 1), headers={})
        too_large.headers = plain("sparkpost", None).headers
        assert post(port, too_large) == 413
    assert Event.objects.filter(state="orphan").count() == 1_000
