"""kill -9 in the middle, and two senders at once: nothing lost, nothing doubled.

Real processes, a real database, real files. A killed sender's leases are written back instead of
being waited for.
"""

import random
import signal
import time
from collections import Counter
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

import pytest

from pipeline.campaigns.revisions import take_configuration
from pipeline.outbox.counts import Counts, counts, notice_counts
from pipeline.outbox.models import Batch
from tests import factories
from tests.home import Home
from tests.outbox.steps import age_leases

pytestmark = [pytest.mark.faults, pytest.mark.database]

READERS = 400
KILLS = 8


@pytest.fixture
def queue(home: Home) -> Home:
    """A home with an issue queued for so many readers."""
    take_configuration(home.path / "content" / "clinic.toml", now=factories.NOW)
    factories.queued_issue(READERS)
    return home


def written(home: Home) -> list[Path]:
    return sorted(home.outbox.glob("*/messages/*.eml"))


def copies(home: Home) -> Counter[str]:
    """How many whole emails each reader has."""
    found: Counter[str] = Counter()
    for path in written(home):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        html = message.get_body(("html",))
        assert html is not None
        assert "Unsubscribe</a></p>" in html.get_content()
        found[message["To"].addresses[0].addr_spec] += 1
    return found


def everybody_once() -> dict[str, int]:
    return {f"reader-{number}@example.com": 1 for number in range(READERS)}


def test_a_sender_killed_again_and_again_loses_and_doubles_nothing(queue: Home) -> None:
    """X1, small, with the folder channel."""
    chance = random.Random(20261122)
    killed = 0
    for _ in range(KILLS):
        target = len(written(queue)) + chance.randrange(1, READERS // KILLS)
        sender = queue.start("send", "--until-empty")
        while len(written(queue)) < target and sender.poll() is None:
            time.sleep(0.001)
        sender.send_signal(signal.SIGKILL)
        sender.communicate()
        killed += sender.returncode == -signal.SIGKILL
        age_leases()

    last = queue.run("send", "--until-empty")

    assert (killed, last.returncode, last.stderr) == (KILLS, 0, "")
    assert copies(queue) == everybody_once()
    assert list(counts().values()) == [Counts(planned=READERS, sent=READERS)]
    assert [path for path in queue.outbox.rglob(".*") if path.suffix == ".part"] == []


def test_two_senders_at_once_double_nothing(queue: Home) -> None:
    """The database decides: no batch is made twice, and each reader is in one that was taken."""
    senders = [queue.start("send", "--until-empty") for _ in range(2)]
    ended = [(*sender.communicate(timeout=120), sender.returncode) for sender in senders]

    assert [(err, code) for _, err, code in ended] == [("", 0), ("", 0)]
    assert copies(queue) == everybody_once()
    assert list(counts().values()) == [Counts(planned=READERS, sent=READERS)]
    assert set(Batch.objects.values_list("state", "submissions")) == {("accepted", 1)}
    assert Batch.objects.count() == READERS / 100


NOTICES = 60


def test_a_sender_killed_among_notices_loses_and_doubles_none(home: Home) -> None:
    """X1, class a, one to a batch: each kill falls somewhere between a claim and its answer."""
    take_configuration(home.path / "content" / "clinic.toml", now=factories.NOW)
    for number in range(NOTICES):
        factories.notice(f"reader-{number}@example.com")
    chance = random.Random(20261128)
    killed = 0
    for _ in range(KILLS):
        target = len(noticed(home)) + chance.randrange(1, NOTICES // KILLS)
        sender = home.start("send", "--until-empty")
        while len(noticed(home)) < target and sender.poll() is None:
            time.sleep(0.001)
        sender.send_signal(signal.SIGKILL)
        sender.communicate()
        killed += sender.returncode == -signal.SIGKILL
        age_leases()

    last = home.run("send", "--until-empty")

    assert (killed, last.returncode, last.stderr) == (KILLS, 0, "")
    addresses = Counter(message["To"] for message in map(read, noticed(home)))
    assert addresses == {f"reader-{number}@example.com": 1 for number in range(NOTICES)}
    assert notice_counts() == {"confirm": Counts(planned=NOTICES, sent=NOTICES)}
    assert not Batch.objects.exclude(frozen=None).exists()


def noticed(home: Home) -> list[Path]:
    return sorted(home.outbox.glob("notices/*.eml"))


def read(path: Path) -> Message:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
