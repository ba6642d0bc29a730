"""The headers of every page (S33)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from pipeline.web.headers import content_security_policy
from tests.web.readers import ask, see

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def test_every_page_has_the_strict_headers_s33() -> None:
    answer = see("/nothing")
    assert answer.headers["Content-Security-Policy"] == CSP
    assert "unsafe" not in CSP
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(("seconds", "header"), [(0, None), (600, "max-age=600")])
def test_hsts_is_sent_behind_a_proxy_and_nothing_is_redirected_d6(
    seconds: int, header: str | None
) -> None:
    with override_settings(SECURE_HSTS_SECONDS=seconds):
        answer = ask("POST", "/nothing")
    assert answer.headers.get("Strict-Transport-Security") == header
    assert answer.status_code == 404


def own(request: HttpRequest) -> HttpResponse:
    """A view with headers of its own."""
    return HttpResponse("page", headers={"Cache-Control": "max-age=5", "X-Robots-Tag": "all"})


def test_a_view_may_set_its_own() -> None:
    answer = content_security_policy(own)(RequestFactory().get("/"))
    assert answer.headers["Cache-Control"] == "max-age=5"
    assert answer.headers["X-Robots-Tag"] == "all"
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.content == b"page"


def test_head_gets_no_body() -> None:
    assert content_security_policy(own)(RequestFactory().head("/")).content == b""
