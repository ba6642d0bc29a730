"""Queueing: exactly one delivery for each reader, only of what is approved, however often."""

import datetime as dt
import threading

import pytest
from django.db import connection

from pipeline.audience.models import Subscription, Suppression
from pipeline.audience.suppression import suppress
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox import enqueue
from pipeline.outbox.counts import counts
from pipeline.outbox.models import Delivery
from pipeline.outbox.release import finish, release
from tests import factories
from tests.factories import NOW
from tests.outbox.steps import states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def scheduled(**options: object) -> Issue:
    return factories.issue(state=Issue.State.SCHEDULED, **options)  # type: ignore[arg-type]


def readers(number: int) -> None:
    for index in range(number):
        factories.subscriber(f"reader-{index}@example.com")


def test_a_due_issue_gets_one_delivery_for_each_active_subscriber() -> None:
    issue = scheduled()
    readers(3)
    factories.subscriber("unsure@example.com", state=Subscription.State.PENDING)
    factories.subscriber("gone@example.com", state=Subscription.State.LEFT)
    factories.subscriber("other@example.com", newsletter="monthly")

    assert release(now=NOW) == [issue]

    addresses = Delivery.objects.values_list("subscriber__address", flat=True)
    assert sorted(addresses) == [f"reader-{index}@example.com" for index in range(3)]
    assert states() == {"pending": 3}
    issue.refresh_from_db()
    assert (issue.state, issue.released_at) == (Issue.State.SENDING, NOW)


def test_an_issue_is_not_released_before_its_slot() -> None:
    scheduled()
    readers(1)

    assert release(now=NOW - dt.timedelta(seconds=1)) == []
    assert Delivery.objects.count() == 0


def test_a_slot_is_compared_on_the_clock_of_its_zone() -> None:
    issue = scheduled()
    Issue.objects.update(slot="2026-03-03T10:00", time_zone="America/New_York")
    readers(1)

    assert release(now=NOW - dt.timedelta(minutes=1)) == []
    assert release(now=NOW) == [issue]


def test_an_unapproved_issue_is_never_queued() -> None:
    scheduled(approved=False)
    readers(2)

    assert release(now=NOW) == []
    assert Delivery.objects.count() == 0


def test_one_changed_character_closes_the_gate() -> None:
    """S31: the approval was given to another text."""
    issue = scheduled()
    readers(2)
    Issue.objects.filter(pk=issue.pk).update(content_hash="f" * 64)

    assert release(now=NOW) == []
    assert Delivery.objects.count() == 0


def test_the_queueing_statement_itself_asks_for_the_approval() -> None:
    """Promise 3: even an issue that is somehow being released gets no delivery without it."""
    issue = factories.issue(state=Issue.State.RELEASING, approved=False)
    readers(2)

    release(now=NOW)

    assert Delivery.objects.filter(issue=issue).count() == 0


@pytest.mark.parametrize("state", [Campaign.State.PAUSED, Campaign.State.CANCELLED])
def test_a_stopped_campaign_queues_nothing(state: Campaign.State) -> None:
    scheduled()
    readers(2)
    Campaign.objects.update(state=state)

    assert release(now=NOW) == []
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("newsletter", ["", "weekly"])
def test_who_left_is_counted_as_excluded(newsletter: str) -> None:
    issue = scheduled()
    readers(2)
    left = factories.subscriber("left@example.com")
    suppress(
        address_hash=left.address_hash,
        newsletter=newsletter,
        reason=Suppression.Reason.UNSUBSCRIBED,
        now=NOW,
    )

    release(now=NOW)

    assert states() == {"pending": 2, "suppressed": 1}
    assert counts()[issue.pk].excluded == 1


def test_who_left_another_newsletter_still_gets_this_one() -> None:
    scheduled()
    reader = factories.subscriber()
    suppress(
        address_hash=reader.address_hash,
        newsletter="monthly",
        reason=Suppression.Reason.UNSUBSCRIBED,
        now=NOW,
    )

    release(now=NOW)

    assert states() == {"pending": 1}


def test_an_erased_person_gets_no_delivery() -> None:
    scheduled()
    erased = factories.subscriber()
    erased.address = ""
    erased.save()

    release(now=NOW)

    assert Delivery.objects.count() == 0


def test_queueing_in_chunks_gives_each_reader_one_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enqueue, "CHUNK", 2)
    scheduled()
    readers(5)

    release(now=NOW)

    assert Delivery.objects.count() == 5


def test_queueing_cut_short_is_gone_on_with_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PAINS 11: what a process that dies between two chunks leaves, the next pass finishes."""
    monkeypatch.setattr(enqueue, "CHUNK", 2)
    issue = factories.issue(state=Issue.State.RELEASING)
    readers(5)
    first = Subscription.objects.order_by("pk").first()
    assert first is not None
    factories.delivery(issue, first.subscriber, state=Delivery.State.ACCEPTED)

    assert release(now=NOW) == []

    issue.refresh_from_db()
    assert issue.state == Issue.State.SENDING
    assert states() == {"accepted": 1, "pending": 4}


def test_releasing_twice_changes_nothing() -> None:
    scheduled()
    readers(3)

    release(now=NOW)
    before = list(Delivery.objects.order_by("pk").values())

    assert release(now=NOW) == []
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_a_newsletter_sends_at_most_one_issue_in_six_days() -> None:
    first, second = scheduled(part=1), scheduled(part=2)
    readers(1)

    assert release(now=NOW) == [first]
    assert release(now=NOW + dt.timedelta(days=5, hours=23)) == []
    assert release(now=NOW + dt.timedelta(days=6)) == [second]


def test_newsletters_do_not_wait_for_each_other() -> None:
    scheduled(part=1)
    scheduled(part=2, newsletter="monthly")

    assert len(release(now=NOW)) == 2


def test_two_schedulers_at_once_start_an_issue_once() -> None:
    """X7, small: each of ten rounds has one start, whoever wins."""
    readers(3)
    for part in range(1, 11):
        issue = scheduled(part=part)
        now = NOW + dt.timedelta(days=7 * part)
        begun: list[Issue] = []

        def schedule(now: dt.datetime = now, begun: list[Issue] = begun) -> None:
            begun.extend(release(now=now))
            connection.close()

        threads = [threading.Thread(target=schedule) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert begun == [issue]
        assert Delivery.objects.filter(issue=issue).count() == 3


def test_an_issue_is_sent_when_nothing_waits() -> None:
    issue = factories.queued_issue(2)

    finish()
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENDING

    Delivery.objects.update(state=Delivery.State.ACCEPTED)
    finish()
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT
