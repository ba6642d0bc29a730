"""What providers tell in tests, and letters that went out."""

import datetime as dt
from typing import Any

from pipeline.audience.models import Notice
from pipeline.campaigns.models import Issue
from pipeline.outbox.event import ProviderEvent
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.factories import NOW

MINUTE = dt.timedelta(minutes=1)


def batch_of(issue: Issue | None = None, *, key: str = "k" * 32, **changes: Any) -> Batch:
    """A batch that Mailgun was handed and took."""
    made = {"state": Batch.State.ACCEPTED, "settled_at": NOW, "submissions": 1, **changes}
    return Batch.objects.create(
        issue=issue,
        channel="mailgun",
        key=key,
        owner="sender",
        lease_until=NOW,
        serializer="mailgun-2",
        payload_sha256="0" * 64,
        created_at=NOW,
        **made,
    )


def sent(
    state: Delivery.State = Delivery.State.ACCEPTED,
    *,
    address: str = "ana@example.com",
    issue: Issue | None = None,
    provider_id: str = "<1@mg.example.com>",
) -> Delivery:
    """A letter to Ana that Mailgun took, in a batch of its own issue."""
    issue = issue or factories.issue()
    batch = Batch.objects.filter(issue=issue).first() or batch_of(issue)
    made = factories.delivery(issue, factories.subscriber(address), state=state)
    made.batch, made.provider_id, made.sent_at = batch, provider_id, NOW
    made.save()
    return made


def noticed(state: Notice.State = Notice.State.ACCEPTED) -> Notice:
    """A confirmation that Mailgun took."""
    made = factories.notice()
    made.state, made.provider_id = state, "<n@mg.example.com>"
    made.save()
    batch_of(notice=made, key="n" * 32)
    return made


def told(kind: str, *, minutes: float = 1, **changes: Any) -> ProviderEvent:
    """What Mailgun tells of Ana's letter, so many minutes after it was sent."""
    values = {
        "provider": "mailgun",
        "provider_id": "<1@mg.example.com>",
        "address": "ana@example.com",
        "when": NOW + minutes * MINUTE,
    }
    return ProviderEvent(kind=kind, **{**values, **changes})
