"""The one door for our own calls over HTTP to servers we know, and what an answer means.

Nothing here tries twice: whether a second try is safe is the queue's to say. Addresses that stand
in a text, which may be anybody's, are asked by ``strangers.py``.
"""

import datetime as dt
import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from pipeline.errors import RefusedError, SendError, UnsureError

LARGEST_ANSWER = 5_000_000
LONGEST_WAIT = dt.timedelta(days=1)
# Refusals that a person or time can mend: a key, a bill, a domain, too many calls (429, 420).
_MENDABLE = frozenset({401, 402, 403, 404, 408, 420, 423, 425, 429})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of ``who``, read to its end."""

    who: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """The body, read as JSON; raises UnsureError if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise UnsureError(f"{self.who} answered something that is no JSON") from None


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
    body = get_bytes(url, auth=auth, timeout=timeout, params=params, session=session)
    return Reply(urlsplit(url).hostname or url, 200, {}, body).json()


def get_bytes(
    url: str,
    *,
    timeout: dt.timedelta,
    auth: tuple[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    session: requests.Session | None = None,
) -> bytes:
    """What a server that we know answers to a GET. Redirects are not followed.

    The arguments and errors are those of :func:`get_json`, but for what is said of JSON.
    """
    who = urlsplit(url).hostname or url
    with requests.Session() as fresh:
        asked = session or fresh
        reply = call(asked, "GET", url, who=who, timeout=timeout, params=params, auth=auth)
    if reply.status != 200:
        raise answer_error(who, reply.status, reply.headers)
    return reply.body


def call(
    session: requests.Session,
    method: str,
    url: str,
    *,
    who: str,
    timeout: dt.timedelta,
    **request: Any,
) -> Reply:
    """What a server answers, whatever it is; ``request`` is as for ``Session.request``.

    Raises:
        RefusedError: The server was not reached.
        UnsureError: It did not answer in time, or more than 5 MB.
    """
    seconds = timeout.total_seconds()
    latest = time.monotonic() + seconds
    request |= {"timeout": seconds, "allow_redirects": False, "stream": True}
    try:
        with session.request(method, url, **request) as response:
            body = bytearray()
            # What has come, not what was asked for: a time-out begins anew with every drop.
            while chunk := response.raw.read1(65_536, decode_content=True):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise UnsureError(f"{who} answered more than {LARGEST_ANSWER} bytes")
                if time.monotonic() > latest:
                    raise call_error(who, None)
            return Reply(who, response.status_code, response.headers, bytes(body))
    except (requests.RequestException, HTTPError) as error:
        raise call_error(who, error) from None


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
