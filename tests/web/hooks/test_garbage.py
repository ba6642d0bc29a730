"""Garbage is refused, poison kept beside what is taken; both without an address (S20, X12)."""

import datetime as dt
import logging
from io import BytesIO
from typing import Any

import pytest

from pipeline.events.models import Event, EventFeed
from pipeline.events.take import LARGEST_BODY
from pipeline.outbox.models import Batch, Delivery
from pipeline.web.hooks.call import MOST_EVENTS
from tests.events.words import sent
from tests.web.hooks.providers import (
    ANA,
    BATCH,
    PROVIDERS,
    RESEND_KEY,
    Provider,
    Sent,
    basic,
    brevo_event,
    now,
    plain,
    sparkpost_event,
)
from tests.web.hooks.test_webhooks import each, letter, refused, with_password
from tests.web.readers import ask

pytestmark = [pytest.mark.usefixtures("database")]


# --- Garbage (S20) --------------------------------------------------------------------------------


@each
def test_s20_ten_megabytes_are_not_read(provider: Provider) -> None:
    call = provider.complained()
    call.body = b"[" + b" " * 10_000_000 + b"]"
    refused(call, 413)


@pytest.mark.parametrize("length", ["-1", "many", str(LARGEST_BODY + 1)])
def test_s20_a_length_that_is_none_is_refused(length: str) -> None:
    body = b"{}"
    headers = basic()
    answer = ask(
        "POST", "/hooks/brevo/", body, "application/json", headers=headers, CONTENT_LENGTH=length
    )
    assert answer.status_code == 413


def test_s20_a_body_that_is_cut_off_is_refused() -> None:
    class Cut(BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError

    more: dict[str, Any] = {"wsgi.input": Cut(), "headers": basic()}
    assert ask("POST", "/hooks/brevo/", b"{}", "application/json", **more).status_code == 400


@with_password
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
    ],
    ids=["empty", "cut", "no text", "deep list", "deep object", "a number"],
)
def test_s20_what_is_no_json_or_a_bomb_is_refused(provider: Provider, body: bytes) -> None:
    refused(Sent(provider=provider.name, body=body, headers=basic()), 400, 403, 415)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_s20_another_content_type_is_refused(kind: str) -> None:
    call = plain("postmark", {"RecordType": "Delivery"})
    call.content_type = kind
    refused(call, 415)


def test_s20_more_events_than_any_provider_gathers_are_refused() -> None:
    refused(plain("sparkpost", [{}] * (MOST_EVENTS + 1)), 413)


def test_s20_garbage_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="pipeline")
    for _ in range(20):
        Sent(provider="brevo", body=b"{}").go()
    assert len([one for one in caplog.records if one.name == "pipeline.web.webhooks"]) == 1


# --- One event among others -----------------------------------------------------------------------

STRANGE: list[Any] = [
    None,
    7,
    "text",
    [],
    {},
    {"msys": 1},
    {"msys": {"a": 1, "b": 2}},
    {"msys": {"message_event": {"type": ["list"], "timestamp": 1e400}}},
    {"msys": {"message_event": {"type": "bounce", "raw_rcpt_to": ANA, "bounce_class": {}}}},
]


@pytest.mark.parametrize("strange", STRANGE, ids=repr)
def test_one_event_that_cannot_be_read_stops_no_other_x12(strange: Any) -> None:
    made = sent()
    Batch.objects.update(channel="sparkpost")
    good = sparkpost_event("delivery", transmission_id="<1@mg.example.com>")
    assert plain("sparkpost", [strange, good]).go().status_code == 200
    made.refresh_from_db()
    assert made.state == Delivery.State.DELIVERED
    kept = Event.objects.get(state="poison")
    assert kept.error
    assert "ana" not in f"{kept.error}{kept.reason}"


def test_an_empty_list_and_a_ping_are_no_events() -> None:
    assert plain("sparkpost", []).go().status_code == 200
    assert plain("sparkpost", [{"msys": {}}]).go().status_code == 200
    assert not Event.objects.exists()


@pytest.mark.parametrize("strange", ["\x00", "\ud800", "\x1b[2J", "é" * 400])
def test_what_no_database_takes_is_kept_without_it(strange: str) -> None:
    told = brevo_event("spam", reason=strange, **{"message-id": strange, "email": strange})
    assert plain("brevo", told).go().status_code == 200
    assert Event.objects.get().state == "orphan"


@pytest.mark.parametrize("kind", ["list_addition", "something new"])
def test_what_changes_nothing_is_not_kept(kind: str) -> None:
    assert plain("brevo", brevo_event(kind)).go().status_code == 200
    assert not Event.objects.exists()


def test_an_event_that_is_ahead_of_our_clock_is_taken() -> None:
    made = sent()
    Batch.objects.update(channel="brevo")
    ahead = (now() + 3_600) * 1_000
    assert plain("brevo", brevo_event("spam", ts_epoch=ahead)).go().status_code == 200
    made.refresh_from_db()
    assert made.state == Delivery.State.COMPLAINED


def test_no_address_is_logged_p8(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    letter(PROVIDERS[0])
    for provider in PROVIDERS:
        provider.complained().go()
        provider.delivered().go()
    plain("sparkpost", [{"msys": {"x": {"type": ANA}}}, {ANA: 1}]).go()
    Sent(provider="brevo", body=ANA.encode(), headers=basic()).go()
    assert "ana" not in caplog.text
    kept = str(list(Event.objects.values_list())) + str(list(EventFeed.objects.values_list()))
    assert "ana" not in kept


def test_a_webhook_is_heard_and_what_a_silence_lasted_for_is_missed() -> None:
    plain("brevo", brevo_event("delivered")).go()
    feed = EventFeed.objects.get()
    assert (feed.provider, feed.missed_since) == ("brevo", None)
    first = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    EventFeed.objects.update(heard_at=first)
    plain("brevo", brevo_event("delivered")).go()
    feed.refresh_from_db()
    assert feed.missed_since == first
    assert feed.heard_at is not None
    assert feed.heard_at > first


def test_the_batch_and_id_of_the_tests_are_those_of_the_letters() -> None:
    made = sent()
    assert (made.batch and made.batch.key, made.provider_id) == (BATCH, PROVIDERS[0].id)
    assert RESEND_KEY
