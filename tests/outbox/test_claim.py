"""Claiming: whom a batch holds, what is frozen in it, and who may have it."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import override_settings

from pipeline.audience.keys import Keys
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.claim import claim, lease_length
from pipeline.outbox.frozen import letter_of, payload_sha256
from pipeline.outbox.letter import Safety
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.steps import states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def addresses(batch: Batch | None) -> list[str]:
    assert batch is not None
    return [recipient.address for recipient in letter_of(batch).recipients]


def test_a_batch_takes_what_is_due_up_to_the_channels_size() -> None:
    factories.queued_issue(5)

    batch = claim(ListChannel(batch_size=3), owner="a", now=NOW)

    assert addresses(batch) == [f"reader-{index}@example.com" for index in range(3)]
    assert states() == {"claimed": 3, "pending": 2}


def test_a_batch_may_have_more_than_a_thousand_readers() -> None:
    """Where SQLite gives up on a condition that is too deep."""
    factories.queued_issue(1_050)
    batch = claim(ListChannel(batch_size=1_050), owner="a", now=NOW)
    assert batch is not None
    assert states() == {"claimed": 1_050}


def test_nothing_due_gives_no_batch() -> None:
    factories.queued_issue(2)

    assert claim(ListChannel(), owner="a", now=NOW - dt.timedelta(seconds=1)) is None
    assert Batch.objects.count() == 0


def test_two_claims_share_no_delivery() -> None:
    factories.queued_issue(5)
    channel = ListChannel(batch_size=3)

    first, second = claim(channel, owner="a", now=NOW), claim(channel, owner="b", now=NOW)

    assert set(addresses(first)) & set(addresses(second)) == set()
    assert claim(channel, owner="c", now=NOW) is None


def test_a_batch_holds_one_issue_only() -> None:
    first, second = factories.issue(part=1), factories.issue(part=2)
    reader = factories.subscriber()
    for issue in (first, second):
        factories.delivery(issue, reader)

    batch = claim(ListChannel(), owner="a", now=NOW)

    assert batch is not None
    assert batch.issue == first
    assert addresses(batch) == ["ana@example.com"]


def test_issues_take_turns() -> None:
    """A newsletter of many readers keeps none of few waiting."""
    factories.queued_issue(6)
    few = factories.issue(article="sleep", newsletter="monthly", now=NOW + dt.timedelta(minutes=5))
    factories.delivery(few, factories.subscriber("zoe@example.com", newsletter="monthly"))

    later = NOW + dt.timedelta(minutes=10)
    batches = [claim(ListChannel(batch_size=2), owner="a", now=later) for _ in range(4)]

    assert [batch and batch.issue == few for batch in batches] == [False, True, False, False]


def test_a_claim_may_say_at_once_that_the_call_begins() -> None:
    """I2: in one commit; what comes after a crash is what comes after one in the call."""
    factories.queued_issue(2)

    batch = claim(ListChannel(), owner="a", now=NOW, begins=True)

    assert batch is not None
    kept = Batch.objects.get(pk=batch.pk)
    assert kept.state == Batch.State.SUBMITTING
    assert (kept.submissions, kept.first_submit_at, kept.last_submit_at) == (1, NOW, NOW)
    assert letter_of(kept) == letter_of(batch)


def test_where_nobody_can_tell_afterwards_the_call_begins_as_late_as_can_be() -> None:
    """Class c: a crash before the call leaves a batch that may be handed over."""
    factories.queued_issue(2)
    claim(ListChannel(safety=Safety.NEITHER), owner="a", now=NOW, begins=True)
    assert Batch.objects.get().state == Batch.State.CLAIMED


def test_who_left_after_queueing_is_not_in_the_batch() -> None:
    """D11, I7: suppression is asked again in the claim transaction."""
    factories.queued_issue(3)
    leaver = Subscriber.objects.get(address="reader-1@example.com")
    unsubscribe(subscriber_id=leaver.pk, newsletter="weekly", now=NOW)

    batch = claim(ListChannel(), owner="a", now=NOW)

    assert addresses(batch) == ["reader-0@example.com", "reader-2@example.com"]
    assert states() == {"claimed": 2, "suppressed": 1}


def test_a_queue_of_leavers_only_is_emptied_without_a_batch() -> None:
    factories.queued_issue(5)
    for leaver in Subscriber.objects.all():
        unsubscribe(subscriber_id=leaver.pk, newsletter="weekly", now=NOW)

    assert claim(ListChannel(batch_size=2), owner="a", now=NOW) is None
    assert states() == {"suppressed": 5}


def test_an_erased_person_is_not_written_to() -> None:
    factories.queued_issue(1)
    Subscriber.objects.update(address="")

    assert claim(ListChannel(), owner="a", now=NOW) is None
    assert states() == {"suppressed": 1}


@pytest.mark.parametrize("name", ["Ana\r\nBcc: all@example.com", "Ana\x00", "Ana\u2028x"])
def test_a_name_that_would_end_a_header_is_refused(name: str) -> None:
    """S14: before any channel sees it. PostgreSQL itself takes no NUL."""
    if "\x00" in name and connection.vendor == "postgresql":
        name = name.replace("\x00", "\x01")
    issue = factories.issue()
    factories.delivery(issue, factories.subscriber(name=name))

    assert claim(ListChannel(), owner="a", now=NOW) is None
    assert Delivery.objects.get().reason == "the name holds a line break"
    assert states() == {"refused": 1}


@pytest.mark.parametrize("state", [Campaign.State.PAUSED, Campaign.State.CANCELLED])
def test_a_stopped_campaign_is_not_claimed(state: Campaign.State) -> None:
    """X15: no new batch after the commit that stopped it."""
    factories.queued_issue(2)
    Campaign.objects.update(state=state)

    assert claim(ListChannel(), owner="a", now=NOW) is None
    assert states() == {"pending": 2}


def test_a_voided_approval_stops_the_claim() -> None:
    """I7, promise 3."""
    factories.queued_issue(2)
    Issue.objects.update(content_hash="e" * 64)

    assert claim(ListChannel(), owner="a", now=NOW) is None
    assert states() == {"pending": 2}


def test_the_frozen_letter_says_all_that_will_be_sent() -> None:
    """I1: key, parts, merge values, serializer and the hash of the payload."""
    issue = factories.queued_issue(1)
    channel = ListChannel()

    batch = claim(channel, owner="a", now=NOW)

    assert batch is not None
    letter = letter_of(batch)
    assert (letter.subject, letter.html, letter.text) == (
        issue.subject,
        factories.HTML,
        factories.TEXT,
    )
    assert (letter.from_address, letter.list_id) == (
        "letter@harbour-street.example.com",
        "weekly.harbour-street.example.com",
    )
    assert (letter.key, letter.date, batch.serializer) == (batch.key, NOW, channel.serializer)
    assert payload_sha256(channel, letter) == batch.payload_sha256


def test_the_frozen_letter_stays_the_same_when_the_world_changes() -> None:
    """X4, X16, I1: rotated keys, a new name and a new subject do not reach a batch once made."""
    issue = factories.queued_issue(2)
    channel = ListChannel()
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    before = letter_of(batch)

    Subscriber.objects.update(name="Somebody else")
    Issue.objects.filter(pk=issue.pk).update(subject="Another subject")
    rotated = Keys(("another-signing-key-of-enough-length-here", "b" * 40), "c" * 40)
    with override_settings(MERIDIAN_KEYS=rotated, MERIDIAN_URL="https://elsewhere.example.com"):
        after = letter_of(Batch.objects.get(pk=batch.pk))

    assert after == before
    assert payload_sha256(channel, after) == batch.payload_sha256


def test_each_reader_has_an_unsubscribe_address_and_message_id_of_their_own() -> None:
    """D2, D16."""
    factories.queued_issue(3)

    batch = claim(ListChannel(), owner="a", now=NOW)

    assert batch is not None
    recipients = letter_of(batch).recipients
    assert len({r.values["unsubscribe_url"] for r in recipients}) == 3
    assert len({r.message_id for r in recipients}) == 3
    assert all(r.address not in r.values["unsubscribe_url"] for r in recipients)
    assert all(r.message_id.endswith("@harbour-street.example.com") for r in recipients)


def test_a_message_id_is_the_same_whenever_its_delivery_is_claimed() -> None:
    """D16: unchanged on retry."""
    factories.queued_issue(1)
    channel = ListChannel()
    first = claim(channel, owner="a", now=NOW)
    Delivery.objects.update(state=Delivery.State.PENDING, batch=None, sent_at=None)
    second = claim(channel, owner="a", now=NOW)

    assert first is not None
    assert second is not None
    assert [r.message_id for r in letter_of(first).recipients] == [
        r.message_id for r in letter_of(second).recipients
    ]


def test_a_lease_is_longer_than_two_calls_and_by_the_databases_clock() -> None:
    """I4: `now` is March 2026 here; the lease is of today."""
    factories.queued_issue(1)
    channel = ListChannel()

    claim(channel, owner="a", now=NOW)

    assert lease_length(channel) > 2 * channel.timeout
    assert Batch.objects.filter(lease_until__gt=Now()).count() == 1
    assert not Batch.objects.filter(lease_until__gt=Now() + dt.timedelta(minutes=1)).exists()
