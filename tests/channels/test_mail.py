"""What every mail API has in common: headers are looked at before the wire is touched."""

import pytest
from anymail.backends.mailgun import EmailBackend
from anymail.exceptions import AnymailCancelSend
from anymail.message import AnymailMessage
from anymail.signals import pre_send

from pipeline.channels.mail import message_for, send, sort_out
from pipeline.channels.mailgun import MailgunChannel
from pipeline.errors import RefusedError
from tests.channels.letters import BREAKS, EAI, NO_ADDRESS, letter, reader
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize(
    "name", ["subject", "from_name", "reply_to", "list_name", "list_id", "folder"]
)
def test_injection_in_a_letter_never_reaches_the_wire(
    channel: MailgunChannel, mailgun: MailgunServer, name: str, broken: str
) -> None:
    with pytest.raises(RefusedError, match="line break") as refused:
        channel.submit(letter(2, **{name: f"é{broken}Bcc: eve@example.com"}))
    assert refused.value.final
    assert mailgun.calls == []


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize("name", ["name", "address"])
def test_injection_by_a_reader_never_reaches_the_wire(
    channel: MailgunChannel, mailgun: MailgunServer, name: str, broken: str
) -> None:
    with pytest.raises(RefusedError, match=r"no reader can be written to: .*line break") as refused:
        channel.submit(letter(recipients=(reader(**{name: f"é{broken}eve@example.com"}),)))
    assert refused.value.final
    assert "eve@" not in str(refused.value)
    assert mailgun.calls == []


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_reader_without_one_address_is_left_out_and_the_others_get_theirs(
    channel: MailgunChannel, mailgun: MailgunServer, address: str
) -> None:
    receipt = channel.submit(letter(recipients=(reader(1), reader(2, address=address), reader(3))))
    assert set(receipt.accepted) == {1, 3}
    assert set(receipt.refused) == {2}
    assert receipt.refused[2].endswith(" is not one that mail servers take.")
    assert mailgun.received() == {"reader-1@example.com": 1, "reader-3@example.com": 1}


@pytest.mark.parametrize("address", EAI)
def test_d23_reader_with_letters_this_api_cannot_carry_is_left_out_with_the_reason(
    channel: MailgunChannel, mailgun: MailgunServer, address: str
) -> None:
    receipt = channel.submit(letter(recipients=(reader(1), reader(2, address=address))))
    assert receipt.refused == {
        2: "an address has letters outside ASCII before the @, which this way out refuses."
    }
    assert mailgun.received() == {"reader-1@example.com": 1}


def test_reader_with_a_hostile_name_is_left_out_and_the_others_get_theirs(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    hostile = reader(2, name="x\r\nBcc: eve@example.com")
    receipt = channel.submit(letter(recipients=(reader(1), hostile)))
    assert set(receipt.accepted) == {1}
    assert set(receipt.refused) == {2}
    assert "eve" not in str(mailgun.forms)


def test_domain_outside_ascii_becomes_punycode(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    recipients = (reader(1, address="ana@bücher.example"),)
    receipt = channel.submit(letter(recipients=recipients, from_address="brief@müller.example"))
    assert set(receipt.accepted) == {1}
    assert mailgun.stored[0].recipient == "ana@xn--bcher-kva.example"
    assert mailgun.stored[0].sender.endswith("<brief@xn--mller-kva.example>")
    assert "@@" not in mailgun.stored[0].text
    assert "%recipient" not in mailgun.stored[0].text


@pytest.fixture
def backend(mailgun: MailgunServer) -> EmailBackend:
    """A backend of Anymail's, as providers use it whose call is not written by hand."""
    return EmailBackend(api_key=KEY, sender_domain=DOMAIN, api_url=mailgun.url)


def test_message_that_is_called_off_on_this_side_is_not_taken_for_sent(
    backend: EmailBackend, mailgun: MailgunServer
) -> None:
    def call_off(**named: object) -> None:
        raise AnymailCancelSend

    pre_send.connect(call_off)
    try:
        with pytest.raises(RefusedError, match="called off"):
            send(backend, message_for(letter(), sort_out(letter())[0], field=str))
    finally:
        pre_send.disconnect(call_off)
    assert mailgun.calls == []


def test_message_that_anymail_cannot_write_is_refused_without_an_address(
    backend: EmailBackend, mailgun: MailgunServer
) -> None:
    message = AnymailMessage(subject="s", body="b", to=["eve@@example.com"])
    with pytest.raises(RefusedError) as refused:
        send(backend, message)
    assert refused.value.final
    assert refused.value.message.startswith("the letter cannot be written for Mailgun: ")
    assert "eve" not in str(refused.value)
    assert mailgun.calls == []


def test_error_keeps_the_payload_out_of_tracebacks(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.close()
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_message_has_no_reply_address_if_the_letter_has_none() -> None:
    sent = letter(reply_to="")
    good, _ = sort_out(sent)
    assert message_for(sent, good, field=str.upper).reply_to == []
