"""A mail server misbehaves, the queue goes on: nobody gets two, and who is unsure is shown."""

import datetime as dt
from collections.abc import Generator, Iterator

import pytest
from django.db import connection

from pipeline.campaigns.models import Campaign
from pipeline.channels.smtp import SmtpChannel
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import LONGEST_TRYING
from pipeline.outbox.letter import Step
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import ORPHANED, take_over
from pipeline.outbox.stepwise import hand_over
from tests import factories
from tests.channels.smtp import A_MINUTE, LATER, READERS, channel_to, die, one_each, watch
from tests.channels.smtp_sink import Fault, SmtpSink
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.steps import age_leases, batch_states, drain, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.fixture(params=[1, 3], ids=["one-connection", "three"])
def channel(sink: SmtpSink, request: pytest.FixtureRequest) -> Iterator[SmtpChannel]:
    """A channel to it."""
    with channel_to(sink, timeout=2, connections=request.param) as made:
        yield made


def test_whole_issue_goes_out(channel: SmtpChannel, sink: SmtpSink) -> None:
    factories.queued_issue(READERS)
    assert drain(channel, now=NOW) == 1
    assert sink.received() == one_each()
    assert states() == {"accepted": READERS}
    assert batch_states() == {"accepted": 1}
    assert Batch.objects.get().frozen is None
    assert drain(channel, now=NOW + LONGEST_TRYING) == 0


def test_it_is_written_down_who_goes_before_the_end_leaves(
    channel: SmtpChannel, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I2, for each message: as it stands in the database when the dot may leave."""
    factories.queued_issue(READERS)
    order = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    seen: list[int] = []

    def look(step: Step) -> None:
        assert not connection.in_atomic_block
        batch = Batch.objects.get()
        assert batch.state == Batch.State.SUBMITTING
        done, in_flight = batch.done or 0, batch.in_flight or 0
        assert order[done : done + in_flight] == list(step.ready)
        assert len(sink.taken) == len(seen)
        seen.extend(step.ready)

    watch(channel, look, monkeypatch)
    drain(channel, now=NOW)
    assert seen == order
    assert sink.received() == one_each()


def test_crash_leaves_those_in_flight_unsure_and_nobody_else(
    channel: SmtpChannel, sink: SmtpSink
) -> None:
    """X2: those before got theirs, those behind go out once, those between are shown."""
    factories.queued_issue(READERS)
    width = channel.connections
    die(channel, after=2)
    assert len(sink.taken) == width
    batch = take_over(channel, owner="next", now=NOW)
    assert batch is not None
    age_leases()

    drain(channel, now=NOW)
    unsure = list(range(width, 2 * width))
    assert sink.received() == one_each(*unsure)
    assert states() == {"accepted": READERS - width, "unknown": width}
    told = set(Delivery.objects.filter(state="unknown").values_list("reason", flat=True))
    assert told == {"smtp cannot tell whether it took it"}
    assert batch_states() == {"unknown": 1, "accepted": 1}


def test_crash_before_the_first_message_leaves_nobody_unsure(
    channel: SmtpChannel, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.queued_issue(READERS)
    batch = claim(channel, owner="dead", now=NOW)
    assert batch is not None

    def dies(*_: object, **__: object) -> Generator[Step, None, None]:
        raise KeyboardInterrupt
        yield

    with monkeypatch.context() as patch:
        patch.setattr(channel, "steps", dies)
        with pytest.raises(KeyboardInterrupt):
            hand_over(batch, channel, now=NOW)
    age_leases()
    drain(channel, now=NOW)
    assert sink.received() == one_each()
    assert states() == {"accepted": READERS}
    assert batch_states() == {"dissolved": 1, "accepted": 1}


def test_campaign_that_is_stopped_after_the_claim_sends_nothing(
    channel: SmtpChannel, sink: SmtpSink
) -> None:
    """I9."""
    factories.queued_issue(READERS)
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    Campaign.objects.update(state=Campaign.State.PAUSED)
    hand_over(batch, channel, now=NOW)
    assert (states(), batch_states()) == ({"pending": READERS}, {"dissolved": 1})
    assert sink.taken == []


def test_provider_that_is_changed_after_a_crash_leaves_no_more_unsure(
    channel: SmtpChannel, sink: SmtpSink
) -> None:
    factories.queued_issue(READERS)
    width = channel.connections
    die(channel, after=1)
    other = ListChannel(batch_size=100)
    assert drain(other, now=NOW) == 0
    drain(other, now=NOW + ORPHANED + A_MINUTE)
    assert states() == {"accepted": READERS - width, "unknown": width}
    assert len(other.taken) == READERS - width


@pytest.mark.parametrize("accepts", [True, False], ids=["taken", "not-taken"])
def test_answer_lost_after_the_dot_leaves_one_reader_unsure(
    channel: SmtpChannel, sink: SmtpSink, *, accepts: bool
) -> None:
    """X3, class c: nobody two, the unsure one is shown, the others go on at once."""
    factories.queued_issue(READERS)
    sink.misbehave(Fault(at="dot", reply=b"", end="reset", accepts=accepts, skip=3))
    drain(channel, now=NOW)
    assert states() == {"accepted": READERS - 1, "unknown": 1}
    assert set(sink.received().values()) == {1}
    assert len(sink.taken) == READERS - 1 + accepts
    lost = Delivery.objects.get(state="unknown")
    assert lost.reason == "the line to 127.0.0.1 was lost after the dot."
    assert drain(channel, now=NOW + dt.timedelta(days=9)) == 0


def test_reader_the_server_has_later_waits_alone(channel: SmtpChannel, sink: SmtpSink) -> None:
    """Greylisting: neither the others nor the channel wait for it."""
    factories.queued_issue(READERS)
    sink.misbehave(LATER)
    assert drain(channel, now=NOW) == 1
    assert states() == {"accepted": READERS - 1, "claimed": 1}
    waiting = Batch.objects.get(state="retry")
    assert waiting.deliveries.count() == 1
    assert waiting.reason == "127.0.0.1 answered 450 4.2.0 Greylisted."

    issue = factories.issue(part=2)
    factories.delivery(issue, factories.subscriber("new@example.com"))
    assert drain(channel, now=NOW) == 1
    assert "new@example.com" in sink.received()

    assert drain(channel, now=NOW + A_MINUTE) == 1
    assert sink.received() == {**one_each(), "new@example.com": 1}
    assert states() == {"accepted": READERS + 1}


def test_reader_the_server_never_has_is_given_up_in_the_end(
    channel: SmtpChannel, sink: SmtpSink
) -> None:
    factories.queued_issue(2)
    for wait in (dt.timedelta(), A_MINUTE, LONGEST_TRYING + A_MINUTE):
        sink.misbehave(LATER)
        drain(channel, now=NOW + wait)
    assert states() == {"accepted": 1, "abandoned": 1}
    abandoned = Delivery.objects.get(state="abandoned")
    assert abandoned.reason == "127.0.0.1 answered 450 4.2.0 Greylisted."


def test_reader_the_server_refuses_is_told_and_stops_nobody(
    channel: SmtpChannel, sink: SmtpSink
) -> None:
    factories.queued_issue(READERS)
    refused = Fault(at="rcpt", reply=b"550 5.1.1 <reader-0@example.com> unknown\r\n")
    spam = Fault(at="dot", reply=b"554 5.7.1 Spam\r\n", skip=1)
    sink.misbehave(refused, spam)
    drain(channel, now=NOW)
    assert states() == {"accepted": READERS - 2, "refused": 2}
    assert set(Delivery.objects.filter(state="refused").values_list("reason", flat=True)) == {
        "127.0.0.1 answered 550 5.1.1 … unknown.",
        "127.0.0.1 answered 554 5.7.1 Spam.",
    }
    assert drain(channel, now=NOW + dt.timedelta(days=9)) == 0


def test_server_that_has_enough_is_left_alone_for_a_while(
    channel: SmtpChannel, sink: SmtpSink
) -> None:
    """D31: in the middle of a batch; what went before stands, the rest goes later, once."""
    factories.queued_issue(READERS)
    sink.misbehave(Fault(at="mail", reply=b"451 4.7.0 Too fast\r\n", skip=4))
    assert drain(channel, now=NOW) == 1
    assert batch_states() == {"retry": 1}
    before = len(sink.taken)
    assert states() == {"accepted": before, "claimed": READERS - before}
    assert drain(channel, now=NOW) == 0
    assert drain(channel, now=NOW + A_MINUTE) == 1
    assert sink.received() == one_each()
    assert states() == {"accepted": READERS}


def test_server_that_is_gone_is_tried_again(channel: SmtpChannel, sink: SmtpSink) -> None:
    sink.close()
    factories.queued_issue(READERS)
    assert drain(channel, now=NOW) == 1
    assert (states(), batch_states()) == ({"claimed": READERS}, {"retry": 1})


def test_letter_that_can_go_to_nobody_is_refused(channel: SmtpChannel, sink: SmtpSink) -> None:
    factories.queued_issue(READERS).__class__.objects.update(
        envelope={**factories.ENVELOPE, "from_name": "A\nB"}
    )
    drain(channel, now=NOW)
    assert states() == {"refused": READERS}
    assert sink.taken == []


def test_sender_that_lost_its_lease_lets_no_other_dot_leave(
    channel: SmtpChannel, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I3, X5: it slept past its lease, another took over and settled; then it woke up."""
    factories.queued_issue(READERS)

    def look(_step: Step) -> None:
        age_leases()
        if take_over(channel, owner="other", now=NOW):
            age_leases()

    watch(channel, look, monkeypatch)
    batch = claim(channel, owner="slow", now=NOW)
    assert batch is not None
    hand_over(batch, channel, now=NOW)
    monkeypatch.undo()
    assert len(sink.taken) == channel.connections
    drain(channel, now=NOW)
    assert states() == {"accepted": READERS - channel.connections, "unknown": channel.connections}
    assert set(sink.received().values()) == {1}


def test_end_that_is_asked_for_leaves_what_was_not_begun(
    channel: SmtpChannel, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X14: what is under way is finished, the rest goes back into the queue."""
    factories.queued_issue(READERS)
    asked: list[bool] = []
    watch(channel, lambda _: asked.append(True), monkeypatch)
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    hand_over(batch, channel, now=NOW, stopped=lambda: bool(asked))
    assert states() == {
        "accepted": channel.connections,
        "pending": READERS - channel.connections,
    }
    monkeypatch.undo()
    drain(channel, now=NOW)
    assert sink.received() == one_each()
