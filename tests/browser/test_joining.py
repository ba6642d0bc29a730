"""Somebody joins, in a real browser: without a script, by keys alone, in three languages (S33)."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page

from pipeline.audience.models import Consent, JoinRequest, Notice, Subscription
from pipeline.audience.tokens import confirm_token
from pipeline.campaigns.revisions import current_configuration
from pipeline.web.public import forms
from pipeline.web.public.embedding import embeddable_form
from pipeline.web.public.words.joining import JOINING
from tests.browser.conftest import LOOKS, Visit, press
from tests.web.public.test_joining import FIELDS
from tests.web.readers import configure
from tests.web.server import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database", "patience")]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a browser that is driven for a person."""
    monkeypatch.setattr(forms, "QUICKEST", forms.QUICKEST * 0)


@pytest.fixture(params=["with scripts", "without"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a new visitor, with JavaScript and without."""
    context = browser.new_context(java_script_enabled=request.param == "with scripts")
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds; it looks into the page from outside, where no policy holds it."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(said => said.violations.map(v => v.id))"
    )
    return found


def link_in_the_mail() -> str:
    """The path of the link somebody was sent last."""
    token = Notice.objects.latest("pk").values["token"]
    connection.close()
    return f"/confirm/{token}"


def seen_well(visit: Visit, language: str) -> None:
    """Hold a page to what every public page is held to."""
    assert visit.page.get_attribute("html", "lang") == language
    assert visit.page.get_by_role("heading", level=1).count() == 1
    assert visit.overflow() <= 0
    assert violations(visit.page) == []
    for control in visit.page.locator("button, input:visible:not([tabindex]), select, nav a").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


@LOOKS
def test_from_the_list_to_the_newsletter(visit: Visit, language: str, scheme: str) -> None:
    words = JOINING[language]
    configure(FIELDS)
    connection.close()
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    with served() as port:
        site = f"http://127.0.0.1:{port}"
        visit.page.goto(f"{site}/subscribe/?language={language}")
        seen_well(visit, language)
        press(visit.page.get_by_role("main").get_by_role("link").first)
        seen_well(visit, language)

        press(visit.page.get_by_role("button"))
        assert visit.page.get_by_label(words.address).get_attribute("aria-invalid") == "true"
        assert words.address_wrong in visit.page.content()
        seen_well(visit, language)

        visit.page.get_by_label(words.address).fill("ana@example.com")
        visit.page.get_by_label(words.name).fill("Ana")
        visit.page.get_by_role("combobox").select_option("Sleep")
        press(visit.page.get_by_role("button"))
        assert words.sent.title in visit.page.content()
        seen_well(visit, language)

        visit.page.goto(site + link_in_the_mail())
        assert Consent.objects.count() == 0
        connection.close()
        seen_well(visit, language)
        press(visit.page.get_by_role("button"))
        assert words.joined.title in visit.page.content()
        seen_well(visit, language)

        gone = confirm_token(99, "weekly", request=99)
        visit.page.context.set_extra_http_headers({"Accept-Language": language})
        visit.page.goto(f"{site}/confirm/{gone}")
        assert words.ended.title in visit.page.content()
        seen_well(visit, language)
    connection.close()
    assert Subscription.objects.get().state == "active"
    assert visit.foreign(site) == []
    assert visit.page.context.cookies() == []
    # The browser itself tells of answers that are no 200.
    told = [complaint for complaint in visit.complaints if "the server responded" not in complaint]
    assert told == []


def test_keys_alone_are_enough_and_without_scripts_too(page: Page) -> None:
    configure()
    connection.close()
    with served() as port:
        site = f"http://127.0.0.1:{port}"
        page.goto(f"{site}/subscribe/weekly")
        page.keyboard.press("Tab")
        page.keyboard.type("ana@example.com")
        page.keyboard.press("Tab")
        page.keyboard.type("Ana Ruiz")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=JOINING["en"].sent.title).wait_for()
        page.goto(site + link_in_the_mail())
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=JOINING["en"].joined.title).wait_for()
    connection.close()
    assert JoinRequest.objects.get().confirmed_at is not None
    assert Subscription.objects.get().subscriber.name == "Ana Ruiz"


# --- A form in another site -----------------------------------------------------------------------


@contextmanager
def clinic_site(form: str, policy: str) -> Iterator[str]:
    """A site of the clinic's own, with the form in one of its pages; gives its address."""
    body = f"<!doctype html><html lang=en><title>News</title><main><h1>News</h1>{form}</main>"

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def embedded(port: int, monkeypatch: pytest.MonkeyPatch, *, script: bool) -> str:
    """The form as it is printed for that site."""
    monkeypatch.setattr(settings, "MERIDIAN_URL", f"http://127.0.0.1:{port}")
    form = embeddable_form(current_configuration(), "weekly", script=script)
    connection.close()
    return form


def test_with_our_script_the_answer_comes_in_the_page(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure()
    with served() as port:
        form = embedded(port, monkeypatch, script=True)
        ours = f"http://127.0.0.1:{port}"
        # All that a strict site has to allow.
        policy = f"default-src 'none'; script-src {ours}; connect-src {ours}; form-action {ours}"
        with clinic_site(form, policy + "; style-src 'unsafe-inline'") as site:
            visit.page.goto(site)
            visit.page.get_by_label("Email address").fill("ana")
            visit.page.get_by_role("button").click()
            visit.page.get_by_text(JOINING["en"].address_wrong).wait_for()
            focused = "document.activeElement.name"
            assert visit.page.evaluate(focused) == "address"
            assert violations(visit.page) == []

            visit.page.get_by_label("Email address").fill("ana@example.com")
            visit.page.keyboard.press("Enter")
            visit.page.get_by_role("status").get_by_text(JOINING["en"].sent.title).wait_for()
            assert visit.page.url == site
            assert visit.page.get_by_label("Email address").input_value() == ""
            assert visit.page.get_by_text(JOINING["en"].address_wrong).count() == 0
            assert visit.page.context.cookies() == []
            assert visit.foreign(site, ours) == []
    connection.close()
    assert JoinRequest.objects.get().form == site


def test_without_the_script_the_form_opens_our_page(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure()
    with served() as port:
        form = embedded(port, monkeypatch, script=False)
        with clinic_site(form, "default-src 'none'; form-action *") as site:
            page.goto(site)
            page.get_by_label("Email address").fill("ana@example.com")
            page.get_by_role("button").click()
            page.get_by_role("heading", name=JOINING["en"].sent.title).wait_for()
            assert page.url == f"http://127.0.0.1:{port}/subscribe/weekly"
    connection.close()
    assert Notice.objects.count() == 1


def test_where_the_script_cannot_reach_us_the_form_goes_by_itself(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure()
    with served() as port:
        form = embedded(port, monkeypatch, script=True)
        ours = f"http://127.0.0.1:{port}"
        policy = f"default-src 'none'; script-src {ours}; form-action {ours}"
        with clinic_site(form, policy) as site:
            visit.page.goto(site)
            visit.page.get_by_label("Email address").fill("ana@example.com")
            visit.page.get_by_role("button").click()
            visit.page.get_by_role("heading", name=JOINING["en"].sent.title).wait_for()
    connection.close()
    assert Notice.objects.count() == 1
