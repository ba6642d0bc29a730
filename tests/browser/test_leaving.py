"""A subscriber leaves, comes back, and sets what they like: in a real browser (S33)."""

import pytest
from django.db import connection
from playwright.sync_api import Browser

from pipeline.audience.models import Rejoin, Subscriber, Subscription, Suppression
from pipeline.audience.tokens import preferences_token
from pipeline.web.public.words.preferences import PREFERRING
from tests.browser.conftest import LOOKS, Visit, press
from tests.browser.test_joining import seen_well
from tests.web.public.test_preferences import FIELDS
from tests.web.readers import configure, link, reader
from tests.web.server import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


def held(visit: Visit, site: str) -> None:
    """Hold a visit to what every visit of a public page is held to."""
    assert visit.foreign(site) == []
    assert visit.page.context.cookies() == []
    told = [complaint for complaint in visit.complaints if "the server responded" not in complaint]
    assert told == []


@LOOKS
def test_one_button_is_all_it_takes_and_one_takes_it_back(
    visit: Visit, language: str, scheme: str
) -> None:
    words = PREFERRING[language]
    configure()
    path = link(reader(language=language))
    connection.close()
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    with served() as port:
        site = f"http://127.0.0.1:{port}"
        visit.page.goto(site + path)
        assert Suppression.objects.count() == 0
        connection.close()
        seen_well(visit, language)

        # The first button of the page leaves: nothing stands between a person and the door.
        press(visit.page.get_by_role("button").first)
        seen_well(visit, language)
        assert visit.page.get_by_role("button").count() == 1
        assert Suppression.objects.count() == 1
        connection.close()

        press(visit.page.get_by_role("button", name=words.undo))
        assert visit.page.get_by_role("heading", name=words.undone.title).count() == 1
        seen_well(visit, language)
    connection.close()
    assert Rejoin.objects.count() == 1
    assert Subscription.objects.get().state == "active"
    held(visit, site)


@LOOKS
def test_a_reader_sets_what_they_like(visit: Visit, language: str, scheme: str) -> None:
    words = PREFERRING[language]
    configure(FIELDS)
    ana = reader(language=language)
    path = f"/p/{preferences_token(ana.pk, 'weekly')}"
    connection.close()
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    with served() as port:
        site = f"http://127.0.0.1:{port}"
        visit.page.goto(site + path)
        seen_well(visit, language)

        visit.page.get_by_label(words.name).fill("x" * 200 + "\u202e")
        visit.page.get_by_label(words.name).evaluate("input => input.removeAttribute('maxlength')")
        visit.page.get_by_label(words.name).fill("x" * 201)
        press(visit.page.get_by_role("button"))
        assert words.name_wrong in visit.page.content()
        seen_well(visit, language)

        visit.page.get_by_label(words.name).fill("Ana Ruiz")
        visit.page.get_by_label(words.time_zone).select_option("Asia/Seoul")
        visit.page.get_by_label("The Harbour Letter").select_option("pause-2")
        visit.page.get_by_label("Topic").select_option("Sleep")
        press(visit.page.get_by_role("button"))
        assert visit.page.get_by_role("status").inner_text() == words.saved
        seen_well(visit, language)

        press(visit.page.get_by_role("link", name=words.forget))
        seen_well(visit, language)
        assert Subscriber.objects.get().time_zone == "Asia/Seoul"
        assert Subscription.objects.get().paused_until is not None
        connection.close()
        press(visit.page.get_by_role("button", name=words.forget_button))
        assert visit.page.get_by_role("heading", name=words.forgotten.title).count() == 1
        assert visit.overflow() <= 0
    connection.close()
    assert Subscriber.objects.get().address == ""
    held(visit, site)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_keys_alone_are_enough_and_without_scripts_too(browser: Browser, scripts: bool) -> None:
    configure()
    ana = reader()
    leaving, setting = link(ana), f"/p/{preferences_token(ana.pk, 'weekly')}"
    connection.close()
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    with served() as port:
        site = f"http://127.0.0.1:{port}"
        page.goto(site + setting)
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("Ana")
        page.keyboard.press("Enter")
        page.get_by_role("status").wait_for()
        page.goto(site + leaving)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Undo").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="You are on the list again").wait_for()
    context.close()
    connection.close()
    ana.refresh_from_db()
    assert ana.name == "Ana"
    tie = Subscription.objects.get()
    assert (tie.state, tie.frequency) == ("active", "monthly")
