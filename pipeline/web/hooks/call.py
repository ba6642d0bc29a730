"""One call of a webhook, and why it is refused. Nothing here touches the database (S20)."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from pipeline.events.take import LARGEST_BODY

MOST_EVENTS = 10_000


class Refusal(Exception):  # noqa: N818 (it is an answer, mostly to garbage)
    """This call is not believed, or cannot be read; its text is for our log.

    Attributes:
        status: What it is answered with.
        missed_since: From when on events may have been lost, because they came too late.
    """

    def __init__(self, told: str, *, status: int, missed_since: dt.datetime | None = None) -> None:
        super().__init__(told)
        self.status = status
        self.missed_since = missed_since


@dataclass(frozen=True)
class Call:
    """What came in.

    Attributes:
        headers: By name, in any case.
        now: When it came.
    """

    body: bytes
    content_type: str
    headers: Mapping[str, str]
    now: dt.datetime

    @cached_property
    def json(self) -> object:
        """The body as JSON.

        Raises:
            Refusal: It is none, or a bomb.
        """
        try:
            return json.loads(self.body.decode())
        except (ValueError, RecursionError):
            raise Refusal("the body is no JSON", status=400) from None


def read(request: HttpRequest, *, now: dt.datetime) -> Call:
    """The call of a request.

    Raises:
        Refusal: It is too large, or nobody can tell how large, or the line was cut.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = LARGEST_BODY + 1
    if not 0 <= length <= LARGEST_BODY:
        raise Refusal("the body is too large", status=413)
    try:
        # Not request.body: Django's own limit for forms is lower.
        body = request.read(length)
    except OSError:
        raise Refusal("the body was cut off", status=400) from None
    return Call(body, request.content_type or "", request.headers, now)


def ask_age(stamp: str, *, now: dt.datetime, past: dt.timedelta, future: dt.timedelta) -> None:
    """Refuse a signature that is too old, or of a time to come.

    Args:
        stamp: Seconds since 1970, as the provider signed them.
        now: The time.
        past: How old it may be.
        future: How far our clock may be behind.

    Raises:
        Refusal: It is.
    """
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Refusal("the signature has no time", status=403)
    age = now.timestamp() - int(stamp)
    if age > past.total_seconds():
        signed = dt.datetime.fromtimestamp(int(stamp), dt.UTC)
        told = "the signature is too old; is the clock right?"
        raise Refusal(told, status=403, missed_since=signed)
    if -age > future.total_seconds():
        raise Refusal("the signature is of a time to come; is the clock right?", status=403)
