"""Mailgun's events, whether it brings them or is asked for them: the same value from both.

Source: documentation.mailgun.com, "Event structure": severity, reason and delivery-status.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anymail.webhooks.mailgun import MailgunTrackingWebhookView

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import normalised, status_code, unread
from pipeline.outbox.event import ProviderEvent, Told

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
    return normalised(
        told,
        provider="mailgun",
        now=now,
        code=bounce_code(told, item),
        event_id=event_id(told, item),
    )


def told_by(item: object, *, now: dt.datetime) -> Told | None:
    """The same of whatever stands on a page: what cannot be read is told as that."""
    if not isinstance(item, dict):
        return unread(item, TypeError("it is no object"), provider="mailgun")
    try:
        return read_event(item, now=now)
    except Exception as error:  # noqa: BLE001 (a library's reading of anybody's words)
        return unread(item, error, provider="mailgun")


def event_id(told: Any, item: Mapping[str, Any]) -> str:
    """What an event is known by: Mailgun's id is unique within a day (its documentation)."""
    day = f"{told.timestamp:%Y-%m-%d}" if told.timestamp else ""
    return f"{day} {item['id']}" if item.get("id") else ""


def bounce_code(told: Any, item: Mapping[str, Any]) -> str:
    """What a bounce means, by Mailgun's reason and the server's code."""
    reason = str(item.get("reason", ""))
    if reason.startswith(_LISTED):
        return REFUSED_BY_LIST
    status = item.get("delivery-status") or {}
    hard = reason == "bounce" and item.get("severity") == "permanent"
    return status_code(told, hard=hard, given=str(status.get("enhanced-code") or ""))
