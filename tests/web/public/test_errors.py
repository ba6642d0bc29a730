"""The pages for what went wrong: S33, S34, and a failure of ours."""

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from pipeline.web.public.errors import bad_request, not_found, server_error
from tests.web.readers import leave, link, reader, see


def test_not_found_repeats_nothing_of_the_request_s34() -> None:
    answer = see("/<b>x%0d%0aSet-Cookie:%20a=b%1b[31m?q=<i>")
    assert answer.status_code == 404
    for trace in ("<b>", "Set-Cookie", "\x1b", "<i>", "&lt;"):
        assert trace not in answer.text
    assert "This page does not exist" in answer.text
    assert not answer.cookies


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("fr-CH, es;q=0.7, *;q=0.5", "es"),
        ("\x1b,;;q=,," * 50, "en"),
    ],
)
def test_error_pages_speak_the_language_the_browser_asks_for(wish: str, language: str) -> None:
    answer = see("/nothing", **{"accept-language": wish})
    assert f'<html lang="{language}">' in answer.text


def test_an_unknown_host_gets_the_page_for_bad_requests() -> None:
    answer = see("/", host="evil.example")
    assert answer.status_code == 400
    assert "This request could not be read" in answer.text
    assert "evil" not in answer.text


@pytest.mark.database
def test_a_failure_of_ours_gets_a_page_that_asks_no_database(database: str) -> None:
    path = link(reader(language="ko"))
    connection.close()
    connection.settings_dict["NAME"] = "/nowhere/at/all"
    try:
        seen, posted = see(path), leave(path)
    finally:
        connection.close()
    for answer in (seen, posted):
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text
        assert "Traceback" not in answer.text
        assert "nowhere" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_a_broken_template_leaves_plain_words() -> None:
    broken = {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {"environment": "pipeline.web.templates.environment"},
    }
    with override_settings(TEMPLATES=[broken]):
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Something went wrong on our side\n\nWe cannot tell")


def test_handlers_take_what_django_hands_them() -> None:
    request = RequestFactory().get("/")
    assert bad_request(request, ValueError("secret")).status_code == 400
    assert not_found(request, ValueError("secret")).status_code == 404
    assert "secret" not in bad_request(request, ValueError("secret")).text
