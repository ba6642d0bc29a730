"""Answers that may be kept: what they say of themselves, and when they are not sent again."""

import datetime as dt

import pytest
from django.test import RequestFactory

from pipeline.web.public.archive.answers import answered
from tests.web.readers import NOW


def test_what_is_not_known_is_not_said() -> None:
    answer = answered(RequestFactory().get("/"), b"page")
    assert answer.status_code == 200
    assert "Last-Modified" not in answer.headers
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_the_same_bytes_have_the_same_tag_and_others_another() -> None:
    one, same, other = (
        answered(RequestFactory().get("/"), content).headers["ETag"]
        for content in (b"one", b"one", b"two")
    )
    assert one == same != other


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"If-Modified-Since": "Tue, 03 Mar 2026 15:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Tue, 03 Mar 2026 14:59:59 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x", W/"y"'}, 200),
        # The tag knows better than the clock.
        (
            {
                "If-None-Match": '"x"',
                "If-Modified-Since": "Tue, 03 Mar 2026 15:00:00 GMT",
            },
            200,
        ),
    ],
)
def test_a_page_is_sent_only_to_who_has_it_not(asked: dict[str, str], status: int) -> None:
    changed = NOW.astimezone(dt.timezone(dt.timedelta(hours=9)))
    answer = answered(RequestFactory().get("/", headers=asked), b"page", changed=changed)
    assert answer.status_code == status
    assert answer.headers["Last-Modified"] == "Tue, 03 Mar 2026 15:00:00 GMT"
