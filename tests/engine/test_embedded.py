"""Everything in one process: the bell goes on ringing, whatever a pass meets."""

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import override_settings

from pipeline.audience.models import JoinRequest
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.revisions import take_configuration
from pipeline.channels.folder import FolderChannel
from pipeline.engine import embedded
from pipeline.engine.embedded import Embedded
from pipeline.errors import SettingError
from pipeline.events.take import LARGEST_BODY
from pipeline.outbox.letter import Channel, Safety
from pipeline.outbox.models import Batch
from tests import factories
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import SHORT, wait_until, write
from tests.outbox.channels import ListChannel, fails
from tests.outbox.steps import batch_states, notice_states, states
from tests.web.forms import opened

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bell that rings every second, and a sender that hardly rests."""
    monkeypatch.setattr(embedded, "TICK_SECONDS", 1)
    monkeypatch.setattr(embedded, "SEND_SECONDS", 0.05)


@pytest.fixture
def ready(small: Home) -> Home:
    """The small home with its configuration read."""
    take_configuration(small.path / "content" / "clinic.toml", now=NOW)
    return small


class Log(logging.Handler):
    """What the engine logs; ``caplog`` misses it, for the engine sets logging up anew."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)

    @property
    def told(self) -> list[str]:
        """Its messages."""
        return [record.getMessage() for record in self.records]


@contextmanager
def running(channel: Channel, log: Log | None = None) -> Iterator[Embedded]:
    """An embedded engine on a thread, ended with the block."""
    engine = Embedded(channel, host="127.0.0.1", port=0, actor="Mara Ellison")
    ended = threading.Event()
    if log is not None:
        embedded.log.addHandler(log)

    def run() -> None:
        engine.run()
        connection.close()
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield engine
    finally:
        engine.stop()
        thread.join(timeout=30)
        embedded.log.handlers.clear()
    assert ended.is_set()


def test_it_takes_in_releases_delivers_and_lays_out(ready: Home) -> None:
    with running(FolderChannel(ready.outbox)):
        wait_until(lambda: Issue.objects.filter(state=Issue.State.SENT).exists())
        page = ready.outbox / "index.html"
        wait_until(lambda: page.exists() and "24 sent" in page.read_text("utf-8"))

    assert states() == {"accepted": 24}
    assert batch_states() == {"accepted": 1}
    assert len(list(ready.outbox.glob("*/issue.html"))) == 2


def test_a_new_file_is_taken_in_by_itself(ready: Home) -> None:
    with running(FolderChannel(ready.outbox)):
        wait_until(lambda: Campaign.objects.count() == 1)

        write(ready, "articles/cold-feet.md", SHORT.replace("Warm hands", "Cold feet"))

        wait_until(lambda: Campaign.objects.filter(title="Cold feet").exists())
        wait_until(lambda: len(list(ready.outbox.glob("*-cold-feet-part-2/issue.html"))) == 1)


def test_a_broken_file_is_told_once_and_holds_up_nothing(ready: Home) -> None:
    broken = write(ready, "articles/broken.md", "")
    log = Log()

    with running(FolderChannel(ready.outbox), log):
        wait_until(lambda: states() == {"accepted": 24})
        write(ready, "articles/cold-feet.md", SHORT.replace("Warm hands", "Cold feet"))
        wait_until(lambda: Campaign.objects.filter(title="Cold feet").exists())
        broken.write_text(SHORT.replace("Warm hands", "Mended"), "utf-8")
        wait_until(lambda: Campaign.objects.filter(title="Mended").exists())

    assert log.told == [f"{broken}: the file is empty. Write the article into it."]


def test_a_pass_that_fails_does_not_silence_the_bell(ready: Home) -> None:
    """A table is away for a while, as after a mistake on the database's own command line."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pipeline_subscription RENAME TO away")
    failed = "a pass failed; the next one comes"
    log = Log()

    with running(FolderChannel(ready.outbox), log):
        wait_until(lambda: failed in log.told)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO pipeline_subscription")
        wait_until(lambda: states() == {"accepted": 24})


def test_an_error_a_person_can_mend_is_told_in_one_line(ready: Home) -> None:
    """The page's template is broken while the letters go out."""
    override = ready.path / "templates" / "outbox" / "index.html"
    override.parent.mkdir(parents=True)
    override.write_text("{{ nothing }}", "utf-8")
    log = Log()

    with running(FolderChannel(ready.outbox), log):
        wait_until(lambda: states() == {"accepted": 24})
        wait_until(lambda: log.records)

    assert all(record.exc_info is None for record in log.records)
    assert all(told.startswith(f"{override}, line 1: ") for told in log.told)


def test_a_batch_whose_sending_failed_oddly_is_taken_over_within_its_lease(ready: Home) -> None:
    """The heartbeat of the sender that failed must not keep it for ever."""
    (ready.path / "content" / "articles" / "warm-hands.md").unlink()
    factories.queued_issue(3)
    channel = ListChannel(Safety.KEYED)
    channel.timeout = dt.timedelta(seconds=-4.7)  # a lease of 0.6 s
    channel.before = fails(RuntimeError("a fault of ours"))
    log = Log()

    with running(channel, log):
        wait_until(lambda: states() == {"accepted": 3})

    assert log.told == ["a pass failed; the next one comes"]
    assert (Batch.objects.get().submissions, set(channel.copies().values())) == (2, {1})


def test_told_to_stop_it_ends_after_the_batch_under_way(ready: Home) -> None:
    (ready.path / "content" / "articles" / "warm-hands.md").unlink()
    factories.queued_issue(9)
    channel = ListChannel(batch_size=3)

    with running(channel) as engine:
        channel.before = lambda _letter: engine.stop()
        wait_until(lambda: channel.taken)

    assert (len(channel.taken), states()) == (3, {"accepted": 3, "pending": 6})
    assert batch_states() == {"accepted": 1}


def test_the_pages_are_served(ready: Home) -> None:
    with running(FolderChannel(ready.outbox)) as engine:
        parts = urlsplit(engine.address)
        assert parts.hostname is not None
        web = HTTPConnection(parts.hostname, parts.port, timeout=30)
        web.request("GET", "/u/nonsense")
        answer = web.getresponse()
        assert (answer.status, b"<h1" in answer.read()) == (404, True)
        for path, size, status in (
            ("/u/nonsense", 70_000, 413),
            ("/hooks/brevo/", 70_000, 503),
        ):
            web.request("POST", path, b"x" * size)
            answer = web.getresponse()
            assert (answer.status, answer.read() != b"x") == (status, True)
        web.putrequest("POST", "/hooks/brevo/")
        web.putheader("Content-Length", str(LARGEST_BODY + 1))
        web.endheaders()
        assert web.getresponse().status == 413
        web.close()


def test_behind_a_proxy_people_are_told_apart_by_their_own_networks_s16(ready: Home) -> None:
    with running(FolderChannel(ready.outbox)) as engine:
        address = urlsplit(engine.address)
        assert address.hostname is not None
        with override_settings(MERIDIAN_TRUSTED_PROXIES=1):
            for number in range(12):
                web = HTTPConnection(address.hostname, address.port, timeout=30)
                body = urlencode({"address": f"a{number}@example.com", "form": opened()})
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Forwarded-For": f"203.0.113.7, 10.0.{number}.1",
                }
                web.request("POST", "/subscribe/weekly", body, headers)
                assert web.getresponse().status == 200
                web.close()
    assert JoinRequest.objects.values("origin_hash").distinct().count() == 12


@pytest.mark.parametrize(
    ("host", "start"), [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_the_address_names_the_real_port(ready: Home, host: str, start: str) -> None:
    try:
        engine = Embedded(FolderChannel(ready.outbox), host=host, port=0, actor="Mara Ellison")
    except SettingError:
        pytest.skip("this machine has no IPv6")
    try:
        assert engine.address.startswith(start)
        assert int(engine.address.rpartition(":")[2]) > 0
    finally:
        engine.stop()
        engine.run()
        connection.close()


def test_a_port_is_given_back(ready: Home) -> None:
    with running(FolderChannel(ready.outbox)) as engine:
        port = int(engine.address.rpartition(":")[2])

    again = Embedded(FolderChannel(ready.outbox), host="127.0.0.1", port=port, actor="Mara Ellison")

    assert again.address == f"http://127.0.0.1:{port}"
    again.stop()
    again.run()
    connection.close()


def test_a_notice_goes_out_while_it_runs(ready: Home) -> None:
    channel = ListChannel()
    with running(channel):
        factories.notice("ben@example.com")
        wait_until(lambda: notice_states() == {"accepted": 1})
    assert channel.copies()["ben@example.com"] == 1


def test_why_a_notice_cannot_be_made_is_logged_once(ready: Home) -> None:
    factories.notice("ben@example.com", newsletter="gone")
    log = Log()
    with running(ListChannel(), log):
        wait_until(lambda: any("the newsletter gone" in told for told in log.told))
    assert sum("the newsletter gone" in told for told in log.told) == 1
