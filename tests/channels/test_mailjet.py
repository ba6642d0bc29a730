"""Mailjet: what is its own."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.channels.mailjet import MailjetChannel
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.letter import Receipt, Safety
from tests.channels.api_server import Fault
from tests.channels.letters import letter
from tests.channels.mailjet_server import KEY, SECRET, MailjetServer


@pytest.fixture
def mailjet() -> Iterator[MailjetServer]:
    """The server."""
    server = MailjetServer()
    yield server
    server.close()


@pytest.fixture
def channel(mailjet: MailjetServer) -> Iterator[MailjetChannel]:
    """A channel to it."""
    patience = dt.timedelta(seconds=2)
    made = MailjetChannel(api_key=KEY, secret_key=SECRET, api_url=mailjet.url, timeout=patience)
    yield made
    made.close()


def success(number: int, **changes: Any) -> dict[str, Any]:
    to = {"Email": f"reader-{number}@example.com", "MessageID": 100 + number}
    return {"Status": "success", "To": [to | changes]}


def error(status: object = 400, told: object = "eve@example.com is no address") -> dict[str, Any]:
    return {"Status": "error", "Errors": [{"StatusCode": status, "ErrorMessage": told}]}


def answered(mailjet: MailjetServer, *messages: object, status: int = 400) -> None:
    body = json.dumps({"Messages": messages}).encode()
    mailjet.misbehave(Fault(status=status, body=body))


def test_it_takes_fifty_readers_a_call_and_no_second_message(channel: MailjetChannel) -> None:
    assert (channel.safety, channel.batch_size) == (Safety.KEYED, 50)
    assert channel.key_lifetime == dt.timedelta(hours=24)


def test_each_batch_is_a_campaign_that_lets_nobody_in_twice(
    channel: MailjetChannel, mailjet: MailjetServer
) -> None:
    message = json.loads(channel.serialize(letter()))["Messages"][0]
    assert (message["CustomCampaign"], message["DeduplicateCampaign"]) == (letter().key, True)
    channel.submit(letter(2))
    channel.submit(letter(3))
    assert mailjet.received() == {f"reader-{number}@example.com": 1 for number in (1, 2, 3)}
    assert mailjet.blocked == ["reader-1@example.com", "reader-2@example.com"]


def test_the_same_person_may_get_another_letter(
    channel: MailjetChannel, mailjet: MailjetServer
) -> None:
    channel.submit(letter())
    channel.submit(letter(key="e" * 32))
    assert mailjet.received() == {"reader-1@example.com": 2}


def test_its_template_language_stays_off(channel: MailjetChannel) -> None:
    assert b"TemplateLanguage" not in channel.serialize(letter())


def test_x3_a_400_that_took_some_is_no_refusal_of_all(
    channel: MailjetChannel, mailjet: MailjetServer
) -> None:
    answered(mailjet, success(1), error(), success(3))
    assert channel.submit(letter(3)) == Receipt(
        accepted={1: "101", 3: "103"}, refused={2: "Mailjet refused it: … is no address"}
    )


@pytest.mark.parametrize("status", [401, 403, 429, 500, "400", None])
def test_x3_an_error_that_is_not_of_the_message_leaves_its_reader_unsure(
    channel: MailjetChannel, mailjet: MailjetServer, status: object
) -> None:
    answered(mailjet, success(1), error(status))
    assert channel.submit(letter(2)) == Receipt(accepted={1: "101"})


@pytest.mark.parametrize(("status", "final"), [(400, True), (403, False), (429, False)])
def test_x3_an_error_of_every_message_is_a_refusal_of_the_call(
    channel: MailjetChannel, mailjet: MailjetServer, status: int, final: bool
) -> None:
    """A sender that is not validated is told message by message: it can be mended."""
    answered(mailjet, error(status, "not authorized"), error(status, "not authorized"))
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter(2))
    assert refused.value.message == f"Mailjet answered {status}: not authorized"
    assert refused.value.final == final


def test_x3_errors_without_a_status_leave_everybody_unsure(
    channel: MailjetChannel, mailjet: MailjetServer
) -> None:
    answered(mailjet, {"Status": "error"}, None)
    with pytest.raises(UnsureError, match="500: no reason given"):
        channel.submit(letter(2))


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [success(1)],
        [success(1), success(2), success(3)],
        [success(2), success(1)],
        [success(1), success(2, Email=7)],
        [success(1), success(2, MessageID=None)],
        [success(1), {"Status": "success", "To": []}],
        [success(1), {"Status": "success"}],
    ],
    ids=str,
)
def test_x3_an_answer_of_other_readers_is_unsure(
    channel: MailjetChannel, mailjet: MailjetServer, messages: list[object]
) -> None:
    answered(mailjet, *messages, status=200)
    with pytest.raises(UnsureError, match="Mailjet answered"):
        channel.submit(letter(2))


def test_an_error_of_the_server_is_unsure_whatever_it_lists(
    channel: MailjetChannel, mailjet: MailjetServer
) -> None:
    answered(mailjet, success(1), status=500)
    with pytest.raises(UnsureError, match="Mailjet answered 500"):
        channel.submit(letter())


def test_an_address_is_known_in_any_case(channel: MailjetChannel, mailjet: MailjetServer) -> None:
    answered(mailjet, success(1, Email="READER-1@example.com"), status=200)
    assert channel.submit(letter()).accepted == {1: "101"}


def test_a_refusal_is_told_in_its_words(mailjet: MailjetServer) -> None:
    channel = MailjetChannel(api_key="other", secret_key=SECRET, api_url=mailjet.url)
    with pytest.raises(RefusedError, match="Mailjet answered 401: API key authentication"):
        channel.submit(letter())
    channel.close()
