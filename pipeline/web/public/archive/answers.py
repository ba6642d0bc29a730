"""Answers that may be kept by anybody, and asked for again without being sent again."""

import datetime as dt
import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

MINUTES = 300
"""How many seconds a page may be kept: nobody sees a letter later than this."""

_STRICT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def answered(
    request: HttpRequest,
    content: bytes,
    *,
    content_type: str = "text/html; charset=utf-8",
    changed: dt.datetime | None = None,
    indexed: bool = True,
    policy: str = _STRICT,
    keep: str = f"public, max-age={MINUTES}",
) -> HttpResponseBase:
    """The answer, or 304 if the asker has it already.

    Args:
        request: Who asks, and what of it they have.
        content: The bytes.
        content_type: What they are.
        changed: When something of it last changed, if that is known.
        indexed: Whether search engines may list it.
        policy: Its Content-Security-Policy.
        keep: Its Cache-Control.
    """
    headers = {
        "Content-Security-Policy": policy,
        "X-Robots-Tag": "all" if indexed else "noindex",
    }
    answer = HttpResponse(content, content_type=content_type, headers=headers)
    answer.headers["Cache-Control"] = keep
    answer.headers["ETag"] = etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    seconds = int(changed.timestamp()) if changed else None
    if seconds:
        answer.headers["Last-Modified"] = http_date(seconds)
    given = get_conditional_response(request, etag, seconds, answer)
    assert given is not None  # noqa: S101 (it gives back what it was given)
    # A browser takes the headers of a 304 for those of the page it has kept.
    for name, value in headers.items():
        given.headers.setdefault(name, value)
    return given
