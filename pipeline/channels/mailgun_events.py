"""Mailgun's events, whether it brings them or is asked for them: the same value from both.

Source: documentation.mailgun.com, "Event structure": severity, reason and delivery-status.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anymail.webhooks.mailgun import MailgunTrackingWebhookView

from pipeline.audience.complaints import REFUSED_BY_LIST
from pipeline.channels.normalise import normalised, status_code
from pipeline.outbox.event import ProviderEvent

# Anymail's view without its settings: only its reading is wanted.
_READER = object.__new__(MailgunTrackingWebhookView)
# Why Mailgun did not even try: the address is on one of its own lists.
_LISTED = "suppress-"


def read_event(item: Mapping[str, Any], *, now: dt.datetime) -> ProviderEvent | None:
    """One event as a value of ours; None if it is of a kind that changes nothing.

    Args:
        item: What stands under ``event-data`` in a webhook, or in ``items`` of a page.
        now: The time, for an event that bears none.

    Raises:
        Exception: Of any kind, where a field has another form than documented.
    """
    told = _READER.esp_to_anymail_event({"event-data": item, "signature": {}})
    # Mailgun's id is unique within a day (its documentation), and the same on both ways.
    day = f"{told.timestamp:%Y-%m-%d}" if told.timestamp else ""
    event_id = f"{day} {item['id']}" if item.get("id") else ""
    code = _code(told, item)
    return normalised(told, provider="mailgun", now=now, code=code, event_id=event_id)


def _code(told: Any, item: Mapping[str, Any]) -> str:
    reason = str(item.get("reason", ""))
    if reason.startswith(_LISTED):
        return REFUSED_BY_LIST
    status = item.get("delivery-status") or {}
    hard = reason == "bounce" and item.get("severity") == "permanent"
    return status_code(told, hard=hard, given=str(status.get("enhanced-code") or ""))
