"""Messages of Amazon SNS: signed by a certificate that Amazon serves, of topics that we named.

Source: docs.aws.amazon.com/sns, "Verifying the signatures of Amazon SNS messages": version 1 is
SHA-1, version 2 SHA-256, over fields in alphabetical order, each with its name.
"""

import base64
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from pipeline.channels.http import get_bytes
from pipeline.errors import SendError
from pipeline.web.hooks.call import Refusal

# Amazon gives up after 15 seconds; the message comes again.
PATIENCE = dt.timedelta(seconds=5)
NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]+)+-[0-9]\.amazonaws\.com(?:\.cn)?")
_CONFIRMING = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED: Mapping[str, tuple[str, ...]] = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: _CONFIRMING,
    "UnsubscribeConfirmation": _CONFIRMING,
}
_HASHES = {"1": SHA1, "2": SHA256}
_MOST_CERTIFICATES = 10


class Amazon:
    """Amazon's SNS servers, as we reach them.

    Attributes:
        session: How; None is a new connection for each call.
    """

    def __init__(self, session: Any = None) -> None:
        self.session = session
        self._keys: dict[str, x509.Certificate] = {}

    def certificate(self, url: str) -> x509.Certificate:
        """The certificate that stands at an address of Amazon's, which is asked for it once.

        Raises:
            Refusal: The address is not Amazon's, or what stands there is no certificate.
        """
        if url not in self._keys:
            if len(self._keys) >= _MOST_CERTIFICATES:
                self._keys.clear()
            self._keys[url] = _read(self._get(url, suffix=".pem"))
        return self._keys[url]

    def confirm(self, url: str) -> None:
        """Tell Amazon that the subscription is wanted.

        Raises:
            Refusal: The address is not Amazon's, or it does not answer.
        """
        self._get(url, suffix="")

    def _get(self, url: str, *, suffix: str) -> bytes:
        if not _is_amazons(url, suffix=suffix):
            raise Refusal("it names an address that is not Amazon's", status=403)
        try:
            return get_bytes(url, timeout=PATIENCE, session=self.session)
        except SendError as error:
            # Not our caller's fault, perhaps: it may try again.
            raise Refusal(f"Amazon was asked in vain: {error}", status=503) from None


def _is_amazons(url: str, *, suffix: str) -> bool:
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.netloc == parts.hostname
    except ValueError:
        return False
    return plain and bool(_HOST.fullmatch(parts.netloc)) and parts.path.endswith(suffix)


def _read(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise Refusal("what Amazon serves is no certificate", status=403) from None


def verify(message: Mapping[str, Any], amazon: Amazon, *, now: dt.datetime) -> None:
    """Refuse a message that Amazon did not sign.

    Raises:
        Refusal: It did not.
    """
    fields = _SIGNED.get(str(message.get("Type")), ())
    signed = "".join(f"{name}\n{message[name]}\n" for name in fields if name in message)
    hash_ = _HASHES.get(str(message.get("SignatureVersion")))
    if not signed or hash_ is None:
        raise Refusal("there is no signature", status=403)
    certificate = amazon.certificate(str(message.get("SigningCertURL")))
    key = certificate.public_key()
    valid = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    if not isinstance(key, RSAPublicKey) or not valid:
        raise Refusal("Amazon's certificate is not valid", status=403)
    try:
        given = base64.b64decode(str(message.get("Signature")), validate=True)
        key.verify(given, signed.encode(), PKCS1v15(), hash_())
    except (InvalidSignature, ValueError):
        raise Refusal("the signature is wrong", status=403) from None
