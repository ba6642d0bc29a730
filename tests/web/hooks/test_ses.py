"""Amazon SES by SNS: password, topic and Amazon's own signature, each asked for (S20, fact 0.3)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.conf import settings

from pipeline.audience.codes import Verdict, weigh
from pipeline.audience.models import Suppression
from pipeline.events.models import Event
from pipeline.outbox.models import Batch, Delivery
from pipeline.web.hooks import sns
from pipeline.web.hooks.ses import SesHook
from tests.events.words import sent
from tests.web.hooks.amazon import (
    CERTIFICATE,
    HOST,
    HOUR,
    TOPIC,
    Amazon,
    bounce,
    certificate,
    complaint,
    pem,
    ses_event,
)
from tests.web.hooks.providers import ANA, Sent, basic
from tests.web.readers import everything

pytestmark = [pytest.mark.usefixtures("database")]

CERTIFICATES = "/SimpleNotificationService-1.pem"


@pytest.fixture
def amazon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Amazon]:
    """Amazon on this machine, and a topic of ours there."""
    monkeypatch.setattr(settings, "MERIDIAN_SNS_TOPICS", (TOPIC,))
    with Amazon(tmp_path).running() as made:
        monkeypatch.setattr(SesHook, "amazon", sns.Amazon(session=made.session))
        yield made


@pytest.fixture
def letter() -> Delivery:
    """A letter to Ana that SES took."""
    made = sent()
    Batch.objects.update(channel="ses")
    return made


def refused(call: Sent, *statuses: int) -> None:
    before = everything()
    assert call.go().status_code in statuses
    assert everything() == before


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_complaint_that_amazon_signed_suppresses_d28(
    amazon: Amazon, letter: Delivery, version: str
) -> None:
    call = amazon.signed(amazon.message(Message=complaint(), Subject="Spam"), version=version)
    assert call.go().status_code == 200
    letter.refresh_from_db()
    assert letter.state == Delivery.State.COMPLAINED
    assert Suppression.objects.get().reason == "complained"
    assert call.go().status_code == 200
    assert Event.objects.count() == 1
    assert amazon.asked == [CERTIFICATES]


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (bounce("Permanent", "General", status="5.1.1"), ("bounced", Verdict.ENDED)),
        (bounce("Permanent", "NoEmail"), ("bounced", Verdict.ENDED)),
        (bounce("Permanent", "OnAccountSuppressionList"), ("bounced", Verdict.ENDED)),
        (bounce("Transient", "MailboxFull", status="4.2.2"), ("bounced", Verdict.COUNTED)),
        (
            bounce("Permanent", "General", status="5.7.1", diagnosticCode=f"no {ANA}"),
            ("bounced", Verdict.SENDER),
        ),
        (ses_event("Delivery", delivery={"recipients": [ANA]}), ("delivered", Verdict.COUNTED)),
        (ses_event("Send", send={}), ("accepted", Verdict.COUNTED)),
        (ses_event("Reject", reject={"reason": "Bad content"}), ("refused", Verdict.COUNTED)),
    ],
)
def test_what_ses_tells(amazon: Amazon, told: str, wanted: tuple[str, Verdict]) -> None:
    assert amazon.signed(amazon.message(Message=told)).go().status_code == 200
    row = Event.objects.get()
    assert ((row.kind, weigh(row.code)), row.error) == (wanted, "")
    assert ANA not in row.reason


def test_what_ses_tells_of_several_readers_is_an_event_for_each(amazon: Amazon) -> None:
    readers = [{"emailAddress": ANA}, {"emailAddress": "ben@example.com"}]
    told = ses_event("Complaint", complaint={"complainedRecipients": readers})
    assert amazon.signed(amazon.message(Message=told)).go().status_code == 200
    assert Event.objects.count() == 2


def test_the_word_of_greeting_is_no_event(amazon: Amazon) -> None:
    hello = "Successfully validated SNS topic for Amazon SES event publishing."
    assert amazon.signed(amazon.message(Message=hello)).go().status_code == 200
    assert not Event.objects.exists()


@pytest.mark.parametrize("message", ["no json", "[]", "{}", '{"eventType": "Bounce"}'])
def test_a_message_that_cannot_be_read_is_kept_x12(amazon: Amazon, message: str) -> None:
    assert amazon.signed(amazon.message(Message=message)).go().status_code == 200
    kept = Event.objects.values_list("state", flat=True)
    assert list(kept) in (["poison"], [])


# --- Subscribing ----------------------------------------------------------------------------------


def test_a_subscription_to_our_topic_is_confirmed(
    amazon: Amazon, caplog: pytest.LogCaptureFixture
) -> None:
    amazon.served["/"] = b"<ok/>"
    assert amazon.signed(amazon.message("SubscriptionConfirmation")).go().status_code == 200
    assert amazon.asked == [CERTIFICATES, "/?Action=ConfirmSubscription&Token=t"]
    assert f"the subscription to the topic {TOPIC} is confirmed" in caplog.text


def test_a_confirmation_that_amazon_does_not_take_is_asked_for_again(amazon: Amazon) -> None:
    refused(amazon.signed(amazon.message("SubscriptionConfirmation")), 503)


def test_a_subscription_to_a_topic_of_another_is_not_confirmed_s20(amazon: Amazon) -> None:
    other = amazon.message("SubscriptionConfirmation", TopicArn=f"{TOPIC}-of-another")
    refused(amazon.signed(other), 403)
    assert amazon.asked == []


def test_a_subscription_leads_nowhere_else_s11(amazon: Amazon) -> None:
    away = amazon.message("SubscriptionConfirmation", SubscribeURL="https://evil.example.com/")
    refused(amazon.signed(away), 403)
    assert amazon.asked == [CERTIFICATES]


def test_an_end_of_a_subscription_is_taken_note_of_and_not_undone(amazon: Amazon) -> None:
    assert amazon.signed(amazon.message("UnsubscribeConfirmation")).go().status_code == 200
    assert amazon.asked == [CERTIFICATES]


# --- Forgeries ------------------------------------------------------------------------------------


def test_s20_without_topics_or_password_nobody_is_believed(
    amazon: Amazon, letter: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = amazon.signed(amazon.message(Message=complaint()))
    for headers in ({}, basic("meridian:another-password")):
        call.headers = headers
        refused(call, 401)
    call.headers = basic()
    monkeypatch.setattr(settings, "MERIDIAN_SNS_TOPICS", ())
    refused(call, 503)
    monkeypatch.setattr(settings, "MERIDIAN_SNS_TOPICS", (TOPIC,))
    monkeypatch.setattr(settings, "ANYMAIL", {})
    refused(call, 503)


def test_s20_a_foreign_topic_is_refused_before_anything_is_fetched(
    amazon: Amazon, letter: Delivery
) -> None:
    refused(amazon.signed(amazon.message(Message=complaint(), TopicArn="arn:other")), 403)
    assert amazon.asked == []


@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp", "Type", "Signature"])
def test_s20_an_altered_message_is_refused(amazon: Amazon, letter: Delivery, field: str) -> None:
    call = amazon.signed(amazon.message(Message=complaint()))
    told = json.loads(call.body)
    told[field] = {"Type": "Other", "Signature": "AAAA"}.get(field, f"{told[field]} ")
    call.body = json.dumps(told).encode()
    refused(call, 403)


@pytest.mark.parametrize("field", ["Signature", "SignatureVersion", "SigningCertURL", "Type"])
def test_s20_a_message_without_its_signature_is_refused(
    amazon: Amazon, letter: Delivery, field: str
) -> None:
    call = amazon.signed(amazon.message(Message=complaint()))
    told = json.loads(call.body)
    del told[field]
    call.body = json.dumps(told).encode()
    refused(call, 403)


def test_s20_another_key_signs_nothing(amazon: Amazon, letter: Delivery) -> None:
    other = generate_private_key(65537, 2048)
    refused(amazon.signed(amazon.message(Message=complaint()), key=other), 403)


URLS = [
    "https://evil.example.com/SimpleNotificationService-1.pem",
    f"http://{HOST}/SimpleNotificationService-1.pem",
    f"https://{HOST}.evil.example.com/x.pem",
    f"https://evil.example.com/{HOST}/x.pem",
    f"https://user@{HOST}/x.pem",
    f"https://{HOST}:8443/x.pem",
    f"https://{HOST}@evil.example.com/x.pem",
    f"https://{HOST}/x.pem#.evil",
    f"https://{HOST}/",
    "https://s3.eu-west-1.amazonaws.com/bucket/x.pem",
    "https://sns.evil.amazonaws.com.evil/x.pem",
    "https://[::1/x.pem",
    "https://127.0.0.1/x.pem",
    "file:///etc/passwd.pem",
    "",
    "None",
]


@pytest.mark.parametrize("url", URLS)
def test_s20_a_certificate_from_elsewhere_is_not_even_asked_for(
    amazon: Amazon, letter: Delivery, url: str
) -> None:
    call = amazon.signed(amazon.message(Message=complaint(), SigningCertURL=url))
    if "#" in url:
        amazon.served.clear()
        refused(call, 403, 503)
    else:
        refused(call, 403)
        assert amazon.asked == []


@pytest.mark.parametrize("served", [None, b"", b"no certificate", b"x" * 6_000_000])
def test_s20_what_is_no_certificate_believes_nothing(
    amazon: Amazon, letter: Delivery, served: bytes | None
) -> None:
    amazon.served.pop(CERTIFICATES)
    if served is not None:
        amazon.served[CERTIFICATES] = served
    refused(amazon.signed(amazon.message(Message=complaint())), 403, 503)


def test_s20_a_certificate_that_has_ended_believes_nothing(
    amazon: Amazon, letter: Delivery
) -> None:
    amazon.served[CERTIFICATES] = pem(certificate(amazon.key, ends=-HOUR))
    refused(amazon.signed(amazon.message(Message=complaint())), 403)


def test_s20_a_server_without_amazons_name_is_not_believed(
    amazon: Amazon, letter: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    amazon.session.verify = True
    refused(amazon.signed(amazon.message(Message=complaint())), 503)
    assert amazon.asked == []


@pytest.mark.parametrize("body", [b"[]", b"7", b"null", b"{}", b"{"])
def test_s20_what_is_no_message_is_refused(amazon: Amazon, body: bytes) -> None:
    call = Sent(provider="ses", body=body, headers=basic(), content_type="text/plain")
    refused(call, 400, 403)


def test_certificates_are_kept_and_never_too_many(amazon: Amazon) -> None:
    ours = sns.Amazon(session=amazon.session)
    for number in range(25):
        amazon.served[f"/{number}.pem"] = amazon.served[CERTIFICATES]
        ours.certificate(f"https://{HOST}/{number}.pem")
    asked = len(amazon.asked)
    assert ours.certificate(f"https://{HOST}/24.pem") == ours.certificate(f"https://{HOST}/24.pem")
    assert (asked, len(amazon.asked)) == (25, 25)


def test_a_certificate_of_another_kind_of_key_believes_nothing(
    amazon: Amazon, letter: Delivery
) -> None:
    own: Any = ed25519.Ed25519PrivateKey.generate()
    builder = certificate(amazon.key)
    from_other = (
        x509.CertificateBuilder()
        .subject_name(builder.subject)
        .issuer_name(builder.subject)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(builder.not_valid_before_utc)
        .not_valid_after(builder.not_valid_after_utc)
        .sign(own, None)
    )
    amazon.served[CERTIFICATES] = pem(from_other)
    refused(amazon.signed(amazon.message(Message=complaint())), 403)


def test_the_address_of_the_certificate_is_amazons() -> None:
    assert CERTIFICATE.startswith(f"https://{HOST}/")
