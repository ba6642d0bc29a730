"""Mailgun misbehaves, the queue goes on: nobody gets two, nobody is left out."""

import datetime as dt

import pytest

from pipeline.channels.mailgun import MailgunChannel
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import resume, take_over
from tests import factories
from tests.channels.api_server import Fault
from tests.channels.mailgun_server import MailgunServer
from tests.factories import NOW
from tests.outbox.steps import age_leases, batch_states, frozen, states

GRACE = MailgunChannel.grace
pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

READERS = 5
ONE_EACH = {f"reader-{number}@example.com": 1 for number in range(READERS)}


@pytest.fixture(autouse=True)
def _clock(mailgun: MailgunServer) -> None:
    mailgun.clock = NOW.timestamp


def first_try(channel: MailgunChannel, *, now: dt.datetime = NOW) -> None:
    """Queue an issue and hand over its only batch."""
    factories.queued_issue(READERS)
    batch = claim(channel, owner="first", now=now)
    assert batch is not None
    deliver(batch, channel, now=now)


def go_on(channel: MailgunChannel, *, now: dt.datetime) -> bool:
    """What a sender does next at this time; False if there is nothing."""
    age_leases()
    batch = take_over(channel, owner="second", now=now)
    if batch is not None:
        resume(batch, channel, now=now)
        return True
    batch = claim(channel, owner="second", now=now)
    if batch is not None:
        deliver(batch, channel, now=now)
    return batch is not None


def look_ups(mailgun: MailgunServer) -> int:
    return sum("/events?" in call for call in mailgun.calls)


def test_whole_issue_goes_out_by_one_call(channel: MailgunChannel, mailgun: MailgunServer) -> None:
    first_try(channel)
    assert mailgun.received() == ONE_EACH
    assert states() == {"accepted": READERS}
    assert set(Delivery.objects.values_list("provider_id", flat=True)) == {
        f"<{mailgun.stored[0].id}>"
    }
    assert not go_on(channel, now=NOW + dt.timedelta(days=1))
    assert mailgun.posts() == 1


def test_batch_that_fills_the_call_is_split_by_the_queue(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.batch_size = 2
    first_try(channel)
    while go_on(channel, now=NOW):
        pass
    assert mailgun.received() == ONE_EACH
    assert mailgun.posts() == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, accepts=True),
        Fault(stalls=True, accepts=True),
        Fault(body=b'{"id": "<2026', cuts=True, accepts=True),
        Fault(body=b'{"id": "<2026', accepts=True),
        Fault(body=b"<html>please sign in</html>", accepts=True),
    ],
    ids=["500", "time-out", "reset", "truncated", "html"],
)
def test_answer_lost_after_acceptance_is_found_by_look_up(
    channel: MailgunChannel, mailgun: MailgunServer, fault: Fault
) -> None:
    mailgun.misbehave(fault)
    first_try(channel)
    mailgun.release()
    assert batch_states() == {"unknown": 1}
    assert states() == {"claimed": READERS}
    assert not go_on(channel, now=NOW + GRACE - dt.timedelta(seconds=1))

    assert go_on(channel, now=NOW + GRACE)
    assert batch_states() == {"reconciled": 1}
    assert states() == {"accepted": READERS}
    assert set(Delivery.objects.values_list("provider_id", flat=True)) == {
        f"<{mailgun.stored[0].id}>"
    }

    assert not go_on(channel, now=NOW + 9 * GRACE)
    assert mailgun.received() == ONE_EACH
    assert (mailgun.posts(), look_ups(mailgun)) == (1, 1)


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault(stalls=True), Fault(body=b"{", cuts=True)],
    ids=["500", "time-out", "reset"],
)
def test_call_that_took_nothing_is_looked_up_twice_and_made_again(
    channel: MailgunChannel, mailgun: MailgunServer, fault: Fault
) -> None:
    mailgun.misbehave(fault)
    first_try(channel)
    mailgun.release()

    assert go_on(channel, now=NOW + GRACE)
    assert batch_states() == {"unknown": 1}
    assert go_on(channel, now=NOW + 2 * GRACE)
    assert states() == {"pending": READERS}
    assert (mailgun.posts(), look_ups(mailgun)) == (1, 2)

    assert go_on(channel, now=NOW + 2 * GRACE)
    assert mailgun.received() == ONE_EACH
    assert states() == {"accepted": READERS}
    assert batch_states() == {"reconciled": 1, "accepted": 1}
    assert not go_on(channel, now=NOW + 9 * GRACE)


def test_events_that_come_late_are_found_by_the_second_look_up(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.misbehave(Fault(status=500, accepts=True))
    mailgun.hidden = 1
    first_try(channel)
    assert go_on(channel, now=NOW + GRACE)
    assert states() == {"claimed": READERS}
    assert go_on(channel, now=NOW + 2 * GRACE)
    assert states() == {"accepted": READERS}
    assert not go_on(channel, now=NOW + 9 * GRACE)
    assert mailgun.received() == ONE_EACH


def test_look_up_that_fails_is_asked_again_and_nothing_is_sent_meanwhile(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.misbehave(Fault(status=500, accepts=True), Fault(status=503), Fault(status=401))
    first_try(channel)
    assert go_on(channel, now=NOW + GRACE)
    assert go_on(channel, now=NOW + 2 * GRACE)
    assert states() == {"claimed": READERS}
    assert go_on(channel, now=NOW + 3 * GRACE)
    assert states() == {"accepted": READERS}
    assert mailgun.received() == ONE_EACH


def test_429_is_waited_for_as_long_as_asked_and_then_sent_once(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.misbehave(Fault(status=429, headers={"Retry-After": "600"}))
    first_try(channel)
    assert batch_states() == {"retry": 1}
    assert Batch.objects.get().reason == "Mailgun answered 429."
    assert not go_on(channel, now=NOW + dt.timedelta(seconds=599))
    assert mailgun.received() == {}

    assert go_on(channel, now=NOW + dt.timedelta(seconds=600))
    assert mailgun.received() == ONE_EACH
    assert states() == {"accepted": READERS}
    assert (mailgun.posts(), look_ups(mailgun)) == (2, 0)


def test_server_that_is_gone_is_tried_again(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.close()
    first_try(channel)
    assert batch_states() == {"retry": 1}
    assert states() == {"claimed": READERS}


def test_refusal_for_good_is_told_and_not_tried_again(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    said = b'{"message": "\'to\' parameter is not a valid address: reader-1@example.com"}'
    mailgun.misbehave(Fault(status=400, body=said))
    first_try(channel)
    assert states() == {"refused": READERS}
    assert set(Delivery.objects.values_list("reason", flat=True)) == {
        "Mailgun answered 400: 'to' parameter is not a valid address: …."
    }
    assert not go_on(channel, now=NOW + dt.timedelta(days=1))
    assert mailgun.posts() == 1


def test_one_reader_who_cannot_be_written_to_does_not_stop_the_others(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    issue = factories.queued_issue(2)
    factories.delivery(issue, factories.subscriber("ána@example.com"))
    assert go_on(channel, now=NOW)
    assert mailgun.received() == {"reader-0@example.com": 1, "reader-1@example.com": 1}
    assert states() == {"accepted": 2, "refused": 1}


def test_process_killed_after_the_call_leaves_what_a_look_up_finds(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    """P3: answered, not recorded: the row still says that the call is under way."""
    first_try(channel)
    Batch.objects.update(state=Batch.State.SUBMITTING, settled_at=None, frozen=frozen_again())
    Delivery.objects.update(state=Delivery.State.CLAIMED, provider_id="")
    assert go_on(channel, now=NOW + GRACE)
    assert states() == {"accepted": READERS}
    assert mailgun.received() == ONE_EACH
    assert mailgun.posts() == 1


def frozen_again() -> dict[str, object]:
    """The frozen part of the only batch, which its settlement has dropped."""
    batch = Batch.objects.get()
    return frozen(*batch.deliveries.order_by("pk"), now=NOW)
