"""Brevo: user and password in the address; it signs nothing.

Source: developers.brevo.com, "Transactional webhooks".
"""

from collections.abc import Mapping
from typing import Any

from anymail.webhooks.brevo import BrevoTrackingWebhookView

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks.hook import Hook

_HARD = frozenset({"hard_bounce", "invalid_email"})


class BrevoHook(Hook):
    """``POST /hooks/brevo/``: one event in each call."""

    name = "brevo"
    view = BrevoTrackingWebhookView

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By the event's name: "blocked" is an address on Brevo's own list."""
        if raw["event"] == "blocked":
            return REFUSED_BY_LIST
        return status_code(told, hard=raw["event"] in _HARD)
