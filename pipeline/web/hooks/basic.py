"""Basic authentication of webhooks: user and password stand in the address a provider is given.

Several are accepted at once, so that a secret can be changed without losing a call.
"""

import base64
import binascii
import hmac

from django.conf import settings

from pipeline.web.hooks.call import Refusal

SETTING = "ANYMAIL_WEBHOOK_SECRET"
# Of user, colon and password together: less could be guessed.
_SHORTEST = 20


def secrets_of(name: str) -> list[str]:
    """What a setting of Anymail lists, by commas."""
    return [each.strip() for each in str(settings.ANYMAIL.get(name) or "").split(",") if each]


def fault() -> str:
    """What is wrong with the setting, with its mend; "" if nothing."""
    listed = secrets_of("WEBHOOK_SECRET")
    if listed and all(len(each) >= _SHORTEST and ":" in each for each in listed):
        return ""
    what = "is too short, or no user:password" if listed else "is not set"
    return f"{SETTING} {what}. Write user:password, {_SHORTEST} characters or more."


def ask(header: str) -> None:
    """Refuse a call without one of the pairs; each is compared in constant time.

    Args:
        header: Its ``Authorization``.

    Raises:
        Refusal: It has none, or another.
    """
    given = _given(header)
    same = [hmac.compare_digest(given, each.encode()) for each in secrets_of("WEBHOOK_SECRET")]
    if not any(same):
        # Amazon SNS brings the pair only after it was asked for it.
        raise Refusal("user and password are missing or wrong", status=401)


def _given(header: str) -> bytes:
    scheme, _, pair = header.partition(" ")
    try:
        return base64.b64decode(pair, validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        return b""
