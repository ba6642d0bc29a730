"""A loopback server that speaks Mailjet's wire format, and misbehaves when told to.

As documented at dev.mailjet.com: ``POST /v3.1/send`` takes a list of messages for at most 50
recipients and answers message by message, with a 400 where one is in error. Of a campaign with
``DeduplicateCampaign`` only the first message to an address goes out; the others are taken, and
blocked. Basic authentication, public and private key.
"""

import json
import re
import secrets
from typing import Any

from tests.channels.api_server import ApiServer, Call, Message, basic

KEY = "mailjet-public-key-of-a-test"
SECRET = "mailjet-private-key-of-a-test"
MOST_RECIPIENTS = 50
FORBIDDEN = {
    *("from", "sender", "subject", "to", "cc", "bcc", "return-path", "delivered-to", "date"),
    *("dkim-signature", "domainkey-status", "received-spf", "authentication-results", "received"),
    *("user-agent", "x-mailer", "x-feedback-id", "list-id", "message-id", "x-csa-complaints"),
    *("reply-to", "x-mailjet-campaign", "x-mj-customid", "x-mj-eventpayload"),
}
_VARIABLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


class MailjetServer(ApiServer):
    """The server.

    Attributes:
        blocked: The addresses of messages that were taken and not sent.
    """

    root = "/v3.1"

    def __init__(self) -> None:
        self.blocked: list[str] = []
        self._campaigns: set[tuple[str, str]] = set()
        super().__init__()

    def answer(self, call: Call) -> tuple[int, object]:
        """What Mailjet answers."""
        if call.headers.get("authorization") != basic(KEY, SECRET):
            return 401, _error(401, "mj-0001", "API key authentication/authorization failure.")
        if (call.method, call.path) != ("POST", "/v3.1/send"):
            return 404, _error(404, "mj-0007", "Resource not found")
        sent = call.json()
        if not isinstance(sent, dict) or not sent.get("Messages"):
            return 400, _error(400, "mj-0003", "Missing mandatory property.")
        if sum(len(each.get("To", [])) for each in sent["Messages"]) > MOST_RECIPIENTS:
            told = "Total number of recipients exceeded. Max allowed - 50"
            return 400, _error(400, "send-0015", told)
        answers = [self.post_message(each) for each in sent["Messages"]]
        failed = any(each["Status"] == "error" for each in answers)
        return 400 if failed else 200, {"Messages": answers}

    def post_message(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Take one message, or say why not."""
        if why := self.problem(sent):
            return {"Status": "error", "Errors": [_error(400, "mj-0013", why)]}
        message = _message(sent)
        with self._lock:
            place = sent.get("CustomCampaign", ""), message.recipient.lower()
            if sent.get("DeduplicateCampaign") and place in self._campaigns:
                self.blocked.append(message.recipient)
            else:
                self.taken.append(message)
            self._campaigns.add(place)
        to = {"Email": message.recipient, "MessageUUID": "u", "MessageID": int(message.id)}
        return {"Status": "success", "CustomID": "", "To": [to], "Cc": [], "Bcc": []}

    def problem(self, sent: dict[str, Any]) -> str:
        """What Mailjet finds wrong with a message; "" if nothing."""
        if missing := {"From", "To", "Subject"} - sent.keys():
            return f"{min(missing)} is mandatory but missing"
        if not sent.get("TextPart") and not sent.get("HTMLPart"):
            return "one of HTMLPart, TextPart, TemplateID is mandatory"
        if sent.get("DeduplicateCampaign") and not sent.get("CustomCampaign"):
            return "DeduplicateCampaign needs a CustomCampaign"
        return self.unfit(sent)

    def unfit(self, sent: dict[str, Any]) -> str:
        """What is wrong with a value."""
        if forbidden := {name.lower() for name in sent.get("Headers", {})} & FORBIDDEN:
            return f"Header cannot be customized using this feature: {min(forbidden)}"
        if len(sent["Subject"]) > 255:
            return "Subject exceeds 255 characters"
        address = sent["To"][0]["Email"]
        if "@" not in address or address in self.disliked:
            return f'"{address}" is an invalid email address.'
        return ""


def _error(status: int, code: str, told: str) -> dict[str, object]:
    return {
        "ErrorIdentifier": secrets.token_hex(8),
        "ErrorCode": code,
        "StatusCode": status,
        "ErrorMessage": told,
    }


def _message(sent: dict[str, Any]) -> Message:
    to = tuple((each.get("Name", ""), each["Email"]) for each in sent["To"])

    def filled(text: str) -> str:
        return _VARIABLE.sub("", text) if sent.get("TemplateLanguage") else text

    return Message(
        id=str(secrets.randbits(60)),
        recipient=to[0][1],
        to=to,
        sender=(sent["From"].get("Name", ""), sent["From"]["Email"]),
        reply_to=sent.get("ReplyTo", {}).get("Email", ""),
        subject=filled(sent["Subject"]),
        text=filled(sent["TextPart"]),
        html=filled(sent["HTMLPart"]),
        headers=sent.get("Headers", {}),
        metadata=json.loads(sent.get("EventPayload", "{}")),
        tracked={sent.get("TrackOpens"), sent.get("TrackClicks")} != {"disabled"},
    )
