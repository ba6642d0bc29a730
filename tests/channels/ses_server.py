"""A loopback server that speaks Amazon SES's wire format, and misbehaves when told to.

As documented in the SES API reference v2: ``POST /v2/email/outbound-emails`` takes one message,
here a raw one in base64, and answers with a ``MessageId``; errors have their name in the header
``x-amzn-ErrorType``. Signature Version 4, which is checked step by step as AWS describes it.
"""

import base64
import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as policy
from email.utils import parseaddr
from typing import Any

from pipeline.channels.sigv4 import Credentials
from tests.channels.api_server import ApiServer, Call, Message

CREDENTIALS = Credentials(
    key_id="AKIDEXAMPLE",
    secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    region="eu-west-1",
    service="ses",
)
CONFIGURATION_SET = "letters"
LARGEST = 40_000_000
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/(\w+)/aws4_request, "
    r"SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True, kw_only=True)
class Kept(Message):
    """One message as SES takes it.

    Attributes:
        raw: As it came.
        feedback: The words that are put into the Feedback-ID that SES writes.
    """

    raw: bytes
    feedback: tuple[str, ...]


class SesServer(ApiServer):
    """The server.

    Attributes:
        kept: Every message, in the order of acceptance.
    """

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        super().__init__()

    def messages(self) -> list[Kept]:
        """Every message it took, in order."""
        return self.kept

    def answer(self, call: Call) -> tuple[int, object]:
        """What SES answers."""
        if not _is_signed(call):
            told = "The request signature we calculated does not match the signature you provided."
            return 403, {"message": told}
        if (call.method, call.path) != ("POST", "/v2/email/outbound-emails"):
            return 404, {"message": None}
        document = call.json()
        assert isinstance(document, dict)
        if problem := _problem(document, self.disliked):
            return 400, {"message": problem}
        made = _kept(document)
        with self._lock:
            self.kept.append(made)
        return 200, {"MessageId": made.id}


def _kept(document: dict[str, Any]) -> Kept:
    raw = base64.b64decode(document["Content"]["Raw"]["Data"], validate=True)
    message = BytesParser(policy=policy).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    tags = {tag["Name"]: tag["Value"] for tag in document["EmailTags"]}
    own = {"From", "To", "Subject", "Date", "Reply-To", "MIME-Version", "Content-Type"}
    return Kept(
        id=f"0102{uuid.uuid4()}-000000",
        recipient=document["Destination"]["ToAddresses"][0],
        to=(parseaddr(str(message["To"])),),
        sender=parseaddr(str(message["From"])),
        reply_to=str(message.get("Reply-To", "")),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: _as_written(raw, name) for name in {*message} - own},
        metadata={name: value for name, value in tags.items() if not name.startswith("ses:")},
        tracked=_tracking(document),
        raw=raw,
        feedback=tuple(tags.get(f"ses:feedback-id-{part}", "") for part in "ab"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _as_written(raw: bytes, name: str) -> str:
    """A header unfolded, its encoded words left as they are."""
    found = re.search(rf"^{name}: (.*(?:\r\n .*)*)\r$".encode(), raw, re.MULTILINE)
    assert found
    return found[1].replace(b"\r\n", b"").decode()


def _tracking(document: dict[str, Any]) -> bool:
    # The configuration set looks at both, unless a call says otherwise.
    told = document.get("ConfigurationOverrides", {}).get("Tracking", {})
    kinds = ("OpenTrackingEnabled", "ClickTrackingEnabled")
    return any(told.get(kind) != "DISABLED" for kind in kinds)


def _problem(document: dict[str, Any], disliked: set[str]) -> str:
    """What SES finds wrong with a call, in its words; "" if nothing."""
    (address,) = document["Destination"]["ToAddresses"]
    words = [word for tag in document["EmailTags"] for word in (tag["Name"], tag["Value"])]
    if document["ConfigurationSetName"] != CONFIGURATION_SET:
        return "Configuration set does not exist."
    if len(document["Content"]["Raw"]["Data"]) > LARGEST:
        return "Message is too long."
    if not address.isascii() or address in disliked:
        return f"Local address contains control or non-ASCII characters: {address}"
    plain = [word for word in words if not re.fullmatch(r"ses:feedback-id-[ab]", word)]
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", word) for word in plain):
        return "Invalid tag."
    return ""


def _is_signed(call: Call) -> bool:
    """Whether the signature is that of this very call by the one who may."""
    found = _AUTHORIZATION.fullmatch(call.headers.get("authorization", ""))
    if not found or found[1] != CREDENTIALS.key_id:
        return False
    names, stamp = found[5].split(";"), call.headers.get("x-amz-date", "")
    if not {"host", "x-amz-date"} <= set(names) or not stamp.startswith(found[2]):
        return False
    headers = "".join(f"{name}:{call.headers[name]}\n" for name in names)
    body = hashlib.sha256(call.body).hexdigest()
    canonical = f"{call.method}\n{call.path}\n\n{headers}\n{found[5]}\n{body}"
    scope = f"{found[2]}/{found[3]}/{found[4]}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + CREDENTIALS.secret.encode()
    for word in (found[2], CREDENTIALS.region, CREDENTIALS.service, "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    told = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    return hmac.digest(key, told.encode(), "sha256").hex() == found[6]
