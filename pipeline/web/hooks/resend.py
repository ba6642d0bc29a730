"""Resend: signed by Svix, the whole body with an id and a time.

Source: docs.svix.com, "Verifying webhooks manually"; resend.com/docs, "Event types". Written here
because it is an HMAC: the library for it brings a whole client along.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anymail.webhooks.resend import ResendTrackingWebhookView
from django.conf import settings

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks import basic
from pipeline.web.hooks.call import Call, Refusal, ask_age
from pipeline.web.hooks.hook import Hook

SETTING = "RESEND_SIGNING_SECRET"
_PREFIX = "whsec_"
# Newer than what Anymail knows: Resend did not send, because of its own list or at all.
_NOT_SENT = frozenset({"email.failed", "email.suppressed"})


class ResendHook(Hook):
    """``POST /hooks/resend/``: one event in each call."""

    name = "resend"
    view = ResendTrackingWebhookView
    basic = False

    def fault(self) -> str:
        """The signing secret."""
        listed = basic.secrets_of(SETTING)
        if listed and all(map(_key, listed)):
            return ""
        what = "has another form than Resend's" if listed else "is not set"
        return f"ANYMAIL_{SETTING} {what}. Resend shows it with the webhook: whsec_…"

    def check(self, call: Call) -> None:
        """Id, time and body are signed; every try is signed anew."""
        stamp = call.headers.get("svix-timestamp", "")
        signed = f"{call.headers.get('svix-id', '')}.{stamp}.".encode() + call.body
        keys = map(_key, basic.secrets_of(SETTING))
        wanted = [hmac.digest(key, signed, "sha256") for key in keys]
        given = _signatures(call.headers.get("svix-signature", ""))
        same = [hmac.compare_digest(one, other) for one in given for other in wanted]
        if not any(same):
            raise Refusal("the signature is wrong", status=403)
        skew = timedelta(seconds=settings.MERIDIAN_HOOK_SKEW)
        ask_age(stamp, now=call.now, past=skew, future=skew)

    def told(self, payload: object, call: Call) -> list[Any]:
        """Anymail's reading, and the kinds it does not know yet."""
        events = super().told(payload, call)
        for event in events:
            if event.esp_event["type"] in _NOT_SENT:
                event.event_type = "rejected"
        return events

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By the type of bounce, which is Amazon's."""
        bounce = raw["data"].get("bounce") or {}
        if raw["type"] == "email.suppressed" or bounce.get("subType") == "Suppressed":
            return REFUSED_BY_LIST
        return status_code(told, hard=bounce.get("type") == "Permanent")


def _key(secret: str) -> bytes:
    """The key of a secret; empty if it has another form."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _signatures(header: str) -> list[bytes]:
    """The signatures of version 1: several while a secret is changed."""
    found = []
    for each in header.split():
        version, _, text = each.partition(",")
        if version == "v1" and (signature := _key(text)):
            found.append(signature)
    return found
