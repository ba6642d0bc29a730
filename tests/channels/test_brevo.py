"""Brevo: what is its own."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.channels.brevo import BrevoChannel
from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.letter import Safety
from tests.channels.api_server import Fault
from tests.channels.brevo_server import KEY, BrevoServer
from tests.channels.letters import letter, reader

HAD = Fault(status=400, body=b'{"code": "duplicate_parameter", "message": "used"}')


@pytest.fixture
def brevo() -> Iterator[BrevoServer]:
    """The server."""
    server = BrevoServer()
    yield server
    server.close()


@pytest.fixture
def channel(brevo: BrevoServer) -> Iterator[BrevoChannel]:
    """A channel to it."""
    made = BrevoChannel(api_key=KEY, api_url=brevo.url, timeout=dt.timedelta(seconds=2))
    yield made
    made.close()


def test_it_trusts_a_key_for_ten_minutes_and_takes_a_hundred_readers(channel: BrevoChannel) -> None:
    assert (channel.safety, channel.batch_size) == (Safety.KEYED, 100)
    assert channel.key_lifetime == dt.timedelta(minutes=10)


def test_the_key_is_a_uuid_beside_the_message_and_a_tag(channel: BrevoChannel) -> None:
    sent = json.loads(channel.serialize(letter()))
    assert sent["headers"] == {"idempotencyKey": "01234567-89ab-cdef-0123-456789abcdef"}
    assert sent["tags"] == [letter().key]
    assert "Warmth" not in sent["htmlContent"] + sent["textContent"]


def test_a_second_call_is_answered_by_the_log(channel: BrevoChannel, brevo: BrevoServer) -> None:
    channel.submit(letter(2, key="e" * 32))
    first = channel.submit(letter(3))
    assert channel.submit(letter(3)) == first
    assert brevo.calls[-1] == (
        "GET /v3/smtp/statistics/events?tags=%5B%220123456789abcdef0123456789abcdef%22%5D"
        "&event=requests&days=2&limit=2500"
    )


def test_a_log_that_lags_behind_proves_nothing(channel: BrevoChannel, brevo: BrevoServer) -> None:
    channel.submit(letter(3))
    brevo.hidden = 1
    with pytest.raises(UnsureError, match="does not show all of it") as unsure:
        channel.submit(letter(3))
    assert not unsure.value.final
    assert set(channel.submit(letter(3)).accepted) == {1, 2, 3}


@pytest.mark.parametrize(
    "answer",
    [
        b"[]",
        b"{}",
        b'{"events": {}}',
        b'{"events": [null, {}, {"email": 7}]}',
        b'{"events": [{"email": "reader-1@example.com", "messageId": "<1@x>"}]}',
        b"<html>",
    ],
)
def test_a_log_that_does_not_have_everybody_is_unsure(
    channel: BrevoChannel, brevo: BrevoServer, answer: bytes
) -> None:
    brevo.misbehave(HAD, Fault(body=answer))
    with pytest.raises(UnsureError, match="Brevo has had this call before"):
        channel.submit(letter(2))


@pytest.mark.parametrize(
    "fault", [Fault(status=401), Fault(status=500), Fault(body=b"{", cuts=True)]
)
def test_a_log_that_cannot_be_asked_is_unsure_and_no_refusal(
    channel: BrevoChannel, brevo: BrevoServer, fault: Fault
) -> None:
    brevo.misbehave(HAD, fault)
    with pytest.raises(UnsureError, match="Brevo has had this call before"):
        channel.submit(letter(2))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"messageIds": []},
        {"messageIds": ["<1@x>"]},
        {"messageIds": ["<1@x>", "<2@x>", "<3@x>"]},
        {"messageIds": ["<1@x>", ""]},
        {"messageIds": ["<1@x>", 2]},
        {"messageIds": "<1@x>"},
        {"messageId": "<1@x>"},
    ],
    ids=str,
)
def test_x3_an_answer_that_leaves_somebody_out_is_unsure(
    channel: BrevoChannel, brevo: BrevoServer, answer: dict[str, Any]
) -> None:
    brevo.misbehave(Fault(status=201, body=json.dumps(answer).encode()))
    with pytest.raises(UnsureError, match="Brevo"):
        channel.submit(letter(2))


def test_a_single_message_may_be_answered_by_a_single_id(
    channel: BrevoChannel, brevo: BrevoServer
) -> None:
    brevo.misbehave(Fault(status=201, body=b'{"messageId": "<1@x>"}'))
    assert channel.submit(letter()).accepted == {1: "<1@x>"}


def test_429_waits_as_long_as_its_own_header_says(
    channel: BrevoChannel, brevo: BrevoServer
) -> None:
    brevo.misbehave(Fault(status=429, headers={"x-sib-ratelimit-reset": "7"}))
    with pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert refused.value.wait == dt.timedelta(seconds=7)


def test_a_name_that_brevo_would_drop_is_encoded(channel: BrevoChannel) -> None:
    names = ("Ána, R. Müller", "Ána Müller", 'Ana "R." Miller')
    readers = tuple(reader(n, name=name) for n, name in enumerate(names, start=1))
    sent = json.loads(channel.serialize(letter(recipients=readers)))
    shown = [version["to"][0]["name"] for version in sent["messageVersions"]]
    assert shown[0].startswith("=?utf-8?")
    assert shown[1:] == list(names[1:])


def test_a_list_name_that_brevo_would_send_raw_is_left_out(channel: BrevoChannel) -> None:
    sent = json.loads(channel.serialize(letter(list_name="항구")))
    assert sent["messageVersions"][0]["headers"]["List-Id"] == "<weekly.harbour-street.example.com>"


@pytest.mark.parametrize("text", ["Hi {@@first_name@@}", "{@@first_name.7b@@"])
def test_s1_a_brace_beside_a_mark_is_refused(channel: BrevoChannel, text: str) -> None:
    with pytest.raises(RefusedError, match="which Brevo would fill in"):
        channel.submit(letter(text=text))


@pytest.mark.parametrize("name", ["{", "{{x}}", "{%x%}", "{#x#}", "{{{{x"])
def test_s1_a_value_is_never_read_as_its_language(
    channel: BrevoChannel, brevo: BrevoServer, name: str
) -> None:
    ana = reader(values={**reader().values, "first_name": name})
    text = "Hi @@first_name@@@@first_name@@%{ x }"
    channel.submit(letter(text=text, recipients=(ana,)))
    shown = brevo.messages()[0].text.replace("\u2060", "")
    assert shown == f"Hi {name}{name}%{{ x }}"


def test_styles_are_no_language(channel: BrevoChannel, brevo: BrevoServer) -> None:
    html = "<style>@media screen{#a{color:red}}</style>"
    channel.submit(letter(html=html))
    assert brevo.messages()[0].html == html
