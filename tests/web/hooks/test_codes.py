"""What each provider's words for a bounce mean: gone, on a list, our own fault, or only counted."""

from typing import Any

import pytest

from pipeline.audience.codes import Verdict, weigh
from pipeline.events.models import Event
from tests.web.hooks.providers import (
    ANA,
    Sent,
    brevo_event,
    mailgun,
    mailgun_event,
    mailjet_event,
    plain,
    postmark_event,
    resend,
    resend_event,
    sendgrid,
    sendgrid_event,
    sparkpost_event,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ENDED, COUNTED, SENDER = Verdict.ENDED, Verdict.COUNTED, Verdict.SENDER
NO_USER = "550 5.1.1 <ana@example.com>: no such user"
FULL = "452 4.2.2 mailbox full"


def told_by(call: Sent) -> tuple[str, Verdict]:
    """The kind of the one event of a call, and what its code means."""
    assert call.go().status_code == 200
    row = Event.objects.get()
    assert row.error == ""
    assert ANA not in row.reason
    return row.kind, weigh(row.code)


def status(text: str, **more: Any) -> dict[str, Any]:
    return {"delivery-status": {"message": text, **more}}


@pytest.mark.parametrize(
    ("kind", "more", "meant"),
    [
        ("failed", {"severity": "permanent", "reason": "bounce", **status(NO_USER)}, ENDED),
        ("failed", {"severity": "permanent", "reason": "bounce", **status("550 gone")}, ENDED),
        ("failed", {"severity": "permanent", "reason": "suppress-bounce"}, ENDED),
        ("failed", {"severity": "permanent", "reason": "suppress-complaint"}, ENDED),
        ("failed", {"severity": "permanent", "reason": "old"}, COUNTED),
        (
            "failed",
            {
                "severity": "permanent",
                "reason": "bounce",
                **status("550 no", **{"enhanced-code": "5.7.26"}),
            },
            SENDER,
        ),
        ("failed", {"severity": "permanent", "delivery-status": None}, COUNTED),
        ("failed", {"severity": "permanent", **status("5.1.1.1 is a machine")}, COUNTED),
    ],
)
def test_mailgun(kind: str, more: dict[str, Any], meant: Verdict) -> None:
    assert told_by(mailgun(mailgun_event(kind, **more))) == ("bounced", meant)


def test_mailgun_puts_off_and_refuses() -> None:
    put_off = mailgun_event("failed", severity="temporary", **status(FULL))
    assert told_by(mailgun(put_off))[0] == "deferred"
    Event.objects.all().delete()
    rejected = mailgun_event("rejected", reject={"reason": "sandbox"}, id="")
    assert told_by(mailgun(rejected)) == ("refused", COUNTED)


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        ("Bounce", {"Type": "HardBounce", "Details": NO_USER}, ("bounced", ENDED)),
        ("Bounce", {"Type": "HardBounce", "Details": "smtp;550 5.0.0 no"}, ("bounced", ENDED)),
        ("Bounce", {"Type": "SoftBounce", "Details": FULL}, ("bounced", COUNTED)),
        ("Bounce", {"Type": "BadEmailAddress"}, ("refused", ENDED)),
        ("Bounce", {"Type": "ManuallyDeactivated"}, ("refused", ENDED)),
        ("Bounce", {"Type": "DMARCPolicy"}, ("refused", SENDER)),
        ("Bounce", {"Type": "Transient"}, ("deferred", COUNTED)),
        (
            "SubscriptionChange",
            {"SuppressSending": True, "SuppressionReason": "ManualSuppression"},
            ("unsubscribed", COUNTED),
        ),
        (
            "SubscriptionChange",
            {"SuppressSending": True, "SuppressionReason": "HardBounce"},
            ("bounced", ENDED),
        ),
    ],
)
def test_postmark(kind: str, more: dict[str, Any], wanted: tuple[str, Verdict]) -> None:
    assert told_by(plain("postmark", postmark_event(kind, **more))) == wanted


@pytest.mark.parametrize(
    ("kind", "bounce", "wanted"),
    [
        ("email.bounced", {"type": "Permanent", "message": "sent"}, ("bounced", ENDED)),
        ("email.bounced", {"type": "Permanent", "subType": "Suppressed"}, ("bounced", ENDED)),
        ("email.bounced", {"type": "Transient", "message": "full"}, ("bounced", COUNTED)),
        ("email.suppressed", None, ("refused", ENDED)),
        ("email.failed", None, ("refused", COUNTED)),
        ("email.delivery_delayed", None, ("deferred", COUNTED)),
    ],
)
def test_resend(kind: str, bounce: dict[str, str] | None, wanted: tuple[str, Verdict]) -> None:
    data = {"bounce": {"message": "it came back", **bounce}} if bounce else {}
    assert told_by(resend(resend_event(kind, **data))) == wanted


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        ("bounce", {"bounce_class": "10", "raw_reason": NO_USER}, ("bounced", ENDED)),
        ("bounce", {"bounce_class": "30", "raw_reason": "550 no"}, ("bounced", ENDED)),
        ("bounce", {"bounce_class": "22", "raw_reason": FULL}, ("bounced", COUNTED)),
        (
            "policy_rejection",
            {"bounce_class": "25", "raw_reason": "550 5.7.1 recipient address suppressed"},
            ("refused", ENDED),
        ),
        ("bounce", {"bounce_class": "50", "raw_reason": "550 5.7.1 blocked"}, ("bounced", SENDER)),
        ("link_unsubscribe", {}, ("unsubscribed", COUNTED)),
    ],
)
def test_sparkpost(kind: str, more: dict[str, Any], wanted: tuple[str, Verdict]) -> None:
    assert told_by(plain("sparkpost", [sparkpost_event(kind, **more)])) == wanted


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        ("bounce", {"hard_bounce": True, "error": "user unknown"}, ("bounced", ENDED)),
        ("bounce", {"hard_bounce": False, "error": "quota exceeded"}, ("bounced", COUNTED)),
        ("bounce", {"hard_bounce": True, "error": "policy issue"}, ("bounced", SENDER)),
        ("blocked", {"error": "preblocked"}, ("refused", ENDED)),
        ("blocked", {"error": "content blocked"}, ("refused", SENDER)),
        ("unsub", {}, ("unsubscribed", COUNTED)),
    ],
)
def test_mailjet(kind: str, more: dict[str, Any], wanted: tuple[str, Verdict]) -> None:
    assert told_by(plain("mailjet", mailjet_event(kind, **more))) == wanted


@pytest.mark.parametrize(
    ("kind", "reason", "wanted"),
    [
        ("hard_bounce", "550 no", ("bounced", ENDED)),
        ("invalid_email", "", ("bounced", ENDED)),
        ("soft_bounce", FULL, ("bounced", COUNTED)),
        ("blocked", "", ("refused", ENDED)),
        ("error", "broken", ("refused", COUNTED)),
        ("unsubscribe", "", ("unsubscribed", COUNTED)),
    ],
)
def test_brevo(kind: str, reason: str, wanted: tuple[str, Verdict]) -> None:
    assert told_by(plain("brevo", brevo_event(kind, reason=reason))) == wanted


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "no"}, ("bounced", ENDED)),
        ("bounce", {"type": "bounce", "status": "5.0.0"}, ("bounced", ENDED)),
        ("bounce", {"type": "blocked", "status": "5.7.1"}, ("bounced", SENDER)),
        ("bounce", {"type": "blocked", "reason": FULL}, ("bounced", COUNTED)),
        ("dropped", {"reason": "Bounced Address"}, ("refused", ENDED)),
        ("dropped", {"reason": "Spam Content"}, ("refused", COUNTED)),
        ("processed", {}, ("accepted", COUNTED)),
        ("group_unsubscribe", {}, ("unsubscribed", COUNTED)),
    ],
)
def test_sendgrid(kind: str, more: dict[str, Any], wanted: tuple[str, Verdict]) -> None:
    assert told_by(sendgrid([sendgrid_event(kind, **more)])) == wanted
