"""`meridian form`: a form to be pasted into the clinic's own site."""

import json

import pytest

from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database


def test_the_form_is_printed_and_the_address_it_sends_to_is_told(
    small: Home, meridian: Meridian
) -> None:
    said = meridian("form", "weekly")

    assert said.status == 0
    assert said.out.startswith('<form class="join" method="post" action="http://127.0.0.1:8000/sub')
    assert "<script" not in said.out
    assert said.err.startswith("The form sends to http://127.0.0.1:8000. Set MERIDIAN_URL")


def test_language_and_script_are_chosen(small: Home, meridian: Meridian, settings_url: str) -> None:
    said = meridian("form", "weekly", "--language", "ko", "--script")

    assert (said.status, said.err) == (0, "")
    assert 'lang="ko" data-meridian' in said.out
    assert f'<script src="{settings_url}/static/join.js" defer></script>' in said.out


def test_as_json(small: Home, meridian: Meridian) -> None:
    told = json.loads(meridian("form", "weekly", "--json").out)
    assert told["newsletter"] == "weekly"
    assert told["html"].startswith("<form")


def test_an_unknown_newsletter_is_told(small: Home, meridian: Meridian) -> None:
    assert meridian("form", "daily").refusal() == "there is no newsletter daily. Known: weekly."


@pytest.fixture
def settings_url(monkeypatch: pytest.MonkeyPatch) -> str:
    """A public address."""
    from django.conf import settings  # noqa: PLC0415

    monkeypatch.setattr(settings, "MERIDIAN_URL", "https://letters.example.com")
    return "https://letters.example.com"
