"""Notices on every way out: to one person, of no list, written by a program (D14, D25)."""

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from pipeline.channels.folder import FolderChannel
from pipeline.channels.mailgun import MailgunChannel
from pipeline.channels.message import build_message
from pipeline.errors import RefusedError
from pipeline.outbox.letter import Receipt
from tests.channels.letters import BREAKS, HOME, NO_ADDRESS, notice, reader
from tests.channels.mailgun_server import MailgunServer

LINK = f"{HOME}/confirm/{'t' * 43}"
OF_A_LIST = {"list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id", "precedence"}


def parsed() -> EmailMessage:
    sent = notice()
    content = build_message(sent, sent.recipients[0])
    message = BytesParser(policy=email.policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def test_a_notice_is_of_no_list_and_says_that_a_program_wrote_it_d14_d25() -> None:
    message = parsed()
    assert {name.lower() for name in message} & OF_A_LIST == set()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"].addresses[0].addr_spec == "notices@harbour-street.example.com"


def test_a_notice_has_exactly_one_of_what_each_mail_has_d16() -> None:
    message = parsed()
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted"):
        assert len(message.get_all(name, [])) == 1
    assert message["To"] == "reader-1@example.com"
    assert message["Message-ID"] == f"<{1:032x}@harbour-street.example.com>"


def test_the_link_stands_in_both_parts() -> None:
    for kind in ("html", "plain"):
        body = parsed().get_body((kind,))
        assert body is not None
        assert LINK in body.get_content()
        assert "@@" not in body.get_content()


def test_the_folder_keeps_notices_apart(tmp_path: Path) -> None:
    sent = notice()
    assert FolderChannel(tmp_path).submit(sent) == Receipt(accepted={1: sent.key})
    (file,) = tmp_path.rglob("*.eml")
    assert file == tmp_path / "notices" / "000001-reader-1@example.com.eml"
    assert file.read_bytes() == FolderChannel(tmp_path).serialize(sent)


def test_mailgun_takes_a_notice_by_a_call_of_its_own(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    """P1: tracking is off, as it is for letters; the provider gets no name."""
    sent = notice()
    receipt = channel.submit(sent)
    (stored,) = mailgun.stored
    assert receipt.accepted == {1: f"<{stored.id}>"}
    assert {name.lower() for name in stored.headers} & OF_A_LIST == set()
    assert stored.headers["Auto-Submitted"] == "auto-generated"
    assert stored.options["o:tracking"] == "no"
    assert (stored.to, stored.variables) == ((("", "reader-1@example.com"),), {"batch": sent.key})
    assert LINK in stored.html
    assert LINK in stored.text
    assert channel.serialize(sent) == channel.serialize(notice())
    assert channel.look_up(sent, since=sent.date) == receipt.accepted


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize("name", ["subject", "from_name", "from_address", "reply_to"])
def test_injection_in_a_notice_never_reaches_the_wire_s14(
    channel: MailgunChannel, mailgun: MailgunServer, name: str, broken: str
) -> None:
    sent = notice(**{name: f"é{broken}Bcc: eve@example.com"})
    with pytest.raises(RefusedError, match="line break"):
        channel.submit(sent)
    with pytest.raises(RefusedError, match="line break"):
        build_message(sent, sent.recipients[0])
    assert mailgun.calls == []


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_gets_no_notice_s15(
    channel: MailgunChannel, mailgun: MailgunServer, address: str
) -> None:
    to = reader(1, name="", address=address, values={"confirm_url": LINK})
    with pytest.raises(RefusedError, match="no reader can be written to"):
        channel.submit(notice(recipients=(to,)))
    assert mailgun.calls == []


def test_a_link_that_is_none_is_refused(tmp_path: Path) -> None:
    to = reader(1, name="", values={"confirm_url": "https://clinic.example.com/a b"})
    receipt = FolderChannel(tmp_path).submit(notice(recipients=(to,)))
    assert receipt.refused == {1: "the confirm link is no web address in ASCII."}
