"""SparkPost: user and password, set with the webhook; it signs nothing.

Source: developers.sparkpost.com, "Webhooks" and "Bounce classification codes".
"""

from collections.abc import Mapping
from typing import Any

from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks.hook import ListHook

# Invalid recipient; no such recipient.
_HARD = frozenset({"10", "30"})
# "Admin failure": SparkPost itself refused, mostly for its suppression list.
_ADMIN = "25"


class SparkPostHook(ListHook):
    """``POST /hooks/sparkpost/``: a list of events in each call."""

    name = "sparkpost"
    view = SparkPostTrackingWebhookView

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By the class of bounce and what the server said."""
        (event,) = raw["msys"].values()
        kind = str(event.get("bounce_class", ""))
        if kind == _ADMIN and "suppress" in str(told.mta_response).lower():
            return REFUSED_BY_LIST
        return status_code(told, hard=kind in _HARD)
