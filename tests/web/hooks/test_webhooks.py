"""Webhooks: who is believed, and that nobody else changes a row (S20, S21, D28, X12)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.conf import settings
from django.db import OperationalError

from pipeline.audience.models import Subscriber, Suppression
from pipeline.events import kinds
from pipeline.events.models import Event, EventFeed, SpentToken
from pipeline.outbox.models import Batch, Delivery
from tests.events.words import sent
from tests.web.hooks.providers import (
    MAILGUN_KEY,
    OLD_PAIR,
    PROVIDERS,
    Provider,
    Sent,
    basic,
    brevo_event,
    mailgun,
    mailgun_event,
    now,
    plain,
    resend,
    resend_event,
    sendgrid,
    sendgrid_event,
)
from tests.web.readers import ask, everything

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

each = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
PASSWORDS = [each_ for each_ in PROVIDERS if each_.name not in {"resend", "sendgrid"}]
with_password = pytest.mark.parametrize("provider", PASSWORDS, ids=lambda provider: provider.name)


def letter(provider: Provider) -> Delivery:
    """A letter to Ana that this provider took a moment ago."""
    made = sent(provider_id=provider.id)
    Batch.objects.update(channel=provider.name)
    return made


def refused(call: Sent, *statuses: int) -> None:
    """The call is answered so, and not one row of any table is another."""
    before = everything()
    assert call.go().status_code in statuses
    assert everything() == before


# --- Who is believed ------------------------------------------------------------------------------


@each
def test_a_complaint_suppresses_within_the_request_d28(provider: Provider) -> None:
    made = letter(provider)
    answer = provider.complained().go()
    assert (answer.status_code, answer.content) == (200, b"")
    assert Suppression.objects.get().reason == "complained"
    made.refresh_from_db()
    assert made.state == Delivery.State.COMPLAINED


@each
def test_a_delivery_is_found_by_its_batch_when_our_answer_is_not_there_yet(
    provider: Provider,
) -> None:
    made = letter(provider)
    Delivery.objects.update(state=Delivery.State.UNKNOWN, provider_id="")
    assert provider.delivered().go().status_code == 200
    made.refresh_from_db()
    assert (made.state, made.provider_id) == (Delivery.State.DELIVERED, provider.id)


@each
def test_told_twice_it_is_taken_once_x12(provider: Provider) -> None:
    letter(provider)
    call = provider.complained()
    assert call.go().status_code == 200
    rows = (Event.objects.count(), Suppression.objects.count())
    assert call.go().status_code == (406 if provider.name == "mailgun" else 200)
    assert (Event.objects.count(), Suppression.objects.count()) == rows == (1, 1)


@each
def test_s21_an_unknown_message_is_kept_as_an_orphan(provider: Provider) -> None:
    made = letter(provider)
    Delivery.objects.update(provider_id="another")
    Batch.objects.update(key="x" * 32)
    assert provider.complained().go().status_code == 200
    assert Event.objects.get().state == "orphan"
    assert not Suppression.objects.exists()
    made.refresh_from_db()
    assert made.state == Delivery.State.ACCEPTED
    assert (Subscriber.objects.count(), Delivery.objects.count()) == (1, 1)


@with_password
def test_two_pairs_are_good_while_one_takes_the_place_of_the_other(provider: Provider) -> None:
    letter(provider)
    call = provider.delivered()
    call.headers |= basic(OLD_PAIR)
    assert call.go().status_code == 200


def test_two_mailgun_keys_are_good_while_one_takes_the_place_of_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        settings.ANYMAIL, "MAILGUN_WEBHOOK_SIGNING_KEY", f"another-key, {MAILGUN_KEY}"
    )
    assert mailgun(mailgun_event("delivered")).go().status_code == 200
    assert mailgun(mailgun_event("delivered"), key="another-key").go().status_code == 200


def test_webhooks_need_no_cookie_and_set_none() -> None:
    answer = plain("brevo", brevo_event("delivered")).go()
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/hooks/brevo/", "/hooks/brevo"])
def test_an_address_answers_with_and_without_its_slash(path: str) -> None:
    body = json.dumps(brevo_event("delivered")).encode()
    assert ask("POST", path, body, "application/json", headers=basic()).status_code == 200
    assert ask("HEAD", path).status_code == 200
    assert ask("GET", path).status_code == 405


@pytest.mark.parametrize("name", ["folder", "mandrill", "x" * 200])
def test_another_provider_has_no_address(name: str) -> None:
    assert ask("POST", f"/hooks/{name}/", b"{}", "application/json").status_code == 404


# --- Forgeries (S20) ------------------------------------------------------------------------------

WRONG: dict[str, Callable[[], dict[str, str]]] = {
    "none": dict,
    "another": lambda: basic("meridian:another-password"),
    "a part": lambda: basic("meridian:a-password-for-test"),
    "nothing": lambda: basic(""),
    "the pair in clear": lambda: {"Authorization": "meridian:a-password-for-tests"},
    "no base64": lambda: {"Authorization": "Basic ü%%%"},
    "a bearer": lambda: {"Authorization": basic()["Authorization"].replace("Basic", "Bearer")},
}


@with_password
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_s20_without_user_and_password_nothing_changes(provider: Provider, wrong: str) -> None:
    letter(provider)
    call = provider.complained()
    call.headers.pop("Authorization")
    call.headers |= WRONG[wrong]()
    refused(call, 401)
    assert call.go().headers["WWW-Authenticate"].startswith("Basic ")


@each
def test_s20_where_no_secret_is_set_nobody_is_believed(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    letter(provider)
    call = provider.complained()
    monkeypatch.setattr(settings, "ANYMAIL", {})
    refused(call, 503)
    assert f"a webhook of {provider.name} is refused: ANYMAIL_" in caplog.text
    assert "is not set." in caplog.text


@pytest.mark.parametrize("secret", ["short:pw", "a-long-text-without-a-colon", f"{OLD_PAIR},x:y"])
def test_s20_a_secret_that_could_be_guessed_is_none(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.ANYMAIL, "WEBHOOK_SECRET", secret)
    refused(plain("postmark", {}), 503)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RESEND_SIGNING_SECRET", "whsec_%%%"),
        ("RESEND_SIGNING_SECRET", "whsec_"),
        ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", "no key"),
        ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", base64.b64encode(b"no key").decode()),
    ],
)
def test_s20_a_key_that_is_none_is_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(settings.ANYMAIL, name, value)
    provider = name.partition("_")[0].lower()
    refused(Sent(provider=provider, body=b"{}"), 503)
    assert f"ANYMAIL_{name}" in caplog.text


FORGED: dict[str, Callable[[], Sent]] = {
    "mailgun": lambda: mailgun(mailgun_event("complained"), key="a-guess"),
    "resend": lambda: resend(resend_event("email.complained"), key=b"a-guess"),
    "sendgrid": lambda: sendgrid(
        [sendgrid_event("spamreport")], key=generate_private_key(SECP256R1())
    ),
}
SIGNED: dict[str, Any] = {"mailgun": mailgun, "resend": resend, "sendgrid": sendgrid}
WORDS: dict[str, Any] = {
    "mailgun": lambda: mailgun_event("complained"),
    "resend": lambda: resend_event("email.complained"),
    "sendgrid": lambda: [sendgrid_event("spamreport")],
}


@pytest.mark.parametrize("name", FORGED)
def test_s20_another_key_signs_nothing(name: str) -> None:
    sent()
    Batch.objects.update(channel=name)
    refused(FORGED[name](), 403)


@pytest.mark.parametrize(("name", "age"), [("mailgun", 301), ("resend", 301), ("sendgrid", 86_500)])
def test_s20_an_old_signature_is_refused(name: str, age: int) -> None:
    sent()
    Batch.objects.update(channel=name)
    before = {table: rows for table, rows in everything().items() if table != "EventFeed"}
    assert SIGNED[name](WORDS[name](), age=age).go().status_code == 403
    assert {table: rows for table, rows in everything().items() if table != "EventFeed"} == before
    # What came too late may be all there is: it is asked for (X13).
    missed = EventFeed.objects.get(provider=name).missed_since
    assert missed is not None
    assert abs(missed.timestamp() - (now() - age)) < 60


@pytest.mark.parametrize("name", FORGED)
def test_s20_a_signature_of_a_time_to_come_is_refused(name: str) -> None:
    refused(SIGNED[name](WORDS[name](), age=-600), 403)
    assert SIGNED[name](WORDS[name](), age=-60).go().status_code == 200


def test_how_old_a_signature_may_be_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_HOOK_SKEW", 900)
    assert mailgun(mailgun_event("delivered"), age=800).go().status_code == 200
    assert resend(resend_event("email.delivered"), age=800).go().status_code == 200


@pytest.mark.parametrize("name", ["resend", "sendgrid"])
def test_s20_an_altered_body_is_refused(name: str) -> None:
    sent(address="victim@example.com")
    Batch.objects.update(channel=name)
    call = SIGNED[name](WORDS[name]())
    call.body = call.body.replace(b"ana@", b"victim@")
    refused(call, 403)


@pytest.mark.parametrize("name", ["resend", "sendgrid"])
def test_s20_a_signature_without_one_of_its_parts_is_none(name: str) -> None:
    call = SIGNED[name](WORDS[name]())
    whole = call.headers
    for header in whole:
        call.headers = {key: text for key, text in whole.items() if key != header}
        refused(call, 403)


@pytest.mark.parametrize("stamp", ["", "x", "-1", "1e9", "９９９", "9" * 13])
def test_s20_a_time_that_is_none_is_refused(stamp: str) -> None:
    """Even where it is signed."""
    signature = hmac.new(MAILGUN_KEY.encode(), f"{stamp}t".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": stamp, "token": "t", "signature": signature}
    body = json.dumps({"signature": signed, "event-data": mailgun_event("complained")}).encode()
    refused(Sent(provider="mailgun", body=body, headers=basic()), 403)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'"text"',
        b'{"signature": 1}',
        b'{"signature": {"timestamp": "1", "token": 1, "signature": "x"}}',
        b'{"signature": {"timestamp": "1", "token": "t"}}',
        '{"signature": {"timestamp": "1", "token": "t", "signature": "ü\\ud800"}}'.encode(),
    ],
)
def test_s20_mailgun_without_a_signature_is_refused(body: bytes) -> None:
    refused(Sent(provider="mailgun", body=body, headers=basic()), 403)


def test_s20_mailgun_a_captured_signature_counts_once_and_for_nobody_else() -> None:
    """Fact 0.2: the signature does not cover the body."""
    sent(address="victim@example.com")
    call = mailgun(mailgun_event("delivered"))
    assert call.go().status_code == 200
    call.body = call.body.replace(b"delivered", b"complained").replace(b"ana@", b"victim@")
    refused(call, 406)
    assert SpentToken.objects.count() == 1


def test_s20_mailgun_a_fresh_signature_with_a_made_up_body_suppresses_nobody() -> None:
    made = sent(address="victim@example.com")
    told = mailgun_event("complained", recipient="victim@example.com")
    told["user-variables"] = {"batch": "a guess"}
    told["message"] = {"headers": {"message-id": "guess@mg.example.com"}}
    assert mailgun(told).go().status_code == 200
    assert not Suppression.objects.exists()
    made.refresh_from_db()
    assert made.state == Delivery.State.ACCEPTED


def test_mailgun_a_call_that_failed_does_not_spend_its_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    made, good = sent(), kinds.KINDS["complained"]
    call = mailgun(mailgun_event("complained"))
    monkeypatch.setitem(kinds.KINDS, "complained", away)
    assert call.go().status_code == 500
    assert not SpentToken.objects.exists()
    assert not Event.objects.exists()
    monkeypatch.setitem(kinds.KINDS, "complained", good)
    assert call.go().status_code == 200
    made.refresh_from_db()
    assert made.state == Delivery.State.COMPLAINED
