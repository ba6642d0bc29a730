"""The archive in a real browser: read, walked through, and attacked (S3, S33)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

import pytest
from django.db import connection
from markupsafe import escape
from playwright.sync_api import Browser, Dialog

from pipeline.campaigns.models import Campaign, Variant
from pipeline.campaigns.parts import store
from pipeline.stages.readable import readable
from pipeline.values import Design, Person
from tests.browser.conftest import Visit, press
from tests.browser.test_hostile import CORPUS
from tests.outbox.test_languages import variant
from tests.specimens import DESIGNS, specimen
from tests.web.public.archive.desk import ABOUT, pictured, went_out
from tests.web.readers import configure, see
from tests.web.server import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

LISTS = ("/archive/", "/archive/weekly/")
ISSUE = "/archive/weekly/why-warmth-helps/2/"


def shelve(language: str, design: Design = "calm") -> None:
    """A newsletter in a language with a series of three and a letter of its own."""
    configure(('language = "en"', f'language = "{language}"'))
    letter = specimen(language, design)
    for part in (1, 2, 3):
        about = replace(letter.about, minutes=part)
        inbox = {"subject": letter.subject, "preheader": letter.preheader}
        pictured(went_out(part, of=3, weeks=part, html=letter.html, about=about, **inbox))
    went_out(1, of=1, article="one", weeks=9, subject=letter.subject, about=letter.about)
    Campaign.objects.update(title=letter.subject)


@pytest.fixture
def site() -> Iterator[str]:
    """Where the pages are served."""
    with served() as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("language", ["en", "ko", "es", "ar"])
def test_a_reader_walks_through_the_archive_s33(visit: Visit, site: str, language: str) -> None:
    shelve(language)
    connection.close()
    page = visit.page
    page.goto(site + "/archive/")
    assert page.get_attribute("html", "lang") == language
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    assert visit.overflow() <= 0
    press(page.locator("h2 a"))
    assert page.url == f"{site}/archive/weekly/"
    assert page.locator("h3").count() == 3
    assert visit.overflow() <= 0
    press(page.locator("h3 a").first)
    assert page.url == f"{site}/archive/weekly/why-warmth-helps/3/"
    press(page.locator("a[rel=prev]"))
    assert page.url == site + ISSUE
    assert page.get_by_role("heading", level=1).count() == 1
    assert visit.overflow() <= 0
    press(page.locator("a[rel=next]"))
    press(page.locator("a[rel=next]"))
    assert page.url == f"{site}/archive/weekly/one/1/"
    assert page.context.cookies() == []
    # The author's own picture is the only thing from elsewhere.
    assert set(visit.foreign(site)) <= {"https://example.com/figure.png"}
    assert [told for told in visit.complaints if "ERR_" not in told] == []


def test_a_reader_changes_the_language_and_back(visit: Visit, site: str) -> None:
    configure(('archive = "public"', 'archive = "public"\nlanguages = ["ko", "ar"]'))
    letter = specimen("en", "calm")
    issue = went_out(2, of=3, html=letter.html, subject=letter.subject)
    for language in ("ko", "ar"):
        other = specimen(language, "calm")
        made = variant(issue, language)
        about = {"language": language}
        html_id = store(other.html.encode())
        Variant.objects.filter(pk=made.pk).update(
            subject=other.subject, about=about, html_id=html_id
        )
    connection.close()
    page = visit.page
    page.goto(site + ISSUE)
    for called, language in (("한국어", "ko"), ("العربية", "ar"), ("English", "en")):
        press(page.get_by_role("link", name=called, exact=True))
        assert page.url == site + ISSUE + ("" if language == "en" else f"{language}/")
        assert page.get_attribute("html", "lang") == language
        assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        assert visit.overflow() <= 0
        assert page.locator(".around-top nav").count() == 2
        for link in page.locator(".around-top nav a").all():
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    assert [told for told in visit.complaints if "ERR_" not in told] == []


def test_every_picture_is_shown(visit: Visit, site: str) -> None:
    shelve("en")
    connection.close()
    visit.page.goto(site + "/archive/weekly/")
    visit.page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
    visit.page.wait_for_load_state("networkidle")
    widths = visit.page.eval_on_selector_all("img", "found => found.map(i => i.naturalWidth)")
    assert widths == [1080] * 3


def test_by_keyboard_one_may_skip_to_the_letter(visit: Visit, site: str) -> None:
    shelve("en")
    connection.close()
    visit.page.goto(site + ISSUE)
    visit.page.keyboard.press("Tab")
    skip = visit.page.get_by_role("link", name="Skip to the letter")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "letter"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko", "es", "ar"])
def test_axe_finds_nothing(browser: Browser, site: str, scheme: str, language: str) -> None:
    shelve(language)
    connection.close()
    context = browser.new_context(
        viewport={"width": 375, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    for address in (*LISTS, ISSUE):
        page.goto(site + address)
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
        found = page.evaluate("axe.run()")
        told = [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found["violations"]]
        assert told == [], address
    context.close()


@pytest.mark.parametrize("design", DESIGNS)
def test_the_bars_leave_the_letter_as_it_is(visit: Visit, site: str, design: Design) -> None:
    """A letter looks the same with the bars as without, and does nothing to them."""
    shelve("en", design)
    text = see(ISSUE).text
    connection.close()
    look = """[...document.querySelectorAll('main *')].map(e => {
        const s = getComputedStyle(e), r = e.getBoundingClientRect();
        return [e.tagName, s.color, s.font, s.backgroundColor, s.padding, r.width, r.height];
    })"""
    visit.page.goto(site + ISSUE)
    framed = visit.page.evaluate(look)
    for bar in visit.page.locator(".around").all():
        assert bar.evaluate("bar => bar.offsetWidth - innerWidth") == 0
    bare = text.replace("/static/letter.css", "/static/none.css")
    visit.page.route(site + ISSUE, lambda route: route.fulfill(body=bare, content_type="text/html"))
    visit.page.goto(site + ISSUE)
    assert len(framed) > 100
    assert visit.page.evaluate(look) == framed


def test_hostile_words_do_nothing_on_any_page_s3(visit: Visit, site: str) -> None:
    dialogs: list[str] = []

    def told(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", told)
    configure(
        ("Harbour Street Acupuncture", json.dumps(CORPUS[0] + CORPUS[3] + CORPUS[5])[1:-1]),
        ("The Harbour Letter", json.dumps(CORPUS[1] + CORPUS[4] + CORPUS[30])[1:-1]),
    )
    for part, words in enumerate(CORPUS, 1):
        person = Person(name=words, credentials=(words,))
        about = replace(ABOUT, authors=(person,))
        inbox = {"subject": words, "preheader": words}
        pictured(went_out(part, of=40, weeks=part, about=about, **inbox))
    Campaign.objects.update(title="".join(CORPUS))
    connection.close()
    addresses = [*LISTS, "/archive/weekly/?page=2"]
    addresses += [f"/archive/weekly/why-warmth-helps/{part}/" for part, _ in enumerate(CORPUS, 1)]
    for address in addresses:
        answer = visit.page.goto(site + address)
        assert answer is not None
        assert answer.status == 200
        visit.page.mouse.move(100, 300)
    assert dialogs == []
    assert visit.foreign(site) == []
    assert visit.complaints == []


def test_a_feed_reader_without_any_care_of_its_own_is_safe_s3(visit: Visit) -> None:
    """What a feed holds does nothing even on a page without a policy."""
    dialogs: list[str] = []

    def told(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", told)
    for words in CORPUS:
        for letter in (f"<p>{escape(words)}</p>", f"<h1>A</h1><div>{words}</div>"):
            visit.page.set_content(readable(letter, archive="https://letters.example.com/archive"))
            visit.page.mouse.move(100, 30)
    assert dialogs == []
    assert visit.asked == []
    assert visit.complaints == []
