"""Amazon SES, by SNS: user and password, Amazon's signature, and a topic that we named.

Source: docs.aws.amazon.com/ses, "Contents of event data that Amazon SES publishes to Amazon SNS".
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from django.conf import settings

from pipeline.audience.codes import REFUSED_BY_LIST
from pipeline.channels.normalise import status_code
from pipeline.web.hooks.call import Call, Refusal
from pipeline.web.hooks.hook import Hook
from pipeline.web.hooks.sns import CONFIRMATION, NOTIFICATION, Amazon, verify

log = logging.getLogger(__name__)

_HARD = frozenset({"General", "NoEmail"})
_LISTED = frozenset({"Suppressed", "OnAccountSuppressionList"})
# What SES sends to a topic at first, in place of an event.
_HELLO = "Successfully validated SNS topic"


class SesHook(Hook):
    """``POST /hooks/ses/``: one message of SNS in each call."""

    name = "ses"
    view = AmazonSESTrackingWebhookView
    # SNS calls its JSON plain text.
    types = ("text/plain", "application/json")
    amazon = Amazon()

    def fault(self) -> str:
        """User and password, and the topics."""
        if not settings.MERIDIAN_SNS_TOPICS:
            return "MERIDIAN_SNS_TOPICS is not set. Write the ARN of the topic of SES."
        return super().fault()

    def check(self, call: Call) -> None:
        """The topic is ours, and Amazon signed all of it."""
        message = _message(call)
        if message.get("TopicArn") not in settings.MERIDIAN_SNS_TOPICS:
            raise Refusal("it is of a topic that is not ours", status=403)
        verify(message, self.amazon, now=call.now)

    def greet(self, call: Call) -> None:
        """Confirm the subscription to a topic of ours: Amazon sends nothing before."""
        message = _message(call)
        if message["Type"] == CONFIRMATION:
            self.amazon.confirm(str(message["SubscribeURL"]))
            log.warning("the subscription to the topic %s is confirmed", message["TopicArn"])

    def payloads(self, call: Call) -> list[object]:
        """The event, if it is one."""
        message = _message(call)
        said = str(message.get("Message"))
        return [message] if message["Type"] == NOTIFICATION and _HELLO not in said[:80] else []

    def told(self, payload: object, _call: Call) -> list[Any]:
        """Anymail's events: one for each reader."""
        view = object.__new__(self.view)
        message: Any = payload
        events: list[Any] = view.esp_to_anymail_events(json.loads(message["Message"]), message)
        return events

    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """By the type of bounce and the server's code, which has a field of its own."""
        bounce = raw.get("bounce") or {}
        if bounce.get("bounceSubType") in _LISTED:
            return REFUSED_BY_LIST
        hard = bounce.get("bounceType") == "Permanent" and bounce.get("bounceSubType") in _HARD
        readers = bounce.get("bouncedRecipients", ())
        mine = [each for each in readers if each["emailAddress"] == told.recipient]
        given = str(mine[0].get("status", "")) if mine else ""
        return status_code(told, hard=hard, given=given)


def _message(call: Call) -> Mapping[str, Any]:
    if isinstance(call.json, dict):
        return call.json
    raise Refusal("the body is no message of SNS", status=400)
