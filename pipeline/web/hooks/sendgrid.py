"""SendGrid: signed with ECDSA, the whole body with a time.

Source: twilio.com/docs/sendgrid, "Getting started with the Event Webhook security features" and
"Event Webhook reference". A failed call is made again for 24 hours.
"""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks import basic
from pipeline.web.hooks.call import Call, Refusal, ask_age
from pipeline.web.hooks.hook import ListHook

SETTING = "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"
# A repetition within it is known by its events; whether each try is signed anew is not documented.
_OLDEST = timedelta(hours=24)
_HEADER = "X-Twilio-Email-Event-Webhook-"
# Why SendGrid did not try, as it spells it: the address is on one of its lists.
_LISTED = ("bounced address", "spam reporting address", "unsubscribed address", "invalid")


class SendGridHook(ListHook):
    """``POST /hooks/sendgrid/``: a list of events in each call."""

    name = "sendgrid"
    view = SendGridTrackingWebhookView
    basic = False

    def fault(self) -> str:
        """The public key."""
        listed = basic.secrets_of(SETTING)
        if listed and all(map(_key, listed)):
            return ""
        what = "is no public key" if listed else "is not set"
        return f"ANYMAIL_{SETTING} {what}. SendGrid shows it in its Mail Settings."

    def check(self, call: Call) -> None:
        """Time and body are signed."""
        stamp = call.headers.get(f"{_HEADER}Timestamp", "")
        given = call.headers.get(f"{_HEADER}Signature", "")
        keys = filter(None, map(_key, basic.secrets_of(SETTING)))
        if not any(_is_signed(key, given, stamp.encode() + call.body) for key in keys):
            raise Refusal("the signature is wrong", status=403)
        skew = timedelta(seconds=settings.MERIDIAN_HOOK_SKEW)
        ask_age(stamp, now=call.now, past=_OLDEST, future=skew)

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By the server's code, which has a field of its own."""
        if raw["event"] == "dropped":
            return REFUSED_BY_LIST if str(raw.get("reason")).lower() in _LISTED else ""
        hard = raw["event"] == "bounce" and raw.get("type") == "bounce"
        return status_code(told, hard=hard, given=str(raw.get("status") or ""))


def _key(text: str) -> EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except ValueError:
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None


def _is_signed(key: EllipticCurvePublicKey, given: str, signed: bytes) -> bool:
    try:
        key.verify(base64.b64decode(given, validate=True), signed, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
