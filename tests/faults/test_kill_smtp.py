"""kill -9 while a mail server has the message: its own count is the witness (X2, class c)."""

import random
import signal
import time
from collections.abc import Iterator

import pytest

from pipeline.campaigns.revisions import take_configuration
from pipeline.outbox.counts import Counts, counts
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.channels.smtp_sink import Fault, SmtpSink
from tests.home import Home
from tests.outbox.steps import age_leases

pytestmark = [pytest.mark.faults, pytest.mark.database]

READERS = 360
KILLS = 6
CONNECTIONS = 3


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server on loopback."""
    server = SmtpSink()
    yield server
    server.close()


@pytest.fixture
def queue(home: Home, sink: SmtpSink) -> Home:
    """A real home with an issue queued for so many readers and a mail server as its way out."""
    home.change("clinic.toml", "demo = true", "demo = false")
    home.env |= {
        "MERIDIAN_URL": "https://letters.example.com",
        "MERIDIAN_MAIL_API": "smtp",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "EMAIL_CONNECTIONS": str(CONNECTIONS),
        "EMAIL_BOUNCE_ADDRESS": "bounces@example.com",
    }
    take_configuration(home.path / "content" / "clinic.toml", now=factories.NOW)
    factories.queued_issue(READERS)
    return home


def addresses(*states: str) -> set[str]:
    """The readers whose deliveries are in these states."""
    found = Delivery.objects.filter(state__in=states)
    return set(found.values_list("subscriber__address", flat=True))


def test_a_sender_killed_again_and_again_doubles_nothing_and_hides_nothing(
    queue: Home, sink: SmtpSink
) -> None:
    """X2: 0 doubled; unknown at most kills × connections; who got nothing is among them."""
    chance = random.Random(20261128)
    killed = 0
    for _ in range(KILLS):
        target = len(sink.taken) + chance.randrange(1, READERS // KILLS // 2)
        sender = queue.start("send", "--until-empty")
        assert sink.wait_for(target), sender.communicate()
        time.sleep(chance.random() / 100)  # somewhere between two of its steps
        sender.send_signal(signal.SIGKILL)
        sender.communicate()
        killed += sender.returncode == -signal.SIGKILL
        age_leases()

    last = queue.run("send", "--until-empty")

    assert (killed, last.returncode, last.stderr) == (KILLS, 0, "")
    received = sink.received()
    assert set(received.values()) == {1}
    assert addresses("accepted") <= received.keys()
    assert {f"reader-{n}@example.com" for n in range(READERS)} - received.keys() <= addresses(
        "unknown"
    )
    [sums] = counts().values()
    assert sums.unknown <= KILLS * CONNECTIONS
    assert sums == Counts(planned=READERS, sent=READERS - sums.unknown, unknown=sums.unknown)
    assert not Batch.objects.exclude(frozen=None).exists()


@pytest.mark.parametrize("accepts", [True, False], ids=["taken", "not-taken"])
def test_a_sender_killed_while_an_answer_is_due_leaves_those_unsure(
    queue: Home, sink: SmtpSink, accepts: bool
) -> None:
    """X2: after the dots of one round left, before an answer is read."""
    stalled = Fault(at="dot", accepts=accepts, reply=b"", end="stall")
    sink.misbehave(*[stalled] * CONNECTIONS)
    sender = queue.start("send", "--until-empty")
    while sink.stalled < CONNECTIONS:
        assert sender.poll() is None, sender.communicate()
        time.sleep(0.001)
    sender.send_signal(signal.SIGKILL)
    sender.communicate()
    sink.release()
    age_leases()

    queue.run("send", "--until-empty")
    assert set(sink.received().values()) == {1}
    assert len(sink.received()) == READERS - (0 if accepts else CONNECTIONS)
    assert len(addresses("unknown")) == CONNECTIONS
    assert len(addresses("accepted")) == READERS - CONNECTIONS


def test_a_sender_asked_to_end_leaves_nobody_unsure(queue: Home, sink: SmtpSink) -> None:
    """X14: SIGTERM in the middle: what is under way is finished, the rest waits in the queue."""
    sender = queue.start("send", "--until-empty")
    assert sink.wait_for(READERS // 4), sender.communicate()
    sender.send_signal(signal.SIGTERM)
    out, err = sender.communicate(timeout=10)

    assert (sender.returncode, err) == (0, ""), out
    assert addresses("accepted") == sink.received().keys()
    assert len(addresses("pending")) == READERS - len(sink.taken) > 0
    assert set(Batch.objects.values_list("state", flat=True)) == {"accepted"}

    queue.run("send", "--until-empty")
    assert sink.received() == {f"reader-{number}@example.com": 1 for number in range(READERS)}


def test_a_sender_asked_to_end_waits_for_no_answer_for_long(queue: Home, sink: SmtpSink) -> None:
    """X14: a server that says no more: its readers are shown as unsure within ten seconds."""
    stalled = Fault(at="dot", reply=b"", end="stall")
    sink.misbehave(*[stalled] * CONNECTIONS)
    sender = queue.start("send", "--until-empty")
    while sink.stalled < CONNECTIONS:
        assert sender.poll() is None, sender.communicate()
        time.sleep(0.001)
    sender.send_signal(signal.SIGTERM)
    sender.communicate(timeout=10)

    assert sender.returncode == 0
    assert len(addresses("unknown")) == CONNECTIONS
    assert len(addresses("pending")) == READERS - CONNECTIONS
