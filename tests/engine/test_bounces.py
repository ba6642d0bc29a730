"""What comes back to the mailbox for bounces reaches the delivery it was of, and nothing else."""

import datetime as dt
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from pipeline.audience.models import Suppression
from pipeline.channels.imap import LARGEST, MOST, mailbox_of_settings
from pipeline.channels.smtp import SmtpChannel
from pipeline.engine.bounces import read_bounces
from pipeline.engine.passes import tick
from pipeline.errors import SettingError
from pipeline.events.models import Event
from pipeline.outbox.models import BounceMailbox, Delivery
from tests import factories
from tests.channels.bounces import BOUNCES, complaint, delivery_report, way
from tests.channels.certificates import self_signed
from tests.channels.imap_server import PASSWORD, USER, ImapServer
from tests.channels.smtp import channel_to
from tests.channels.smtp_sink import Fault, SmtpSink
from tests.factories import NOW
from tests.home import Home
from tests.outbox.steps import drain, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

READERS = 4


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    server = SmtpSink()
    yield server
    server.close()


@pytest.fixture
def channel(sink: SmtpSink) -> Iterator[SmtpChannel]:
    """A channel to it."""
    with channel_to(sink, timeout=2) as made:
        yield made


@pytest.fixture
def imap(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    """The mailbox."""
    server = ImapServer()
    given = {"HOST": "127.0.0.1", "PORT": str(server.port), "USE_SSL": "no"}
    monkeypatch.setattr(settings, "IMAP", {**given, "USER": USER, "PASSWORD": PASSWORD})
    monkeypatch.setattr(settings, "EMAIL", {"BOUNCE_ADDRESS": BOUNCES})
    yield server
    server.close()


def look(minute: int = 0) -> list[str]:
    """Read the mailbox so many minutes later; what could not be read."""
    return [str(error) for error in read_bounces(now=NOW + dt.timedelta(minutes=minute))]


def came_back(sink: SmtpSink, reader: int) -> str:
    """The return path of what one reader was sent."""
    address = f"reader-{reader}@example.com"
    return next(taken.sender for taken in sink.taken if taken.recipient == address)


def state(reader: int) -> str:
    return Delivery.objects.get(subscriber__address=f"reader-{reader}@example.com").state


def test_reports_reach_the_deliveries_they_are_of(
    channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    """D28, D29: what ends an address ends it; what may pass does not; a complaint is for ever."""
    factories.queued_issue(READERS)
    drain(channel, now=NOW)
    imap.put(
        delivery_report(came_back(sink, 0)),
        delivery_report(came_back(sink, 1), action="failed", status="4.2.2"),
        complaint(came_back(sink, 2)),
        delivery_report(came_back(sink, 3), action="delivered", status="2.0.0"),
    )
    assert look() == []
    assert [state(reader) for reader in range(READERS)] == [
        "bounced",
        "bounced",
        "complained",
        "delivered",
    ]
    assert sorted(Suppression.objects.values_list("reason", flat=True)) == ["bounced", "complained"]
    assert Delivery.objects.get(subscriber__address="reader-0@example.com").reason == (
        "no such address: 5.1.1: 550 5.1.1 … no such user"
    )


def test_report_settles_what_nobody_was_sure_of(
    channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    """Class c: an event says that it had gone out."""
    factories.queued_issue(2)
    sink.misbehave(Fault(at="dot", reply=b"", end="cut", accepts=True))
    drain(channel, now=NOW)
    assert states() == {"unknown": 1, "accepted": 1}
    imap.put(delivery_report(came_back(sink, 0), action="delayed", status="4.4.1"))
    assert look() == []
    assert states() == {"accepted": 2}


def test_notice_that_came_back_is_known_by_its_own_token(
    channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    factories.configured()
    notice = factories.notice("ana@example.com")
    drain(channel, now=NOW)
    imap.put(delivery_report(sink.taken[0].sender))
    assert look() == []
    notice.refresh_from_db()
    assert notice.state == "bounced"


def test_forged_report_changes_nothing(
    channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    factories.queued_issue(2)
    drain(channel, now=NOW)
    delivery = Delivery.objects.earliest("pk").pk
    imap.put(
        delivery_report(way(token=f"{delivery}-{'a' * 32}")),
        delivery_report(re.sub(r"\+\d+", "+999", came_back(sink, 0))),
        delivery_report(way(999_999)),
        delivery_report("letter@harbour-street.example.com"),
    )
    assert look() == []
    assert states() == {"accepted": 2}
    assert not Event.objects.exists()
    assert not Suppression.objects.exists()


def test_mail_is_read_once_and_the_same_report_counts_once(
    channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    """X12: read again because the numbers began anew, it is the same event."""
    factories.queued_issue(1)
    drain(channel, now=NOW)
    report = delivery_report(came_back(sink, 0), status="4.2.2")
    imap.put(report)
    look()
    look(1)
    imap.put(report)
    look(2)
    assert imap.fetched == [1, 2]
    imap.validity = 8
    look(3)
    assert imap.fetched == [1, 2, 1, 2]
    assert Event.objects.count() == 1
    assert BounceMailbox.objects.get().read_up_to == 2


def test_mailbox_is_not_asked_more_than_once_a_minute(imap: ImapServer) -> None:
    look()
    look()
    assert imap.commands.count("LOGIN") == 1
    look(1)
    assert imap.commands.count("LOGIN") == 2


def test_nothing_is_changed_in_the_mailbox(imap: ImapServer) -> None:
    imap.put(delivery_report(way()))
    look()
    used = {command.split(" ")[0] for command in imap.commands}
    assert used == {"CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT"}
    assert all("PEEK" in command for command in imap.commands if "FETCH" in command)


def test_malformed_and_huge_mails_hide_no_other(
    channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    factories.queued_issue(1)
    drain(channel, now=NOW)
    huge = delivery_report(came_back(sink, 0)).replace(b"\r\n--b1--", b"a" * 9_000_000)
    imap.put(b"", b"\x00\xff" * 500, b"To: x\r\n" * 90_000, huge)
    assert look() == []
    assert state(0) == "bounced"
    assert imap.fetched == [1, 2, 3, 4]
    assert len(huge) > LARGEST


def test_many_mails_are_read_in_more_than_one_pass(imap: ImapServer) -> None:
    imap.put(*[b"x"] * (MOST + 3))
    look()
    assert BounceMailbox.objects.get().read_up_to == MOST
    look(1)
    assert BounceMailbox.objects.get().read_up_to == MOST + 3


def test_mail_that_was_deleted_meanwhile_is_passed_over(imap: ImapServer) -> None:
    imap.put(b"x", b"x")
    imap.says["UID-FETCH"] = "<tag> OK done\r\n"
    assert look() == []
    assert BounceMailbox.objects.get().read_up_to == 2


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("LOGIN", "<tag> NO bounces@example.com is locked\r\n"),
        ("LOGIN", ""),
        ("EXAMINE", "<tag> NO no such folder\r\n"),
        ("UID-SEARCH", "<tag> BAD what\r\n"),
        ("UID-SEARCH", "* SEARCH one two\r\n<tag> OK done\r\n"),
        ("UID-FETCH", "<tag> BAD what\r\n"),
        ("UID-FETCH", "* 1 FETCH (UID 1 BODY[]<0> {90}\r\nshort"),
        ("CAPABILITY", "<html>\r\n"),
    ],
)
def test_mailbox_that_cannot_be_read_is_told_and_read_the_next_time(
    imap: ImapServer, command: str, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    """P8: without the address that the server's words name."""
    imap.put(b"x")
    imap.says[command] = answer
    if command == "UID-FETCH" and "short" in answer:
        imap.hang_up_after = command
    with caplog.at_level(logging.WARNING):
        [told] = look()
    assert told.startswith("the mailbox at 127.0.0.1")
    assert "@" not in told + caplog.text
    imap.says.clear()
    imap.hang_up_after = ""
    assert look(1) == []
    assert BounceMailbox.objects.get().read_up_to == 1


def test_mailbox_that_is_gone_is_told(imap: ImapServer) -> None:
    imap.close()
    assert look() == ["the mailbox at 127.0.0.1 cannot be read."]


def test_folder_of_another_alphabet_is_told(
    imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "IMAP", {**settings.IMAP, "FOLDER": "Rückläufer"})
    assert look() == ["the mailbox at 127.0.0.1 cannot be read."]


def test_mailbox_is_read_by_tls_and_elsewhere_believed_by_its_certificate(
    tmp_path: Path, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ImapServer(tls=self_signed(tmp_path))
    given = {**settings.IMAP, "PORT": str(server.port), "USE_SSL": ""}
    monkeypatch.setattr(settings, "IMAP", given)
    assert look() == []
    assert server.commands.count("LOGIN") == 1
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("pipeline.channels.imap.is_loopback", lambda _: False)
        assert look(1) == ["the mailbox at 127.0.0.1 shows a certificate that is not believed."]
    server.close()
    assert server.commands.count("LOGIN") == 1


def test_scheduler_reads_it(
    home: Home, channel: SmtpChannel, sink: SmtpSink, imap: ImapServer
) -> None:
    factories.queued_issue(1)
    drain(channel, now=NOW)
    imap.put(delivery_report(came_back(sink, 0)))
    tick(now=NOW, actor="test")
    assert state(0) == "bounced"


def test_without_a_mailbox_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMAP", {})
    assert look() == []
    assert not BounceMailbox.objects.exists()


def test_mailbox_without_an_address_for_bounces_is_told(
    imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EMAIL", {})
    [told] = look()
    assert told.startswith("IMAP_HOST names a mailbox for bounces, and EMAIL_BOUNCE_ADDRESS no")


GOOD = {"HOST": "imap.example.com", "USER": "u", "PASSWORD": "secret"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"USER": ""}, "IMAP_USER is not set"),
        ({"PASSWORD": ""}, "IMAP_PASSWORD is not set"),
        ({"USE_SSL": "off"}, "the password for imap.example.com would be sent in the clear"),
        ({"PORT": "many"}, "IMAP_PORT is not a number from 1 to 65535"),
        ({"PORT": "70000"}, "IMAP_PORT is not a number from 1 to 65535"),
    ],
)
def test_setting_that_is_wrong_is_told(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], told: str
) -> None:
    monkeypatch.setattr(settings, "IMAP", {**GOOD, **changes})
    with pytest.raises(SettingError, match=told) as refused:
        mailbox_of_settings()
    assert "secret" not in str(refused.value)


def test_settings_name_the_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMAP", dict(GOOD))
    found = mailbox_of_settings()
    assert found is not None
    assert (found.port, found.secure, found.folder) == (993, True, "INBOX")
    assert "secret" not in repr(found)
