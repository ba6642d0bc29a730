"""Resend: what is its own."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.channels.resend import ResendChannel
from pipeline.errors import UnsureError
from pipeline.outbox.letter import Safety
from tests.channels.api_server import Fault
from tests.channels.letters import letter
from tests.channels.resend_server import KEY, ResendServer


@pytest.fixture
def resend() -> Iterator[ResendServer]:
    """The server."""
    server = ResendServer()
    yield server
    server.close()


@pytest.fixture
def channel(resend: ResendServer) -> Iterator[ResendChannel]:
    """A channel to it."""
    made = ResendChannel(api_key=KEY, api_url=resend.url, timeout=dt.timedelta(seconds=2))
    yield made
    made.close()


def test_it_knows_keys_for_a_day_and_takes_a_hundred_readers(channel: ResendChannel) -> None:
    assert (channel.safety, channel.batch_size) == (Safety.KEYED, 100)
    assert channel.key_lifetime == dt.timedelta(hours=24)


def test_what_is_sent_is_what_was_serialized(channel: ResendChannel, resend: ResendServer) -> None:
    content = channel.serialize(letter(2))
    channel.submit(letter(2))
    first, second = json.loads(content)
    assert first["to"] == ['"Reader 1" <reader-1@example.com>']
    assert second["tags"] == [
        {"name": "batch", "value": letter().key},
        {"name": "delivery", "value": "2"},
    ]
    known = resend.keys.known(letter().key, content)
    assert known is not None
    assert known[0]


def test_a_call_under_way_with_the_same_key_is_asked_again_later(
    channel: ResendChannel, resend: ResendServer
) -> None:
    body = b'{"name": "concurrent_idempotent_requests", "message": "another is in progress"}'
    resend.misbehave(Fault(status=409, body=body))
    with pytest.raises(UnsureError, match="409: another is in progress") as unsure:
        channel.submit(letter())
    assert not unsure.value.final


@pytest.mark.parametrize(
    "answer",
    [
        {"data": []},
        {"data": [{"id": "1"}]},
        {"data": [{"id": "1"}, {"id": "2"}, {"id": "3"}]},
        {"data": [{"id": "1"}, {"id": ""}]},
        {"data": [{"id": "1"}, {}]},
        {"data": [{"id": "1"}, None]},
        {"data": {"id": "1"}},
        {"data": [{"id": "1"}], "errors": [{"index": 2, "message": "no"}]},
        {"data": [{"id": "1"}], "errors": [{"index": -1, "message": "no"}]},
        {"data": [{"id": "1"}], "errors": [{"message": "no"}]},
        {"data": [{"id": "1"}], "errors": ["no"]},
        {"data": [{"id": "1"}], "errors": {"0": "no"}},
    ],
    ids=str,
)
def test_x3_an_answer_that_leaves_somebody_out_is_unsure(
    channel: ResendChannel, resend: ResendServer, answer: dict[str, Any]
) -> None:
    resend.misbehave(Fault(body=json.dumps(answer).encode()))
    with pytest.raises(UnsureError, match="Resend"):
        channel.submit(letter(2))


@pytest.mark.parametrize("errors", [None, []])
def test_an_answer_may_name_no_errors(
    channel: ResendChannel, resend: ResendServer, errors: object
) -> None:
    answer = {"data": [{"id": "1"}], "errors": errors}
    resend.misbehave(Fault(body=json.dumps(answer).encode()))
    assert channel.submit(letter()).accepted == {1: "1"}


def test_a_wrong_key_is_told_as_resend_tells_it(resend: ResendServer) -> None:
    channel = ResendChannel(api_key="re_other", api_url=resend.url)
    with pytest.raises(Exception, match="Resend answered 403: API key is invalid"):
        channel.submit(letter())
    channel.close()
