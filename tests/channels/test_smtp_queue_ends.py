"""A batch by SMTP ends before its end: stopped, left, asked to; and notices by the same way."""

from collections.abc import Iterator

import pytest

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber
from pipeline.campaigns.models import Campaign
from pipeline.channels.smtp import SmtpChannel
from pipeline.outbox import stepwise
from pipeline.outbox.claim import claim
from pipeline.outbox.letter import Step
from pipeline.outbox.stepwise import hand_over
from tests import factories
from tests.channels.smtp import A_MINUTE, LATER, READERS, channel_to, one_each, watch
from tests.channels.smtp_sink import Fault, SmtpSink
from tests.factories import NOW
from tests.outbox.steps import drain, notice_states, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.fixture(params=[1, 3], ids=["one-connection", "three"])
def channel(sink: SmtpSink, request: pytest.FixtureRequest) -> Iterator[SmtpChannel]:
    """A channel to it."""
    with channel_to(sink, timeout=2, connections=request.param) as made:
        yield made


@pytest.mark.parametrize(
    ("state", "rest"),
    [(Campaign.State.PAUSED, "pending"), (Campaign.State.CANCELLED, "cancelled")],
)
def test_campaign_that_is_stopped_in_mid_batch_sends_no_more_of_it(
    channel: SmtpChannel,
    sink: SmtpSink,
    monkeypatch: pytest.MonkeyPatch,
    *,
    state: Campaign.State,
    rest: str,
) -> None:
    """X15, D11: no other message is begun."""
    factories.queued_issue(READERS)
    monkeypatch.setattr(stepwise, "ASK_EVERY", 0)

    def look(_step: Step) -> None:
        Campaign.objects.update(state=state)

    watch(channel, look, monkeypatch)
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    hand_over(batch, channel, now=NOW)
    monkeypatch.undo()
    drain(channel, now=NOW)
    assert len(sink.taken) == channel.connections
    assert states() == {"accepted": channel.connections, rest: READERS - channel.connections}


def test_what_was_accepted_is_shown_before_the_batch_is_done(
    channel: SmtpChannel, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 10: a slow server takes minutes for a batch; the sums do not wait for it."""
    factories.queued_issue(READERS)
    monkeypatch.setattr(stepwise, "ASK_EVERY", 0)
    shown: list[int] = []

    def look(_step: Step) -> None:
        shown.append(states().get("accepted", 0))

    watch(channel, look, monkeypatch)
    drain(channel, now=NOW)
    width = channel.connections
    # Of each round, those of the rounds before the last one.
    assert shown == [max(0, width * (n - 1)) for n in range(len(shown))]
    assert states() == {"accepted": READERS}


def test_reader_who_leaves_in_mid_batch_gets_nothing(
    channel: SmtpChannel, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.queued_issue(READERS)
    monkeypatch.setattr(stepwise, "ASK_EVERY", 0)
    last = Subscriber.objects.get(address=f"reader-{READERS - 1}@example.com")

    def look(_step: Step) -> None:
        unsubscribe(subscriber_id=last.pk, newsletter="weekly", now=NOW)

    watch(channel, look, monkeypatch)
    drain(channel, now=NOW)
    assert sink.received() == one_each(READERS - 1)
    assert states() == {"accepted": READERS - 1, "suppressed": 1}


@pytest.mark.parametrize(
    ("fault", "state", "received"),
    [
        (None, "accepted", 1),
        (Fault(at="rcpt", reply=b"550 5.1.1 No\r\n"), "refused", 0),
        (Fault(at="dot", reply=b"", end="cut", accepts=True), "unknown", 1),
        (Fault(at="dot", reply=b"", end="cut"), "unknown", 0),
    ],
    ids=["taken", "refused", "unsure-taken", "unsure"],
)
def test_notice_goes_by_the_same_way(
    channel: SmtpChannel, sink: SmtpSink, fault: Fault | None, *, state: str, received: int
) -> None:
    factories.configured()
    factories.notice("ana@example.com")
    sink.misbehave(*filter(None, [fault]))
    drain(channel, now=NOW)
    assert notice_states() == {state: 1}
    assert len(sink.taken) == received


def test_notice_the_server_has_later_holds_nobody_up(channel: SmtpChannel, sink: SmtpSink) -> None:
    factories.configured()
    factories.notice("ana@example.com")
    factories.notice("ben@example.com")
    sink.misbehave(LATER)
    drain(channel, now=NOW)
    assert notice_states() == {"claimed": 1, "accepted": 1}
    drain(channel, now=NOW + A_MINUTE)
    assert sink.received() == {"ana@example.com": 1, "ben@example.com": 1}


def test_channel_that_refuses_a_notice_rests_for_all(channel: SmtpChannel, sink: SmtpSink) -> None:
    factories.configured()
    factories.notice("ana@example.com")
    factories.notice("ben@example.com")
    sink.misbehave(Fault(at="mail", reply=b"451 4.7.0 Too fast\r\n"))
    assert drain(channel, now=NOW) == 1
    assert sink.taken == []
