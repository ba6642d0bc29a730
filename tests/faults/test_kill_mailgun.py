"""kill -9 while a provider has the call: the provider's own count is the witness."""

import datetime as dt
import signal
import time
from collections.abc import Iterator

import pytest
from django.db.models import F

from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber, Subscription
from pipeline.campaigns.revisions import take_configuration
from pipeline.outbox.counts import Counts, counts, notice_counts
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.channels.api_server import ApiServer, Fault
from tests.channels.providers import PROVIDERS, Provider
from tests.home import Home
from tests.outbox.steps import LONG_AGO

pytestmark = [pytest.mark.faults, pytest.mark.database]

READERS = 2_500
# One of each class: it is looked up, or knows our key.
KILLED = [provider for provider in PROVIDERS if provider.name in {"mailgun", "resend"}]
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture(params=KILLED, ids=lambda provider: provider.name)
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
def queue(home: Home, provider: Provider, server: ApiServer) -> Home:
    """A real home with an issue queued for so many readers and the provider as its way out."""
    use(home, provider, server)
    issue = factories.issue()
    addresses = [f"reader-{number}@example.com" for number in range(READERS)]
    readers = Subscriber.objects.bulk_create(
        Subscriber(address=address, address_hash=address_hash(address), created_at=factories.NOW)
        for address in addresses
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=reader,
            newsletter=issue.newsletter,
            state=Subscription.State.ACTIVE,
            changed_at=factories.NOW,
        )
        for reader in readers
    )
    Delivery.objects.bulk_create(
        Delivery(
            issue=issue,
            subscriber=reader,
            state=Delivery.State.PENDING,
            due_at=factories.NOW,
            changed_at=factories.NOW,
        )
        for reader in readers
    )
    return home


def use(home: Home, provider: Provider, server: ApiServer) -> None:
    """Make it a real home, no demo, with the provider as its way out."""
    home.change("clinic.toml", "demo = true", "demo = false")
    home.env |= {
        "MERIDIAN_URL": "https://letters.example.com",
        "MERIDIAN_MAIL_API": provider.name,
        **{f"ANYMAIL_{name}": value for name, value in provider.settings.items()},
        f"ANYMAIL_{provider.address}": server.url,
    }
    take_configuration(home.path / "content" / "clinic.toml", now=factories.NOW)


def an_hour_passes() -> None:
    """Leases end and every wait is over: written back, not slept through."""
    waiting = Batch.objects.filter(settled_at__isnull=True)
    waiting.update(lease_until=LONG_AGO)
    waiting.filter(retry_at__isnull=False).update(retry_at=LONG_AGO)
    waiting.filter(first_submit_at__isnull=False).update(
        first_submit_at=F("first_submit_at") - AN_HOUR,
        last_submit_at=F("last_submit_at") - AN_HOUR,
    )


def kill_during_the_next_call(home: Home, server: ApiServer, *, accepts: bool) -> None:
    """Start a sender and kill it while the provider holds its call."""
    server.misbehave(Fault(accepts=accepts, stalls=True))
    calls = server.posts()
    sender = home.start("send", "--until-empty")
    while server.posts() == calls:
        assert sender.poll() is None, sender.communicate()
        time.sleep(0.001)
    if accepts:
        while server.posts() == calls:
            time.sleep(0.001)
    sender.send_signal(signal.SIGKILL)
    sender.communicate()
    assert sender.returncode == -signal.SIGKILL


@pytest.mark.parametrize("accepts", [True, False], ids=["taken", "not-taken"])
def test_a_sender_killed_during_a_call_doubles_and_loses_nothing(
    queue: Home, server: ApiServer, accepts: bool
) -> None:
    """X1, classes a and b: what was taken is replayed or found; what was not is sent, once."""
    kill_during_the_next_call(queue, server, accepts=accepts)
    for _ in range(3):
        an_hour_passes()
        queue.run("send", "--until-empty")

    assert set(server.received().values()) == {1}
    assert len(server.received()) == READERS
    assert list(counts().values()) == [Counts(planned=READERS, sent=READERS)]


def test_two_senders_at_once_hand_nothing_over_twice(
    queue: Home, provider: Provider, server: ApiServer
) -> None:
    senders = [queue.start("send", "--until-empty") for _ in range(2)]
    ended = [(*sender.communicate(timeout=120), sender.returncode) for sender in senders]

    assert [(err, code) for _, err, code in ended] == [("", 0), ("", 0)]
    channel = provider.opened(server.url)
    channel.close()
    assert server.posts() == -(-READERS // channel.batch_size)
    assert set(server.received().values()) == {1}
    assert len(server.received()) == READERS


@pytest.mark.parametrize("accepts", [True, False], ids=["taken", "not-taken"])
def test_a_sender_killed_during_the_call_of_a_notice_sends_it_once(
    home: Home, provider: Provider, server: ApiServer, accepts: bool
) -> None:
    """X1, classes a and b: one mail to the person, whether the killed call was taken or not."""
    use(home, provider, server)
    factories.notice("ana@example.com")
    factories.notice("ben@example.com")
    kill_during_the_next_call(home, server, accepts=accepts)
    for _ in range(3):
        an_hour_passes()
        home.run("send", "--until-empty")

    assert server.received() == {"ana@example.com": 1, "ben@example.com": 1}
    assert notice_counts() == {"confirm": Counts(planned=2, sent=2)}
    assert not Batch.objects.exclude(frozen=None).exists()
