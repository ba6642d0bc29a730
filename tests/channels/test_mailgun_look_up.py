"""Asking Mailgun what it took, at a real server that speaks its wire format."""

import datetime as dt
import json

import pytest

from pipeline.channels import mailgun as module
from pipeline.channels.mailgun import MailgunChannel
from pipeline.errors import RefusedError, UnsureError
from tests.channels.api_server import Fault
from tests.channels.letters import letter, reader
from tests.channels.mailgun_server import DOMAIN, MailgunServer

PAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_look_up_finds_every_delivery_of_its_batch_over_pages(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    channel.submit(letter(5, key="e" * 32))
    receipt = channel.submit(letter(1000))
    assert channel.look_up(letter(1000), since=PAST) == receipt.accepted
    gets = [call for call in mailgun.calls if call.startswith("GET")]
    assert len(gets) == 4
    assert f"{DOMAIN}/events?event=accepted&begin=" in gets[0]
    assert gets[0].endswith("&ascending=yes&limit=300")


def test_look_up_of_a_letter_nobody_took_finds_nothing(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    assert channel.look_up(letter(2), since=PAST) == {}
    channel.submit(letter(2, key="e" * 32))
    assert channel.look_up(letter(2), since=PAST) == {}


def test_look_up_finds_some_where_only_some_were_taken(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    accepted = channel.submit(letter(2)).accepted
    assert channel.look_up(letter(3), since=PAST) == accepted


def test_look_up_asks_from_a_little_before_the_first_call(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    mailgun.clock = lambda: PAST.timestamp() - 599
    accepted = channel.submit(letter()).accepted
    assert channel.look_up(letter(), since=PAST) == accepted
    assert channel.look_up(letter(), since=PAST + dt.timedelta(minutes=1)) == {}


def test_look_up_takes_an_address_in_any_case(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    accepted = channel.submit(letter(recipients=(reader(1, address="Ana@Example.com"),))).accepted
    for address in ("ana@example.com", "Ana@Example.com", "ANA@EXAMPLE.COM"):
        sent = letter(recipients=(reader(1, address=address),))
        assert channel.look_up(sent, since=PAST) == accepted


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"items": "none", "paging": {"next": "x"}},
        {"items": [{}], "paging": {}},
        {"items": [{}]},
    ],
    ids=str,
)
def test_look_up_of_an_answer_of_another_form_is_unsure(
    channel: MailgunChannel, mailgun: MailgunServer, answer: object
) -> None:
    mailgun.misbehave(Fault(body=json.dumps(answer).encode()))
    with pytest.raises(UnsureError, match="another form"):
        channel.look_up(letter(), since=PAST)


def test_look_up_passes_over_events_of_another_form(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    events: list[object] = [
        None,
        {},
        {"recipient": "reader-1@example.com"},
        {"recipient": "reader-1@example.com", "user-variables": None, "message": {}},
        {"recipient": "reader-1@example.com", "user-variables": {"batch": letter().key}},
    ]
    answer = {"items": events, "paging": {"next": f"{mailgun.url}/{DOMAIN}/events/none"}}
    mailgun.misbehave(Fault(body=json.dumps(answer).encode()), Fault(body=b'{"items": []}'))
    assert channel.look_up(letter(), since=PAST) == {}


@pytest.mark.parametrize("host", ["http://127.0.0.1:1/v3", "https://elsewhere.test/v3", "next"])
def test_look_up_carries_the_key_to_no_other_server(
    channel: MailgunChannel, mailgun: MailgunServer, host: str
) -> None:
    channel.submit(letter())
    mailgun.next_page_host = host
    with pytest.raises(UnsureError, match="not its own"):
        channel.look_up(letter(2), since=PAST)


def test_look_up_ends_at_a_server_that_does_not(
    channel: MailgunChannel, mailgun: MailgunServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PAGES", 3)
    page = {"items": [{}], "paging": {"next": f"{mailgun.url}/{DOMAIN}/events/again"}}
    mailgun.misbehave(*[Fault(body=json.dumps(page).encode())] * 9)
    with pytest.raises(UnsureError, match="more than 3 pages"):
        channel.look_up(letter(), since=PAST)
    assert len(mailgun.calls) == 3


def test_look_up_that_is_refused_says_so(channel: MailgunChannel, mailgun: MailgunServer) -> None:
    mailgun.misbehave(Fault(status=401))
    with pytest.raises(RefusedError, match="401"):
        channel.look_up(letter(), since=PAST)
