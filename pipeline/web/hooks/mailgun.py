"""Mailgun: HMAC over time and token, which does not cover the body; so user and password as well.

Source: documentation.mailgun.com, "Securing webhooks" and "Automatic retries". What it tells is
believed only of messages that exist (``events/member.py``), and a token counts once.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.conf import settings

from pipeline.channels.mailgun_events import bounce_code, event_id
from pipeline.web.hooks import basic
from pipeline.web.hooks.call import Call, Refusal, ask_age
from pipeline.web.hooks.hook import Hook

SETTING = "MAILGUN_WEBHOOK_SIGNING_KEY"


class MailgunHook(Hook):
    """``POST /hooks/mailgun/``: one event in each call."""

    name = "mailgun"
    view = MailgunTrackingWebhookView

    def fault(self) -> str:
        """User and password, and the signing key."""
        if not basic.secrets_of(SETTING):
            return f"ANYMAIL_{SETTING} is not set. Mailgun shows it under Sending, Webhooks."
        return super().fault()

    def check(self, call: Call) -> None:
        """Time and token are signed, and new."""
        signature = _signature(call)
        signed = f"{signature['timestamp']}{signature['token']}".encode(errors="replace")
        wanted = [_hmac(key, signed) for key in basic.secrets_of(SETTING)]
        given = signature["signature"].encode(errors="replace")
        same = [hmac.compare_digest(given, each) for each in wanted]
        if not any(same):
            raise Refusal("the signature is wrong", status=403)
        skew = timedelta(seconds=settings.MERIDIAN_HOOK_SKEW)
        ask_age(signature["timestamp"], now=call.now, past=skew, future=skew)

    def token(self, call: Call) -> str:
        """Mailgun's token."""
        return _signature(call)["token"]

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By Mailgun's reason and what the server said."""
        return bounce_code(told, raw["event-data"])

    def event_id(self, told: Any, raw: Mapping[str, Any]) -> str:
        """As when Mailgun is asked: one event is the same on both ways."""
        return event_id(told, raw["event-data"])


def _hmac(key: str, signed: bytes) -> bytes:
    return hmac.new(key.encode(), signed, hashlib.sha256).hexdigest().encode()


def _signature(call: Call) -> dict[str, str]:
    match call.json:
        case {"signature": {"timestamp": stamp, "token": str(token), "signature": str(given)}}:
            return {"timestamp": str(stamp), "token": token, "signature": given}
    raise Refusal("there is no signature", status=403)
