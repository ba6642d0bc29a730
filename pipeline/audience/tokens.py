"""The tokens in links: HMAC-SHA256 over purpose, subscriber and newsletter.

A token names the subscriber's number and the newsletter's key, no address, and never ends: the link
of a mail two years old still works, after a key rotation too (D2, D10, S19).

A token names no key. Every key of a home is tried, each in constant time: a home has two or three,
and a name in the token would only tell strangers when it was last rotated.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from hmac import compare_digest
from typing import Any, Literal, NamedTuple, cast

from django.core.signing import BadSignature, Signer

from pipeline.audience.keys import current_keys, keyed_digests

_SEPARATOR = "."
_BOUNCED = re.compile(r"(n?)([1-9][0-9]{0,17})")


def unsubscribe_token(subscriber: int, newsletter: str) -> str:
    """The token that lets this subscriber leave this newsletter, or all of them ("")."""
    return unsubscribe_tokens([subscriber], newsletter)[0]


def unsubscribe_tokens(subscribers: Iterable[int], newsletter: str) -> list[str]:
    """The same for each of many subscribers."""
    return _signed("unsubscribe", (f"{each}{_SEPARATOR}{newsletter}" for each in subscribers))


def read_unsubscribe_token(token: str) -> tuple[int, str] | None:
    """Subscriber and newsletter of a token we made; None for any other text.

    The newsletter is "" for all of them.
    """
    return _read("unsubscribe", token)


def preferences_token(subscriber: int, newsletter: str) -> str:
    """The token that shows this subscriber what they get; the newsletter is the one it came in."""
    return preferences_tokens([subscriber], newsletter)[0]


def preferences_tokens(subscribers: Iterable[int], newsletter: str) -> list[str]:
    """The same for each of many subscribers."""
    return _signed("preferences", (f"{each}{_SEPARATOR}{newsletter}" for each in subscribers))


def read_preferences_token(token: str) -> tuple[int, str] | None:
    """Subscriber and newsletter of such a token we made; None for any other text."""
    return _read("preferences", token)


def undo_token(subscriber: int, suppression: int) -> str:
    """The token that lets this subscriber take back this leaving; when it ends, the row says."""
    return _signer("undo").sign(f"{subscriber}{_SEPARATOR}{suppression}")


def read_undo_token(token: str) -> tuple[int, int] | None:
    """Subscriber and suppression of such a token we made; None for any other text."""
    try:
        subscriber, suppression = _signer("undo").unsign(token).split(_SEPARATOR)
        return int(subscriber), int(suppression)
    except (BadSignature, ValueError):
        return None


def confirm_token(subscriber: int, newsletter: str, *, request: int) -> str:
    """The token that confirms one request to join; when it ends, the request says (S19)."""
    signed = _SEPARATOR.join((str(request), str(subscriber), newsletter))
    return _signer("confirm").sign(signed)


class ConfirmLink(NamedTuple):
    """What the link of a confirmation is for."""

    request: int
    subscriber: int
    newsletter: str


def read_confirm_token(token: str) -> ConfirmLink | None:
    """What such a token of ours is for; None for any other text."""
    try:
        request, subscriber, newsletter = _signer("confirm").unsign(token).split(_SEPARATOR, 2)
        return ConfirmLink(int(request), int(subscriber), newsletter)
    except (BadSignature, ValueError):
        return None


def approve_token(request: int, *, bound: str) -> str:
    """The token that shows a practitioner what one request is about.

    Args:
        request: The request's number; when the link ends, the request says.
        bound: A digest of whom and what it is about, so that no other request of this number, in
            a restored copy, is ever meant.
    """
    return _signer("approve").sign(f"{request}{_SEPARATOR}{bound}")


def read_approve_token(token: str) -> tuple[int, str] | None:
    """The request's number and the digest of such a token of ours; None for any other text."""
    return _read("approve", token)


def calendar_token(revocations: int) -> str:
    """The token that shows the plan as a calendar, until it is revoked once more than so often."""
    return _signer("calendar").sign(str(revocations))


def read_calendar_token(token: str) -> int | None:
    """After how many revocations such a token was made; None for any text that is not ours."""
    try:
        return int(_signer("calendar").unsign(token))
    except (BadSignature, ValueError):
        return None


def form_token(values: dict[str, Any]) -> str:
    """What a form of ours says of itself, so that it comes back as it was."""
    return _signer("form").sign_object(values, compress=True)


def read_form_token(token: str) -> dict[str, Any] | None:
    """What such a form said; None for any text that is not ours."""
    try:
        return cast("dict[str, Any]", _signer("form").unsign_object(token))
    except BadSignature:
        return None


def _read(purpose: str, token: str) -> tuple[int, str] | None:
    try:
        subscriber, newsletter = _signer(purpose).unsign(token).split(_SEPARATOR, 1)
        return int(subscriber), newsletter
    except (BadSignature, ValueError):
        return None


def message_token(subscriber: int, issue: int) -> str:
    """32 hexadecimal digits for the Message-ID of one issue to one subscriber."""
    return message_tokens([subscriber], issue)[0]


def message_tokens(subscribers: Iterable[int], issue: int) -> list[str]:
    """The same for each of many subscribers."""
    # Nobody sends it back to be verified, so it takes the quicker of two keyed hashes (RFC 7693).
    begun = hashlib.blake2b(key=_key("message"), digest_size=16).copy
    tokens = []
    for each in subscribers:
        named = begun()
        named.update(f"{each}{_SEPARATOR}{issue}".encode())
        tokens.append(named.hexdigest())
    return tokens


def notice_token(notice: int) -> str:
    """32 hexadecimal digits for the Message-ID of a notice."""
    return hashlib.sha256(_signer("notice").signature(str(notice)).encode()).hexdigest()[:32]


def bounce_token(number: int, *, kind: Literal["issue", "notice"] = "issue") -> str:
    """What stands in the return path of one message, so that its bounce tells of nothing else.

    Letters, digits and a hyphen: ``17-`` and 32 hexadecimal digits, or ``n17-…`` for a notice.
    Servers on the way may change the case of an address, so there is none to change.

    Args:
        number: The delivery's number, or the notice's.
        kind: Which of them it is.
    """
    named = f"{'n' if kind == 'notice' else ''}{number}"
    return f"{named}-{_bounce_digest(current_keys().signing[0], named)}"


def read_bounce_token(token: str) -> tuple[Literal["issue", "notice"], int] | None:
    """What such a token of ours is of; None for any other text."""
    named, _, digest = token.lower().partition("-")
    found = _BOUNCED.fullmatch(named)
    if found is None or not digest.isascii():
        return None
    keys = current_keys().signing
    if not any(compare_digest(_bounce_digest(key, named), digest) for key in keys):
        return None
    return ("notice" if found[1] else "issue"), int(found[2])


def _bounce_digest(key: str, named: str) -> str:
    # Without Django's signer, which takes more time than all else of a message's envelope.
    return hmac.digest(key.encode(), f"meridian.bounce.{named}".encode(), "sha256").hex()[:32]


def _signed(purpose: str, texts: Iterable[str]) -> list[str]:
    """What the signer of a purpose makes of many texts."""
    asked = list(texts)
    pairs = zip(asked, _signatures(purpose, asked), strict=True)
    return [f"{text}{_SEPARATOR}{signature}" for text, signature in pairs]


def _signatures(purpose: str, texts: Iterable[str]) -> Iterator[str]:
    """The signatures of many texts, as Django's signer makes them one by one."""
    for digest in keyed_digests(_key(purpose), texts):
        # In base64 for web addresses, without what fills up its end.
        yield urlsafe_b64encode(digest)[:43].decode()


def _key(purpose: str) -> bytes:
    """The key Django's signer derives for a purpose, once for many texts."""
    return hashlib.sha256(f"{_salt(purpose)}signer{current_keys().signing[0]}".encode()).digest()


def _signer(purpose: str) -> Signer:
    keys: list[str | bytes] = list(current_keys().signing)
    return Signer(key=keys[0], fallback_keys=keys[1:], salt=_salt(purpose), sep=_SEPARATOR)


def _salt(purpose: str) -> str:
    return f"meridian.{purpose}"
