"""Mailjet: user and password in the address; it signs nothing.

Source: dev.mailjet.com, "Event API (webhooks)", with its table of errors.
"""

from collections.abc import Mapping
from typing import Any

from anymail.webhooks.mailjet import MailjetTrackingWebhookView

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks.hook import ListHook

# Mailjet did not try, for what came of earlier mails to the address.
_LISTED = frozenset({"preblocked", "spam reporter"})
# Refused for who sends it, or for what it says: RFC 3463 has 5.7.1 for it.
_OURS = frozenset({"sender blocked", "content blocked", "policy issue"})


class MailjetHook(ListHook):
    """``POST /hooks/mailjet/``: one event or, if Mailjet groups them, a list."""

    name = "mailjet"
    view = MailjetTrackingWebhookView

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By its words for an error, and what the server said."""
        error = raw.get("error", "")
        if error in _LISTED:
            return REFUSED_BY_LIST
        found = status_code(told, hard=bool(raw.get("hard_bounce")) and error not in _OURS)
        return found or ("5.7.1" if error in _OURS else "")
