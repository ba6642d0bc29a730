"""Delivering: what is written down before, and after, whatever the channel answers."""

import datetime as dt

import pytest
from django.db import connection

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber
from pipeline.campaigns.models import Campaign, Issue
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import LONGEST_TRYING, LONGEST_WAIT, accepted, backoff, deliver
from pipeline.outbox.letter import Letter, Receipt, Safety
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import take_over
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel, fails
from tests.outbox.steps import age_leases, batch_states, drain, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def claimed(channel: ListChannel, readers: int = 2) -> Batch:
    factories.queued_issue(readers)
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    return batch


def test_an_accepted_batch_is_settled_and_forgets_its_addresses() -> None:
    """I1: what was frozen is dropped when the batch is settled."""
    channel = ListChannel()
    batch = claimed(channel)

    deliver(batch, channel, now=NOW)

    batch.refresh_from_db()
    assert (batch.state, batch.settled_at, batch.frozen) == (Batch.State.ACCEPTED, NOW, None)
    assert states() == {"accepted": 2}
    assert {d.provider_id for d in Delivery.objects.all()} == {
        f"id-{d.pk}" for d in Delivery.objects.all()
    }


def test_submitting_is_committed_before_the_first_byte_leaves() -> None:
    """I2: seen from another connection, at the moment the channel is called."""
    channel = ListChannel()
    batch = claimed(channel)
    seen: list[tuple[str, int, bool]] = []

    def look(_letter: Letter) -> None:
        assert not connection.in_atomic_block
        row = Batch.objects.get(pk=batch.pk)
        seen.append((row.state, row.submissions, row.first_submit_at == NOW))

    channel.before = look
    deliver(batch, channel, now=NOW)

    assert seen == [("submitting", 1, True)]


def test_a_reader_the_provider_refuses_is_told_apart() -> None:
    channel = ListChannel()
    batch = claimed(channel)
    channel.refuse = {"reader-1@example.com": "no such domain"}

    deliver(batch, channel, now=NOW)

    assert states() == {"accepted": 1, "refused": 1}
    assert Delivery.objects.get(state="refused").reason == "no such domain"


def test_a_definite_refusal_waits_and_is_tried_again_with_the_same_key() -> None:
    channel = ListChannel()
    batch = claimed(channel)
    channel.before = fails(RefusedError("too fast", wait=dt.timedelta(minutes=7)))

    deliver(batch, channel, now=NOW)

    batch.refresh_from_db()
    assert (batch.state, batch.retry_at) == (Batch.State.RETRY, NOW + dt.timedelta(minutes=7))
    assert drain(channel, now=NOW + dt.timedelta(minutes=6)) == 0
    assert drain(channel, now=NOW + dt.timedelta(minutes=7)) == 1
    assert list(channel.keys) == [batch.key]
    assert states() == {"accepted": 2}


def test_refusals_are_tried_for_three_days_and_end_with_the_last_reason() -> None:
    """A wrong key found on Monday must not have cost the issue of Friday."""
    channel = ListChannel()
    claimed(channel)
    channel.before = fails(RefusedError("the key is wrong"), times=99)
    age_leases()

    drain(channel, now=NOW)
    drain(channel, now=NOW + LONGEST_TRYING - dt.timedelta(minutes=1))
    assert states() == {"claimed": 2}
    drain(channel, now=NOW + LONGEST_TRYING + LONGEST_WAIT)

    assert channel.taken == []
    assert states() == {"abandoned": 2}
    assert {d.reason for d in Delivery.objects.all()} == {"the key is wrong."}
    assert Batch.objects.get().submissions == 3


def test_a_channel_that_refused_rests_for_every_batch() -> None:
    """D31: after "too fast" no other batch is tried before the time it asked for."""
    factories.queued_issue(5)
    channel = ListChannel(batch_size=2)
    channel.before = fails(RefusedError("too fast", wait=dt.timedelta(minutes=7)))

    assert drain(channel, now=NOW) == 1
    assert states() == {"claimed": 2, "pending": 3}
    assert drain(channel, now=NOW + dt.timedelta(minutes=6)) == 0
    assert drain(channel, now=NOW + dt.timedelta(minutes=7)) == 3
    assert states() == {"accepted": 5}


def test_a_final_refusal_is_not_tried_again() -> None:
    channel = ListChannel()
    batch = claimed(channel)
    channel.before = fails(RefusedError("the subject holds a line break", final=True))

    deliver(batch, channel, now=NOW)

    assert states() == {"refused": 2}
    assert batch_states() == {"abandoned": 1}
    assert drain(channel, now=NOW + dt.timedelta(days=1)) == 0


def test_backoff_doubles_up_to_an_hour() -> None:
    waits = [backoff(tries).total_seconds() for tries in (1, 2, 3, 9, 99)]

    assert waits == [15, 30, 60, 3600, 3600]


@pytest.mark.parametrize("state", [Campaign.State.PAUSED, Campaign.State.CANCELLED])
def test_a_campaign_stopped_after_the_claim_dissolves_the_batch(state: Campaign.State) -> None:
    """I9, X15: nothing has gone out, so nothing goes out."""
    channel = ListChannel()
    batch = claimed(channel)
    Campaign.objects.update(state=state)
    batch = Batch.objects.get(pk=batch.pk)

    deliver(batch, channel, now=NOW)

    assert channel.taken == []
    assert batch_states() == {"dissolved": 1}
    ended = {Campaign.State.PAUSED: "pending", Campaign.State.CANCELLED: "cancelled"}
    assert states() == {ended[state]: 2}


def test_a_reader_who_leaves_after_the_claim_gets_nothing() -> None:
    """D11, I9: the batch is dissolved, and the rest goes out in a new one."""
    channel = ListChannel()
    batch = claimed(channel)
    leaver = Subscriber.objects.get(address="reader-0@example.com")
    unsubscribe(subscriber_id=leaver.pk, newsletter="weekly", now=NOW)

    deliver(batch, channel, now=NOW)
    drain(channel, now=NOW)

    assert channel.copies() == {"reader-1@example.com": 1}
    assert states() == {"accepted": 1, "suppressed": 1}


def test_a_reader_who_leaves_between_two_tries_gets_nothing() -> None:
    """I9: after a definite refusal nothing can have gone out."""
    channel = ListChannel()
    batch = claimed(channel)
    channel.before = fails(RefusedError("too fast"))
    deliver(batch, channel, now=NOW)
    leaver = Subscriber.objects.get(address="reader-0@example.com")
    unsubscribe(subscriber_id=leaver.pk, newsletter="weekly", now=NOW)

    drain(channel, now=NOW + LONGEST_WAIT)

    assert channel.copies() == {"reader-1@example.com": 1}


def test_a_payload_that_drifted_before_the_first_try_is_made_anew() -> None:
    """X4: a new version of the program, nothing sent yet: a new claim makes a new payload."""
    channel = ListChannel()
    batch = claimed(channel)
    channel.serializer = "list-2"

    deliver(batch, channel, now=NOW)
    drain(channel, now=NOW)

    assert channel.copies() == {"reader-0@example.com": 1, "reader-1@example.com": 1}
    assert batch_states() == {"dissolved": 1, "accepted": 1}


def test_a_payload_that_drifted_after_a_try_is_never_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """X4, I1: other bytes under the same key would be a second mail; it becomes unknown, loudly."""
    channel = ListChannel()
    batch = claimed(channel)
    channel.after = fails(UnsureError("the line was cut"))
    deliver(batch, channel, now=NOW)
    channel.serializer = "list-2"

    drain(channel, now=NOW + LONGEST_WAIT)

    assert channel.copies() == {"reader-0@example.com": 1, "reader-1@example.com": 1}
    assert states() == {"unknown": 2}
    assert "the payload is another than before" in caplog.text


def test_a_sender_that_lost_its_lease_writes_nothing() -> None:
    """I3, X5: paused past its lease; another took over, then the first woke up and answered."""
    channel = ListChannel()
    batch = claimed(channel)

    def taken_over(_letter: Letter) -> None:
        age_leases()
        assert take_over(channel, owner="b", now=NOW) is not None

    channel.before = taken_over
    deliver(batch, channel, now=NOW)

    row = Batch.objects.get()
    assert (row.owner, row.epoch, row.state) == ("b", 2, Batch.State.SUBMITTING)
    assert states() == {"claimed": 2}


def test_a_sender_that_lost_its_lease_before_the_call_sends_nothing() -> None:
    channel = ListChannel()
    batch = claimed(channel)
    age_leases()
    take_over(channel, owner="b", now=NOW)

    deliver(batch, channel, now=NOW)

    assert channel.taken == []


def test_an_event_that_came_before_our_answer_is_kept() -> None:
    """I6, X12: delivered before our `accepted` was committed."""
    channel = ListChannel()
    batch = claimed(channel)

    def early_event(_letter: Letter) -> None:
        first = Delivery.objects.order_by("pk")[:1].values("pk")
        Delivery.objects.filter(pk__in=first).update(state=Delivery.State.DELIVERED)

    channel.after = early_event
    deliver(batch, channel, now=NOW)

    assert states() == {"delivered": 1, "accepted": 1}


def test_a_lost_answer_of_a_channel_that_knows_nothing_is_shown_as_unknown() -> None:
    """Class c: at most once. Nothing is sent again by itself."""
    channel = ListChannel(Safety.NEITHER)
    batch = claimed(channel)
    channel.after = fails(UnsureError("no answer in time"))

    deliver(batch, channel, now=NOW)
    age_leases()

    assert drain(channel, now=NOW + dt.timedelta(days=30)) == 0
    assert states() == {"unknown": 2}
    assert channel.copies() == {"reader-0@example.com": 1, "reader-1@example.com": 1}
    batch.refresh_from_db()
    assert batch.frozen is None


def test_an_issue_changed_after_release_does_not_reach_a_batch_without_approval() -> None:
    channel = ListChannel()
    batch = claimed(channel)
    Issue.objects.update(content_hash="d" * 64)

    deliver(batch, channel, now=NOW)

    assert channel.taken == []
    assert states() == {"pending": 2}


# --- A second call, after an answer was lost ------------------------------------------------------


def lost(channel: ListChannel) -> None:
    """A batch that was taken, whose answer was lost."""
    channel.after = fails(UnsureError("the line was lost"))
    deliver(claimed(channel), channel, now=NOW)
    assert batch_states() == {"unknown": 1}


def second_call(channel: ListChannel, *, now: dt.datetime) -> None:
    age_leases()
    assert drain(channel, now=now, owner="b")


def test_a_refusal_of_the_second_call_says_nothing_of_the_first() -> None:
    """I9: it waits as long as asked, and is not taken apart although a reader has left."""
    channel = ListChannel()
    lost(channel)
    channel.before = fails(RefusedError("too many calls", wait=dt.timedelta(hours=2)))
    second_call(channel, now=NOW + LONGEST_WAIT)
    leaver = Subscriber.objects.get(address="reader-1@example.com")
    unsubscribe(subscriber_id=leaver.pk, newsletter="weekly", now=NOW)

    assert batch_states() == {"unknown": 1}
    assert not drain(channel, now=NOW + 2 * LONGEST_WAIT)

    second_call(channel, now=NOW + 3 * LONGEST_WAIT)
    assert states() == {"accepted": 2}
    assert channel.copies() == {"reader-0@example.com": 1, "reader-1@example.com": 1}


def test_a_first_call_that_is_refused_is_tried_again_however_it_began() -> None:
    """The claim itself may have written that the call begins: nothing was sent before it."""
    channel = ListChannel()
    batch = claimed(channel)
    batch.state = Batch.State.SUBMITTING
    channel.before = fails(RefusedError("too many calls"))
    deliver(batch, channel, now=NOW)

    assert batch_states() == {"retry": 1}


@pytest.mark.parametrize("final", [True, False])
def test_a_second_call_that_is_refused_for_good_or_for_days_is_unknown(final: bool) -> None:
    channel = ListChannel()
    lost(channel)
    channel.before = fails(RefusedError("this key is void", final=final))
    second_call(channel, now=NOW + (LONGEST_WAIT if final else LONGEST_TRYING))

    assert batch_states() == {"unknown": 1}
    assert states() == {"unknown": 2}
    assert set(Delivery.objects.values_list("reason", flat=True)) == {"this key is void."}


def test_a_key_that_was_used_with_other_bytes_is_an_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """X4: nobody can tell, and asking again would not help."""
    channel = ListChannel()
    channel.before = fails(UnsureError("another payload had this key", final=True))
    batch = claimed(channel)
    deliver(batch, channel, now=NOW)

    assert states() == {"unknown": 2}
    assert "it is not sent again: another payload had this key" in caplog.text
    assert not drain(channel, now=NOW + LONGEST_TRYING)


def test_a_reader_the_answer_does_not_name_is_unknown() -> None:
    """X3: nobody stays claimed for ever."""
    channel = ListChannel()
    batch = claimed(channel)
    accepted(batch, Receipt(accepted={Delivery.objects.earliest("pk").pk: "id"}), now=NOW)

    assert states() == {"accepted": 1, "unknown": 1}
