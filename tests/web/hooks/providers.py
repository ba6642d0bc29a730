"""Each provider as it calls a webhook: its words for an event, and what it signs.

Written from the providers' public descriptions, which the modules of ``pipeline/web/hooks`` name.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse

from tests.web.readers import ask

PAIR = "meridian:a-password-for-tests"
OLD_PAIR = "meridian:the-password-of-before"
MAILGUN_KEY = "key-of-the-tests-webhooks"
RESEND_KEY = b"resend-key-of-the-tests-webhooks"
SENDGRID_KEY = generate_private_key(SECP256R1())
SENDGRID_PUBLIC = base64.b64encode(
    SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
BATCH = "k" * 32
ID = "<1@mg.example.com>"
ANA = "ana@example.com"

SETTINGS = {
    "WEBHOOK_SECRET": f"{PAIR},{OLD_PAIR}",
    "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY,
    "RESEND_SIGNING_SECRET": "whsec_" + base64.b64encode(RESEND_KEY).decode(),
    "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": SENDGRID_PUBLIC,
}


@dataclass(kw_only=True)
class Sent:
    """One call: what is sent, to be spoilt by a test before it goes out."""

    provider: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def go(self) -> HttpResponse:
        """Make the call."""
        path = f"/hooks/{self.provider}/"
        return ask("POST", path, self.body, self.content_type, headers=self.headers)


def now() -> int:
    """The seconds that a provider signs."""
    return int(dt.datetime.now(dt.UTC).timestamp())


def basic(pair: str = PAIR) -> dict[str, str]:
    """The header of user and password."""
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


# --- Words ----------------------------------------------------------------------------------------


def mailgun_event(kind: str, **more: Any) -> dict[str, Any]:
    """What stands under event-data."""
    return {
        "event": kind,
        "id": secrets.token_hex(8),
        "timestamp": now() - 5,
        "recipient": ANA,
        "user-variables": {"batch": BATCH},
        "message": {"headers": {"message-id": ID.strip("<>")}},
        **more,
    }


def postmark_event(kind: str, **more: Any) -> dict[str, Any]:
    """One record; a bounce has Email, all else Recipient."""
    return {
        "RecordType": kind,
        "MessageID": ID,
        "Recipient": ANA,
        "Metadata": {"batch": BATCH},
        "ReceivedAt": dt.datetime.now(dt.UTC).isoformat(),
        **more,
    }


def resend_event(kind: str, **data: Any) -> dict[str, Any]:
    """Type, time and data."""
    header = {"name": "X-Metadata", "value": json.dumps({"batch": BATCH})}
    at = dt.datetime.now(dt.UTC).isoformat()
    told = {"email_id": ID, "to": [ANA], "headers": [header], **data}
    return {"type": kind, "created_at": at, "data": told}


def sparkpost_event(kind: str, **more: Any) -> dict[str, Any]:
    """An event wrapped in its class."""
    told = {
        "type": kind,
        "event_id": secrets.token_hex(8),
        "timestamp": str(now()),
        "transmission_id": ID,
        "raw_rcpt_to": ANA,
        "rcpt_meta": {"batch": BATCH},
        **more,
    }
    return {"msys": {"message_event": told}}


def mailjet_event(kind: str, **more: Any) -> dict[str, Any]:
    """A flat record; metadata is JSON in a text."""
    payload = json.dumps({"batch": BATCH})
    return {"event": kind, "time": now(), "MessageID": 1, "email": ANA, "Payload": payload, **more}


def brevo_event(kind: str, **more: Any) -> dict[str, Any]:
    """A flat record; metadata is JSON in a header."""
    custom = json.dumps({"batch": BATCH})
    told = {"event": kind, "email": ANA, "message-id": ID, "ts_epoch": now() * 1000}
    return {**told, "X-Mailin-custom": custom, **more}


def sendgrid_event(kind: str, **more: Any) -> dict[str, Any]:
    """A flat record, metadata among its fields."""
    told = {"event": kind, "email": ANA, "anymail_id": ID, "timestamp": now(), "batch": BATCH}
    return {**told, "sg_event_id": secrets.token_hex(8), **more}


# --- Signatures -----------------------------------------------------------------------------------


def mailgun(told: Mapping[str, Any], *, age: int = 0, key: str = MAILGUN_KEY) -> Sent:
    """Signed over time and token, and user and password."""
    stamp, token = str(now() - age), secrets.token_hex(25)
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": stamp, "token": token, "signature": signature}
    body = json.dumps({"signature": signed, "event-data": told}).encode()
    return Sent(provider="mailgun", body=body, headers=basic())


def resend(told: object, *, age: int = 0, key: bytes = RESEND_KEY) -> Sent:
    """Signed by Svix."""
    body, id_, stamp = json.dumps(told).encode(), f"msg_{secrets.token_hex(8)}", str(now() - age)
    signature = base64.b64encode(hmac.digest(key, f"{id_}.{stamp}.".encode() + body, "sha256"))
    headers = {
        "svix-id": id_,
        "svix-timestamp": stamp,
        "svix-signature": f"v1a,xyz v1,{signature.decode()}",
    }
    return Sent(provider="resend", body=body, headers=headers)


def sendgrid(told: object, *, age: int = 0, key: Any = SENDGRID_KEY) -> Sent:
    """Signed with ECDSA."""
    body, stamp = json.dumps(told).encode(), str(now() - age)
    signature = base64.b64encode(key.sign(stamp.encode() + body, ECDSA(SHA256()))).decode()
    prefix = "X-Twilio-Email-Event-Webhook-"
    headers = {f"{prefix}Signature": signature, f"{prefix}Timestamp": stamp}
    return Sent(provider="sendgrid", body=body, headers=headers)


def plain(provider: str, told: object) -> Sent:
    """With user and password alone."""
    return Sent(provider=provider, body=json.dumps(told).encode(), headers=basic())


@dataclass(frozen=True, kw_only=True)
class Provider:
    """How one provider tells that a letter was delivered, and that Ana complained."""

    name: str
    delivered: Callable[[], Sent]
    complained: Callable[[], Sent]
    id: str = ID


PROVIDERS = [
    Provider(
        name="mailgun",
        delivered=lambda: mailgun(mailgun_event("delivered")),
        complained=lambda: mailgun(mailgun_event("complained")),
    ),
    Provider(
        name="postmark",
        delivered=lambda: plain("postmark", postmark_event("Delivery")),
        complained=lambda: plain("postmark", postmark_event("SpamComplaint", ID=42, Email=ANA)),
    ),
    Provider(
        name="resend",
        delivered=lambda: resend(resend_event("email.delivered")),
        complained=lambda: resend(resend_event("email.complained")),
    ),
    Provider(
        name="sparkpost",
        delivered=lambda: plain("sparkpost", [sparkpost_event("delivery")]),
        complained=lambda: plain("sparkpost", [sparkpost_event("spam_complaint")]),
    ),
    Provider(
        name="mailjet",
        delivered=lambda: plain("mailjet", mailjet_event("sent")),
        complained=lambda: plain("mailjet", [mailjet_event("spam")]),
        id="1",
    ),
    Provider(
        name="brevo",
        delivered=lambda: plain("brevo", brevo_event("delivered")),
        complained=lambda: plain("brevo", brevo_event("spam")),
    ),
    Provider(
        name="sendgrid",
        delivered=lambda: sendgrid([sendgrid_event("delivered")]),
        complained=lambda: sendgrid([sendgrid_event("spamreport")]),
    ),
]
