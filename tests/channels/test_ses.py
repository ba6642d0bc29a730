"""What is Amazon SES's own, at a real server that speaks its wire format."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.channels.message import build_message
from pipeline.channels.ses import SesChannel
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.letter import Receipt, Safety
from tests.channels.api_server import Fault
from tests.channels.letters import letter, notice, reader
from tests.channels.ses_server import CONFIGURATION_SET, CREDENTIALS, SesServer


@pytest.fixture
def server() -> Iterator[SesServer]:
    """An SES of the test's own."""
    made = SesServer()
    yield made
    made.close()


@pytest.fixture
def channel(server: SesServer) -> Iterator[SesChannel]:
    """A channel to it."""
    made = open_to(server)
    yield made
    made.close()


def open_to(server: SesServer, **changes: str) -> SesChannel:
    return SesChannel(
        credentials=replace(CREDENTIALS, **changes),
        configuration_set=CONFIGURATION_SET,
        api_url=server.url,
        timeout=dt.timedelta(seconds=2),
    )


def test_message_goes_out_as_we_write_it(channel: SesChannel, server: SesServer) -> None:
    receipt = channel.submit(letter())
    (taken,) = server.kept
    assert receipt == Receipt(accepted={1: taken.id})
    assert taken.raw == build_message(letter(), reader())
    assert taken.recipient == "reader-1@example.com"


@pytest.mark.parametrize("text", [".", ".\n..\n.x\n", "x\n.@@first_name@@\n..@@first_name@@.\n"])
def test_dots_arrive_as_they_were_written(
    channel: SesChannel, server: SesServer, text: str
) -> None:
    values = {**reader().values, "first_name": "."}
    sent = letter(text=text, html=text, recipients=(reader(values=values),))
    channel.submit(sent)
    assert server.kept[0].raw == build_message(sent, sent.recipients[0])


def test_tags_tell_events_which_delivery_it_is_p5(channel: SesChannel, server: SesServer) -> None:
    channel.submit(letter(recipients=(reader(7),)))
    assert server.kept[0].metadata == {"batch": letter().key, "delivery": "7"}
    assert b"batch" not in server.kept[0].raw


def test_d26_gmail_counts_complaints_by_issue_and_newsletter(
    channel: SesChannel, server: SesServer
) -> None:
    """SES writes the Feedback-ID itself, with two words of ours."""
    channel.submit(letter())
    channel.submit(letter(folder="2026-03-10-vessels", list_id="kinder.clinic.example"))
    channel.submit(notice())
    assert [kept.feedback for kept in server.kept] == [
        ("2026-03-03-1da2e1", "weekly"),
        ("2026-03-10-fac052", "kinder"),
        ("", ""),
    ]


def test_tracking_is_off_whatever_the_configuration_set_says_p1(
    channel: SesChannel, server: SesServer
) -> None:
    channel.submit(letter())
    channel.submit(notice())
    assert [taken.tracked for taken in server.kept] == [False, False]


def test_domain_outside_ascii_is_sent_as_punycode_d23(
    channel: SesChannel, server: SesServer
) -> None:
    channel.submit(letter(recipients=(reader(address="ana@bücher.example"),)))
    assert server.kept[0].recipient == "ana@xn--bcher-kva.example"


def test_channel_hands_over_one_reader_at_a_time(channel: SesChannel) -> None:
    """X2: a crash leaves one delivery open, no more."""
    assert (channel.name, channel.batch_size, channel.safety) == ("ses", 1, Safety.NEITHER)


@pytest.mark.parametrize(
    "changes", [{"key_id": "AKIDOTHER"}, {"secret": "other"}, {"region": "us-east-1"}], ids=str
)
def test_call_of_another_is_refused_by_the_server(
    server: SesServer, changes: dict[str, str]
) -> None:
    channel = open_to(server, **changes)
    with pytest.raises(RefusedError, match="signature") as refused:
        channel.submit(letter())
    assert not refused.value.final
    channel.close()


def test_signature_is_no_part_of_the_frozen_bytes(channel: SesChannel) -> None:
    """A batch may have waited for hours; its bytes are the same, its signature is not."""
    body = channel.serialize(letter())
    assert b"AWS4" not in body
    assert channel.signed(body)["Authorization"].startswith("AWS4-HMAC-SHA256")


@pytest.mark.parametrize(
    ("refusal", "final"),
    [
        ((400, "BadRequestException", "Missing final '@domain'"), True),
        ((400, "MessageRejected", "The message contains a virus."), True),
        ((400, "MessageRejected", "Email address is not verified. … eve@example.com"), False),
        ((400, "SendingPausedException", "Sending is paused."), False),
        ((400, "AccountSuspendedException", "The account is suspended."), False),
        ((400, "MailFromDomainNotVerifiedException", "Not yet."), False),
        ((400, "LimitExceededException", "Daily quota"), False),
        ((400, "ExpiredTokenException", "The token has expired."), False),
        ((400, "SomethingNew", "Who knows"), False),
        ((400, "", "Who knows"), False),
        ((403, "AccessDeniedException", "ses:ApplyTrackingConfigurationOverrides"), False),
        ((404, "NotFoundException", "Configuration set <x> does not exist."), False),
        ((429, "TooManyRequestsException", "Maximum sending rate exceeded."), False),
    ],
)
def test_refusal_is_final_by_the_name_of_the_error(
    channel: SesChannel, server: SesServer, refusal: tuple[int, str, str], final: bool
) -> None:
    status, name, told = refusal
    headers = {"x-amzn-ErrorType": f"{name}:http://internal.amazon.com/coral/"}
    body = json.dumps({"message": told}).encode()
    server.misbehave(Fault(status=status, headers=headers, body=body))
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    error = refused.value
    assert error.final is final
    assert error.message.startswith(f"Amazon SES answered {status}: {name or told}")
    assert "@" not in error.message.replace("'@domain'", "")


def test_rate_that_is_too_high_is_waited_for(channel: SesChannel, server: SesServer) -> None:
    server.misbehave(Fault(status=429, headers={"Retry-After": "7"}, body=b'{"Message": "Slow"}'))
    with pytest.raises(RefusedError, match="429: Slow") as refused:
        channel.submit(letter())
    assert refused.value.wait == dt.timedelta(seconds=7)


def test_fault_of_the_server_is_unsure_by_whatever_name(
    channel: SesChannel, server: SesServer
) -> None:
    headers = {"x-amzn-ErrorType": "InternalServiceErrorException"}
    server.misbehave(Fault(status=500, headers=headers, accepts=True))
    with pytest.raises(UnsureError, match="500: InternalServiceErrorException"):
        channel.submit(letter())


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"MessageId": ""}', b'{"MessageId": 1}'])
def test_answer_without_an_id_is_unsure(
    channel: SesChannel, server: SesServer, body: bytes
) -> None:
    server.misbehave(Fault(body=body))
    with pytest.raises(UnsureError, match="not that it took"):
        channel.submit(letter())
