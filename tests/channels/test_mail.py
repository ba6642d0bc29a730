"""What every mail API has in common: headers are looked at before the wire is touched."""

import pytest

from pipeline.channels.mailgun import MailgunChannel
from pipeline.errors import RefusedError
from tests.channels.letters import BREAKS, EAI, NO_ADDRESS, letter, reader
from tests.channels.mailgun_server import MailgunServer


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


def test_error_keeps_the_payload_out_of_tracebacks(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.close()
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
