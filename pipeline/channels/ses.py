"""Amazon SES, by its API v2: one call for each reader, with the whole message as we wrote it.

SES knows no keys and cannot be asked what it took (class c), so a call is for one reader alone: a
crash leaves one delivery open for each connection, no more. Its events bear the tags of the call,
and settle what was left open. It puts its own Message-ID and Date into every message.
Source: docs.aws.amazon.com/ses, "SendEmail" of the API reference v2, "ConfigurationOverrides",
"MessageTag", "Amazon SES header fields", "Amazon SES email sending errors"; the AWS blog,
"Understanding Google Postmaster Tools (spam complaints) for Amazon SES email senders".
"""

import base64
import datetime as dt
from collections.abc import Mapping

from pipeline.channels.http import Reply, answer_error
from pipeline.channels.json_api import TIMEOUT, JsonChannel, fields
from pipeline.channels.json_form import dumps
from pipeline.channels.mail import KEY, URL, setting
from pipeline.channels.message import feedback_id, one_address
from pipeline.channels.sigv4 import Credentials, sign
from pipeline.channels.skeleton import Skeleton
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import Letter, Receipt, Recipient, Safety

REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
CONFIGURATION_SET = r"[A-Za-z0-9_-]{1,64}"
# Errors that are this one message's. Any other, such as that of an account that is paused, comes
# with 400 too, and is a person's to mend.
_OF_THE_MESSAGE = frozenset({"BadRequestException", "MessageRejected"})


class SesChannel(JsonChannel):
    """Hands letters to Amazon SES."""

    name = "ses"
    who = "Amazon SES"
    path = "/v2/email/outbound-emails"
    batch_size = 1
    safety = Safety.NEITHER
    serializer = "ses-1"

    def __init__(
        self,
        *,
        credentials: Credentials,
        configuration_set: str,
        api_url: str,
        timeout: dt.timedelta = TIMEOUT,
    ) -> None:
        self._credentials = credentials
        self._configuration_set = configuration_set
        super().__init__(api_url=api_url, headers={}, timeout=timeout)

    @classmethod
    def from_settings(cls) -> "SesChannel":
        """The channel that the settings describe; Anymail hands these to the SDK.

        Raises:
            SettingError: One is missing or cannot be used.
        """
        credentials = Credentials(
            key_id=_setting("ACCESS_KEY_ID", form=KEY),
            secret=_setting("SECRET_ACCESS_KEY", form=KEY),
            region=_setting("REGION_NAME", form=REGION),
            service="ses",
        )
        there = f"https://email.{credentials.region}.amazonaws.com"
        return cls(
            credentials=credentials,
            configuration_set=_setting("CONFIGURATION_SET_NAME", form=CONFIGURATION_SET),
            api_url=_setting("API_URL", form=URL, default=there),
        )

    def signed(self, body: bytes) -> Mapping[str, str]:
        """The signature, which holds for this body and some minutes."""
        request = ("POST", self.api_url + self.path, body)
        return sign(request, credentials=self._credentials, now=dt.datetime.now(dt.UTC))

    def write(self, letter: Letter, recipients: list[Recipient]) -> bytes:
        """The message as it goes out, in base64.

        Raises:
            RefusedError: There are more than the queue hands over.
        """
        if len(recipients) > self.batch_size:
            raise RefusedError("Amazon SES is handed one reader a call", final=True)
        (recipient,) = recipients
        tracking = "ENABLED" if letter.tracked else "DISABLED"
        document = {
            "Destination": {"ToAddresses": [one_address(recipient.address)]},
            "EmailTags": [
                {"Name": name, "Value": value} for name, value in _tags(letter, recipient).items()
            ],
            "ConfigurationSetName": self._configuration_set,
            # Whatever the configuration set says (P1). It takes the right to
            # ses:ApplyTrackingConfigurationOverrides.
            "ConfigurationOverrides": {
                "Tracking": {
                    "OpenTrackingEnabled": tracking,
                    "ClickTrackingEnabled": tracking,
                }
            },
        }
        # Base64 is a JSON string as it stands: it need not be read for what to escape.
        content = base64.b64encode(_raw(letter, recipient))
        whole = dumps(document).removesuffix(b"}")
        return whole + b',"Content":{"Raw":{"Data":"' + content + b'"}}}'

    def read(self, reply: Reply, recipients: list[Recipient]) -> Receipt:
        """The id of the one message."""
        match reply.json():
            case {"MessageId": str(message_id)} if message_id:
                return Receipt(accepted={recipients[0].delivery: message_id})
        raise UnsureError("Amazon SES answered, but not that it took the letter")

    def refusal(self, reply: Reply) -> SendError:
        """By the name of the error: its status is 400 for nearly all of them."""
        error = reply.headers.get("x-amzn-ErrorType", "").partition(":")[0]
        answer = fields(reply)
        told = str(answer.get("message") or answer.get("Message") or "")
        reason = f"{error}: {told}" if error else told
        made = answer_error(self.who, reply.status, reply.headers, reason=reason)
        if isinstance(made, RefusedError):
            # An address that is not verified is the sender's, or the account is in its sandbox.
            made.final = error in _OF_THE_MESSAGE and "not verified" not in told
        return made


def _tags(letter: Letter, recipient: Recipient) -> dict[str, str]:
    """What its events bear; and two words of the Feedback-ID that SES writes itself (D26)."""
    tags = {"batch": letter.key, "delivery": str(recipient.delivery)}
    if letter.kind == "issue":
        campaign, newsletter = feedback_id(letter).split(":")[:2]
        tags["ses:feedback-id-a"] = campaign.replace(".", "-")
        tags["ses:feedback-id-b"] = newsletter
    return tags


def _raw(letter: Letter, recipient: Recipient) -> bytes:
    """The email, without the second dots that SMTP wants at the beginning of a line."""
    message = Skeleton(letter).fill(recipient, eai=False)
    return message.replace(b"\r\n..", b"\r\n.")


def _setting(name: str, *, form: str, default: str = "") -> str:
    return setting(f"AMAZON_SES_{name}", form=form, who="Amazon SES", default=default)
