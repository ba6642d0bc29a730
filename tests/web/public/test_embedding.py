"""The form for other sites: whole by itself, signed, and nothing of a page of ours in it."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import override_settings

from pipeline.audience.models import JoinRequest, Notice
from pipeline.campaigns.revisions import current_configuration
from pipeline.errors import SettingError
from pipeline.web.public.embedding import embeddable_form
from pipeline.web.public.forms import Shown, shown_by
from tests.web.forms import send
from tests.web.public.test_joining import FIELDS, KEY, PRIVATE
from tests.web.readers import configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


class Form(HTMLParser):
    """The attributes of each element, by its name or its tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        values = dict(attrs)
        self.found[values.get("name") or f"<{tag}>"] = values


def printed(*changes: tuple[str, str], language: str = "", script: bool = False) -> str:
    """The form of the weekly letter."""
    configure(*changes)
    return embeddable_form(current_configuration(), "weekly", language=language, script=script)


def test_it_posts_to_our_page_from_anywhere() -> None:
    with override_settings(MERIDIAN_URL="https://letters.example.com"):
        form = Form(printed()).found
    assert form["<form>"]["action"] == "https://letters.example.com/subscribe/weekly"
    assert form["<form>"]["method"] == "post"
    assert form["<form>"]["accept-charset"] == "utf-8"
    assert {"address", "name", "website"} <= set(form)
    assert "<script>" not in form


def test_the_form_field_says_what_was_printed_and_no_time_l5() -> None:
    text = printed(language="es")
    token = text.partition('type="hidden" name="form" value="')[2].partition('"')[0]
    shown = shown_by(token, "weekly")
    assert isinstance(shown, Shown)
    assert (shown.language, shown.opened_at) == ("es", None)
    assert f">{shown.wording}</p>" in text
    assert shown.wording.startswith("Al pulsar el botón pido a Harbour Street Acupuncture")


def test_what_it_sends_is_taken() -> None:
    text = printed(FIELDS)
    token = text.partition('type="hidden" name="form" value="')[2].partition('"')[0]
    answer = send(form=token, headers={"Origin": "null"}, more={"field-town": "Fairhaven"})
    assert answer.status_code == 200
    assert JoinRequest.objects.get().details["fields"] == {"town": "Fairhaven"}
    assert Notice.objects.count() == 1


def test_it_speaks_the_newsletters_language_unless_told() -> None:
    assert 'lang="ko" data-meridian' in printed((KEY, f'{KEY}\nlanguage = "ko"'))
    assert 'lang="es" data-meridian' in printed((KEY, f'{KEY}\nlanguage = "ko"'), language="es")


def test_the_script_is_ours() -> None:
    form = Form(printed(script=True)).found
    assert form["<script>"]["src"] == f"{settings.MERIDIAN_URL}/static/join.js"


def test_an_unknown_newsletter_a_private_one_and_an_unknown_language_are_told_s17() -> None:
    configure()
    configuration = current_configuration()
    with pytest.raises(SettingError, match="there is no newsletter daily"):
        embeddable_form(configuration, "daily")
    with pytest.raises(SettingError, match="'fr' is no language of our forms"):
        embeddable_form(configuration, "weekly", language="fr")
    with pytest.raises(SettingError, match="weekly is private"):
        printed(PRIVATE)
