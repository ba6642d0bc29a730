"""Each mail API misbehaves, the queue goes on: nobody gets two, nobody is left out."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

import pytest

from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.letter import LookUpChannel, Safety
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import resume, take_over
from tests import factories
from tests.channels.api_server import ApiServer, Fault
from tests.channels.providers import PROVIDERS, UNTOLD, Api, Provider
from tests.factories import NOW
from tests.outbox.steps import age_leases, batch_states, states

pytestmark = [pytest.mark.usefixtures("database")]

# One of each class is tried on PostgreSQL, too: what they differ in is not the database.
ON_BOTH = {"resend", "mailgun", "ses"}

READERS = 5
A_WEEK = dt.timedelta(days=7)


class Sender:
    """A queue with one issue, a channel to a provider, and the time.

    Attributes:
        now: The time, which the provider keeps too.
        readers: How many the issue has: no more than one call takes.
    """

    def __init__(self, channel: Api, server: ApiServer) -> None:
        self.channel = channel
        self.server = server
        self.now = NOW
        self.readers = min(READERS, channel.batch_size)
        server.clock = self.time

    def time(self) -> float:
        """The time, as the provider reads it."""
        return self.now.timestamp()

    @property
    def one_each(self) -> dict[str, int]:
        """What the readers have in the end."""
        return {f"reader-{number}@example.com": 1 for number in range(self.readers)}

    def begin(self) -> None:
        """Queue an issue and hand over its first batch."""
        factories.queued_issue(self.readers)
        self.go_on()

    def go_on(self) -> bool:
        """What a sender does next; False if there is nothing to do at this time."""
        age_leases()
        batch = take_over(self.channel, owner="second", now=self.now)
        if batch is not None:
            resume(batch, self.channel, now=self.now)
            return True
        batch = claim(self.channel, owner="first", now=self.now)
        if batch is not None:
            deliver(batch, self.channel, now=self.now)
        return batch is not None

    def wait(self) -> dt.timedelta:
        """Let the time come at which an open batch is looked at again; how long that was."""
        waiting = Batch.objects.filter(settled_at__isnull=True, retry_at__gt=self.now)
        first = waiting.order_by("retry_at").first()
        if first is None or first.retry_at is None:
            return dt.timedelta()
        waited = first.retry_at - self.now
        self.now = first.retry_at
        return waited

    def end(self) -> None:
        """Go on, and wait, until nothing is left to do."""
        until = self.now + A_WEEK
        while self.go_on() or self.wait():
            assert self.now < until
        self.now += A_WEEK
        assert not self.go_on()


@pytest.fixture(
    params=[
        pytest.param(each, marks=[pytest.mark.database] if each.name in ON_BOTH else [])
        for each in [*PROVIDERS, UNTOLD]
    ],
    ids=[*(each.name for each in PROVIDERS), "sendgrid-untold"],
)
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each in turn."""
    made: Provider = request.param
    return made


@pytest.fixture
def server(provider: Provider) -> Iterator[ApiServer]:
    """Its server."""
    made = provider.server()
    yield made
    made.close()


@pytest.fixture
def sender(provider: Provider, server: ApiServer) -> Iterator[Sender]:
    """Who sends by it."""
    channel = provider.opened(server.url)
    yield Sender(channel, server)
    channel.close()


def ids() -> dict[str, str]:
    """The provider's id of each delivery, by address."""
    return dict(Delivery.objects.values_list("subscriber__address", "provider_id"))


LOST: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "time-out": {"stalls": True},
    "reset": {"body": b'{"id": "<2026', "cuts": True},
    "truncated": {"body": b'{"id": "<2026'},
    "html": {"body": b"<html>please sign in</html>"},
    "empty": {"body": b""},
    "redirect": {"status": 307, "headers": {"Location": "/"}},
}


def test_the_whole_issue_goes_out_once(sender: Sender, server: ApiServer) -> None:
    sender.begin()
    assert states() == {"accepted": sender.readers}
    assert ids() == {message.recipient: message.id for message in server.messages()}
    sender.end()
    assert server.received() == sender.one_each


def test_a_cap_is_kept_by_the_queue(sender: Sender, server: ApiServer) -> None:
    if sender.readers < READERS:
        pytest.skip("a call takes no more than one")
    sender.channel.batch_size = 2
    sender.begin()
    sender.end()
    assert server.received() == sender.one_each
    assert server.posts() == 3


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not-taken"])
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST.keys())
def test_x3_after_a_lost_answer_nobody_gets_two_and_nobody_none(
    sender: Sender, provider: Provider, lost: dict[str, Any], taken: bool
) -> None:
    server = sender.server
    server.misbehave(Fault(accepts=taken, **lost))
    sender.begin()
    server.release()
    if sender.channel.safety is Safety.NEITHER:
        sender.end()
        # At most once: who got it, and who did not, is unknown, and shown as such.
        assert set(states()) == {"unknown"}
        assert set(server.received().values()) <= {1}
        return
    assert batch_states() == {"unknown": 1}
    assert states() == {"claimed": sender.readers}
    sender.end()
    assert server.received() == sender.one_each
    assert states() == {"accepted": sender.readers}
    if provider.replays or not taken:
        assert ids() == {message.recipient: message.id for message in server.messages()}


def test_x3_429_is_waited_for_as_long_as_asked(sender: Sender, server: ApiServer) -> None:
    server.misbehave(Fault(status=429, headers={"Retry-After": "600"}))
    sender.begin()
    assert batch_states() == {"retry": 1}
    sender.now += dt.timedelta(seconds=599)
    assert not sender.go_on()
    assert server.received() == {}
    sender.now += dt.timedelta(seconds=1)
    sender.end()
    assert server.received() == sender.one_each
    assert states() == {"accepted": sender.readers}


def test_x3_a_server_that_is_gone_is_tried_again(sender: Sender, server: ApiServer) -> None:
    server.close()
    sender.begin()
    assert batch_states() == {"retry": 1}
    assert states() == {"claimed": sender.readers}


def test_x3_a_refusal_for_good_is_told_and_not_tried_again(
    sender: Sender, server: ApiServer
) -> None:
    said = b'{"message": "reader-1@example.com is not a valid address"}'
    # SES goes by the name.
    named = {"x-amzn-ErrorType": "BadRequestException"}
    server.misbehave(Fault(status=400, headers=named, body=said))
    sender.begin()
    sender.end()
    assert states() == {"refused": sender.readers}
    assert server.posts() == 1
    assert not Delivery.objects.filter(reason__contains="@").exists()


def test_x3_partial_success_is_written_down_for_each_reader(
    sender: Sender, server: ApiServer, provider: Provider
) -> None:
    server.disliked = {"reader-2@example.com"}
    sender.begin()
    sender.end()
    outcome = {
        "which": {"accepted": sender.readers - 1, "refused": 1},
        "how many": {"unknown": sender.readers},
        "nothing": {"accepted": sender.readers, "refused": sender.readers},
    }[provider.tells]
    assert states().items() <= outcome.items()
    assert set(server.received().values()) <= {1}


def test_i9_who_leaves_while_an_answer_is_lost_is_never_sent_it_again(
    sender: Sender, server: ApiServer
) -> None:
    """A refusal of the second call says nothing of the first."""
    server.misbehave(
        Fault(status=500, accepts=True), Fault(status=429), Fault(status=401), Fault(status=503)
    )
    sender.begin()
    sender.end()
    assert set(server.received().values()) == {1}
    if sender.channel.safety is not Safety.NEITHER:
        assert server.received() == sender.one_each


def test_x4_other_bytes_under_the_same_key_are_never_sent(
    sender: Sender, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version of Meridian between two tries."""
    server.misbehave(Fault(status=500, accepts=True))
    sender.begin()
    monkeypatch.setattr(type(sender.channel), "serialize", lambda *_: b"other")
    sender.end()
    assert server.received() == sender.one_each
    known = sender.channel.safety is Safety.LOOK_UP
    assert states() == {"accepted" if known else "unknown": sender.readers}


def test_x6_no_key_is_used_past_half_its_life(sender: Sender, server: ApiServer) -> None:
    lifetime = sender.channel.key_lifetime
    if lifetime is None:
        pytest.skip("it knows no keys, or knows them for ever")
    server.misbehave(Fault(status=500, accepts=True))
    sender.begin()
    sender.now += lifetime + dt.timedelta(minutes=1)
    sender.end()
    assert server.posts() == 1
    assert states() == {"unknown": sender.readers}


def test_p3_a_process_killed_after_the_call_leaves_what_is_settled_later(
    sender: Sender, server: ApiServer
) -> None:
    """Answered, not recorded: the row still says that the call is under way."""
    server.misbehave(Fault(status=500, accepts=True))
    sender.begin()
    Batch.objects.filter(settled_at__isnull=True).update(
        state=Batch.State.SUBMITTING, retry_at=None
    )
    if sender.channel.safety is Safety.LOOK_UP:
        sender.now += cast("LookUpChannel", sender.channel).grace
    sender.end()
    assert server.received() == sender.one_each


def test_x4_a_conflict_of_keys_is_an_alarm(
    sender: Sender, server: ApiServer, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    if provider.conflict is None:
        pytest.skip("it knows no keys, or compares no bytes")
    server.misbehave(Fault(status=500, accepts=True), provider.conflict)
    sender.begin()
    sender.end()
    assert server.posts() == 2
    assert server.received() == sender.one_each
    assert states() == {"unknown": sender.readers}
    assert "it is not sent again" in caplog.text
    assert "@" not in caplog.text


def test_notices_go_out_each_once(sender: Sender, server: ApiServer) -> None:
    factories.configured()
    factories.notice("ana@example.com")
    factories.notice("ben@example.com")
    server.misbehave(Fault(status=500, accepts=True))
    sender.end()
    assert server.received() == {"ana@example.com": 1, "ben@example.com": 1}
    assert all("List-Unsubscribe" not in message.headers for message in server.messages())
