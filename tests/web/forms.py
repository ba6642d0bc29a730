"""Forms as browsers send them, for tests of joining."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urlencode

from django.http import HttpResponse

from pipeline.web.public.forms import QUICKEST, Shown
from tests.web.readers import ask

WORDING = "By pressing the button I ask for it."


def opened(
    newsletter: str = "weekly",
    *,
    language: str = "en",
    ago: dt.timedelta | None = QUICKEST,
    wording: str = WORDING,
) -> str:
    """The token of a form that was opened so long ago; None for one in another site."""
    at = None if ago is None else dt.datetime.now(dt.UTC) - ago
    return Shown(newsletter=newsletter, language=language, wording=wording, opened_at=at).token()


def send(
    path: str = "/subscribe/weekly",
    *,
    form: str | None = None,
    headers: dict[str, str] | None = None,
    more: dict[str, str] | None = None,
    remote: str = "198.51.100.7",
    **typed: str,
) -> HttpResponse:
    """Send a form that was open long enough, from a new client."""
    body = {"address": "ana@example.com", "form": opened() if form is None else form}
    body |= {**typed, **(more or {})}
    return ask("POST", path, urlencode(body).encode(), headers=headers or {}, REMOTE_ADDR=remote)


def sentences(page: HttpResponse) -> str:
    """The words of a page, without its markup."""
    text = re.sub(r"<[^>]*>", " ", page.content.decode().partition("<body>")[2])
    return " ".join(unescape(text).split())
