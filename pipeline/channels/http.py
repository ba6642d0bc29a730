"""The one door for our own calls over HTTP, and what an answer or its absence means.

Nothing here tries twice: whether a second try is safe is the queue's to say.
"""

import datetime as dt
import json
import re
import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from pipeline.errors import RefusedError, SendError, UnsureError

LARGEST_ANSWER = 5_000_000
LONGEST_WAIT = dt.timedelta(days=1)
# Refusals that a person or time can mend: a key, an unpaid bill, a domain, too many calls.
_MENDABLE = frozenset({401, 402, 403, 404, 408, 423, 425, 429})


def get_json(
    url: str,
    *,
    auth: tuple[str, str],
    timeout: dt.timedelta,
    params: Mapping[str, str] | None = None,
    session: requests.Session | None = None,
) -> object:
    """What a server answers to a GET, read as JSON. Redirects are not followed.

    Args:
        url: Where to ask.
        auth: User and password.
        timeout: The longest silence: for the connection, and between two bytes of the answer.
        params: What stands behind the question mark.
        session: An open connection to use again.

    Raises:
        RefusedError: The server was not reached, or says no.
        UnsureError: It did not answer in time, or not with JSON of at most 5 MB.
    """
    who = urlsplit(url).hostname or url
    try:
        with (
            requests.Session() as fresh,
            (session or fresh).get(
                url,
                params=params,
                auth=auth,
                timeout=timeout.total_seconds(),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            if response.status_code != 200:
                raise answer_error(who, response.status_code, response.headers)
            return json.loads(_body(response, who))
    except requests.RequestException as error:
        raise call_error(who, error) from None
    except (ValueError, RecursionError):
        raise UnsureError(f"{who} answered something that is no JSON") from None


def _body(response: requests.Response, who: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65_536):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise UnsureError(f"{who} answered more than {LARGEST_ANSWER} bytes")
    return bytes(body)


def answer_error(
    who: str, status: int, headers: Mapping[str, str], *, reason: str = ""
) -> SendError:
    """What an answer that is not the one hoped for means.

    A 4xx says that nothing was taken. Any other does not: a 5xx may have been said after the
    server took everything.

    Args:
        who: Who answered, for the message.
        status: The HTTP status.
        headers: The headers of the answer; ``Retry-After`` is read.
        reason: What the answer itself says.
    """
    told = f"{who} answered {status}"
    if reason:
        told += f": {without_addresses(reason)}"
    if 400 <= status < 500:
        return RefusedError(told, wait=_wait(headers), final=status not in _MENDABLE)
    return UnsureError(told)


def call_error(who: str, error: BaseException | None) -> SendError:
    """What a call that had no answer means: was there a connection at all?"""
    if _never_connected(error):
        return RefusedError(f"{who} cannot be reached")
    return UnsureError(f"the line to {who} was lost, or the answer came too late")


def _never_connected(error: BaseException | None) -> bool:
    """True if not one byte of the request can have left."""
    cause = error.args[0] if error is not None and error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    inner = reason.args[0] if isinstance(reason, Exception) and reason.args else None
    return isinstance(inner, ssl.SSLCertVerificationError)


def without_addresses(text: str) -> str:
    """One line of at most 200 characters that names no email address (P8)."""
    return re.sub(r"\S*@\S*", "…", " ".join(text.split()))[:200]


def _wait(headers: Mapping[str, str]) -> dt.timedelta | None:
    """How long ``Retry-After`` asks to wait: a number of seconds or a date (RFC 9110)."""
    asked = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]+", asked):
        return min(dt.timedelta(seconds=int(asked[:9])), LONGEST_WAIT)
    until = _date(asked)
    if until is None:
        return None
    # By the server's own clock, if it tells it: ours may differ.
    now = _date(headers.get("Date", "")) or dt.datetime.now(dt.UTC)
    return min(max(until - now, dt.timedelta()), LONGEST_WAIT)


def _date(text: str) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)
