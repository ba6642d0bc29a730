"""A practitioner reads, comments and approves in a real browser, with scripts off (S31, S33)."""

from importlib.resources import files

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page

from pipeline.campaigns.models import Approval, Comment
from pipeline.campaigns.requests import request_approval
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.variants import approved_variants
from pipeline.web.public.approving.words import approving_words
from tests.browser.conftest import Visit, press
from tests.campaigns.asking import clinic, path, waiting
from tests.web.public.approving.test_languages import korean
from tests.web.public.archive.desk import pictured
from tests.web.server import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()


def asked(language: str, *, letter: str = "", translated: bool = False) -> str:
    """The path of a link to two parts, in a mail of a moment ago."""
    clinic(language=language, letter=letter)
    for part in (1, 2):
        issue = waiting(part)
        pictured(issue)
        if translated:
            korean(issue)
    made = request_approval(
        article="why-warmth-helps",
        practitioner_name="Mara Ellison",
        configuration=current_configuration(),
        actor="ana",
        now=timezone.now(),
    )
    connection.close()
    return path(made)


def violations(page: Page) -> list[str]:
    """What axe-core finds, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        "axe.run({iframes: false, resultTypes: ['violations']})"
        ".then(said => said.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html)))"
    )
    return found


@pytest.mark.parametrize("language", ["en", "ko", "es"])
def test_the_page_fits_axe_finds_nothing_and_nobody_else_is_asked(
    visit: Visit, language: str
) -> None:
    there = asked(language)
    with served() as port:
        site = f"http://127.0.0.1:{port}"
        visit.page.goto(f"{site}{there}")
        assert visit.page.get_attribute("html", "lang") == language
        assert visit.page.get_by_role("heading", level=1).count() == 1
        frame = visit.page.frame_locator("iframe").first
        assert frame.get_by_text("Warmth helps.").is_visible()
        assert violations(visit.page) == []
        assert visit.overflow() <= 0
        for control in visit.page.locator("button, summary, nav a").all():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    assert (visit.foreign(site), visit.complaints) == ([], [])


@pytest.mark.parametrize("language", ["en", "ko", "es"])
def test_the_languages_of_a_part_fit_and_axe_finds_nothing(visit: Visit, language: str) -> None:
    there = asked(language, letter='languages = ["ko", "es"]', translated=True)
    with served() as port:
        site = f"http://127.0.0.1:{port}"
        visit.page.goto(f"{site}{there}")
        visit.page.locator("#part-2-ko iframe").scroll_into_view_if_needed()
        visit.page.frame_locator("#part-2-ko iframe").locator("p").first.wait_for()
        assert violations(visit.page) == []
        assert visit.overflow() <= 0
        assert visit.page.locator("#part-1 .notice").count() >= 2
    assert (visit.foreign(site), visit.complaints) == ([], [])


def test_without_scripts_one_language_is_approved_and_then_the_rest(browser: Browser) -> None:
    words = approving_words("en")
    there = asked("en", letter='languages = ["ko"]', translated=True)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 812})
    page = context.new_page()
    with served() as port:
        page.goto(f"http://127.0.0.1:{port}{there}")
        press(page.get_by_role("button", name="Approve part 2 in Korean as Mara Ellison"))
        assert page.get_by_role("status").inner_text() == words.done["approve"]
        press(page.get_by_role("button", name="Approve all 3 texts as Mara Ellison"))
        assert page.get_by_role("button").count() == 0
    context.close()
    assert Approval.objects.count() == 4
    assert set(approved_variants().values_list("issue__part", flat=True)) == {1, 2}


def test_without_scripts_a_paragraph_is_commented_and_all_is_approved(browser: Browser) -> None:
    words = approving_words("en")
    there = asked("en")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 812})
    page = context.new_page()
    with served() as port:
        page.goto(f"http://127.0.0.1:{port}{there}")
        part = page.locator("#part-2")
        part.locator(".more-of-it > summary").first.click()
        part.locator(".paragraph summary").first.click()
        part.locator(".paragraph textarea").first.fill("Say “may help”.")
        press(part.get_by_role("button", name=words.send_remark).first)
        assert page.get_by_role("status").inner_text() == words.done["comment"]
        press(page.get_by_role("button", name="Approve all 2 parts as Mara Ellison"))
        assert page.get_by_role("status").inner_text() == words.done["approve"]
        assert page.get_by_role("button").count() == 0
    context.close()
    assert Comment.objects.get().quotation == "Warmth helps."
    assert set(Approval.objects.values_list("approver", "via")) == {("Mara Ellison", "link")}
