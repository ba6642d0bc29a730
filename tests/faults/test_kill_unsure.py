"""kill -9 while a provider has the call that can never tell what it took (class c)."""

import random
import signal
import time
from collections.abc import Iterator

import pytest

from pipeline.outbox.counts import Counts, counts, notice_counts
from pipeline.outbox.models import Delivery
from tests import factories
from tests.channels.api_server import ApiServer, Fault
from tests.channels.providers import PROVIDERS, UNTOLD, Provider
from tests.faults.test_kill_mailgun import an_hour_passes, use
from tests.home import Home

pytestmark = [pytest.mark.faults, pytest.mark.database]

READERS = 60
KILLS = 6
UNSURE = [next(provider for provider in PROVIDERS if provider.name == "ses"), UNTOLD]


@pytest.fixture(params=UNSURE, ids=lambda provider: provider.name)
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each in turn."""
    made: Provider = request.param
    return made


@pytest.fixture
def server(provider: Provider) -> Iterator[ApiServer]:
    """The provider on loopback."""
    made = provider.server()
    yield made
    made.close()


@pytest.fixture
def real(home: Home, provider: Provider, server: ApiServer) -> Home:
    """A real home, no demo, with the provider as its way out."""
    use(home, provider, server)
    return home


def kill(home: Home, server: ApiServer, *, after: int, taken: bool) -> None:
    """Start a sender, let so many calls pass, and kill it while the provider holds one."""
    calls = server.posts()
    sender = home.start("send", "--until-empty")
    while server.posts() < calls + after:
        assert sender.poll() is None, sender.communicate()
        time.sleep(0.0005)
    server.misbehave(Fault(accepts=taken, stalls=True))
    # The fault is of the next call; the one that holds it has no answer.
    while server.faulty():
        assert sender.poll() is None, sender.communicate()
        time.sleep(0.0005)
    sender.send_signal(signal.SIGKILL)
    sender.communicate()
    assert sender.returncode == -signal.SIGKILL


def test_x2_nobody_is_doubled_and_whoever_got_nothing_is_unknown(
    real: Home, server: ApiServer
) -> None:
    """No more are unknown than there were kills: one call was open at each."""
    factories.queued_issue(READERS)
    chance = random.Random(20261128)
    for number in range(KILLS):
        kill(real, server, after=chance.randrange(1, 6), taken=number % 2 == 0)
        an_hour_passes()
    last = real.run("send", "--until-empty")

    assert (last.returncode, last.stderr) == (0, "")
    assert set(server.received().values()) == {1}
    sent = READERS - KILLS
    assert list(counts().values()) == [Counts(planned=READERS, sent=sent, unknown=KILLS)]
    got = set(server.received())
    unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN)
    unsure = set(unknown.values_list("subscriber__address", flat=True))
    everybody = {f"reader-{number}@example.com" for number in range(READERS)}
    assert everybody - got <= unsure
    assert len(everybody - got) == KILLS // 2


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not-taken"])
def test_x2_a_notice_is_sent_at_most_once(real: Home, server: ApiServer, taken: bool) -> None:
    factories.notice("ana@example.com")
    factories.notice("ben@example.com")
    kill(real, server, after=0, taken=taken)
    for _ in range(2):
        an_hour_passes()
        real.run("send", "--until-empty")

    assert server.received() == {"ben@example.com": 1, **({"ana@example.com": 1} if taken else {})}
    assert notice_counts() == {"confirm": Counts(planned=2, sent=1, unknown=1)}
