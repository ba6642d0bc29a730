"""Postmark: user and password in the address; it signs nothing.

Source: postmarkapp.com/developer, "Webhooks overview", "Bounce webhook" and "Bounce types".
"""

from collections.abc import Mapping
from typing import Any

from anymail.webhooks.postmark import PostmarkTrackingWebhookView

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks.hook import Hook

_LISTED = frozenset({"BadEmailAddress", "ManuallyDeactivated"})
# RFC 7372: the mail fails what the sender's domain asks for.
_DMARC = "5.7.26"


class PostmarkHook(Hook):
    """``POST /hooks/postmark/``: one event in each call."""

    name = "postmark"
    view = PostmarkTrackingWebhookView

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By its type of bounce and what the server said."""
        kind = raw.get("Type") or raw.get("SuppressionReason") or ""
        if kind in _LISTED:
            return REFUSED_BY_LIST
        return status_code(told, hard=kind == "HardBounce") or (
            _DMARC if kind == "DMARCPolicy" else ""
        )
