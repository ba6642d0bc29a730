"""Notices in a real browser: readable, usable by all, on a light phone and a dark desktop."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from pipeline.stages.design.colours import contrast, rgb
from pipeline.stages.design.notices import NoticeKind
from pipeline.stages.merge import translate
from pipeline.stages.notices import render_notice
from pipeline.values import Brand, Design
from tests.browser.test_designs import HOSTILE, NOT_FOR_MAIL, TEXTS, pair_of
from tests.specimens import BRANDS, DESIGNS, TEMPLATES, clinic_of

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ko", "es", "ar")
BUTTONS = {
    "en": "Yes, send it to me",
    "ko": "네, 보내 주세요",
    "es": "Sí, quiero recibir este correo",
    "ar": "نعم، أريد الاشتراك",
}
LINK = "https://letters.example.com/confirm/token"


@cache
def shown(language: str, design: Design, kind: NoticeKind, brand: Brand) -> str:
    """The HTML of a notice as its reader gets it."""
    configured = clinic_of(language, design, brand)
    notice = render_notice(
        kind,
        configured.newsletters[0],
        language=language,
        configuration=configured,
        templates=TEMPLATES,
    )
    return translate(notice.html, lambda _: LINK)


@pytest.fixture(params=[(375, "light"), (680, "dark")], scope="module")
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme = request.param
    made = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    made = context.new_page()
    yield made
    made.close()


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_fits_and_axe_finds_nothing(page: Page, design: Design, language: str) -> None:
    page.set_content(shown(language, design, "confirm", BRANDS[design]))
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    told = page.evaluate(
        "off => axe.run({rules: Object.fromEntries(off.map(id => [id, {enabled: false}]))})",
        NOT_FOR_MAIL,
    )
    assert {v["id"]: [n["html"] for n in v["nodes"]] for v in told["violations"]} == {}
    assert len(told["passes"]) > 10


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_button_is_large_and_stands_on_the_first_screen(
    page: Page, design: Design, language: str
) -> None:
    """A notice asks one thing: what it asks for is there without scrolling, for any finger."""
    page.set_content(shown(language, design, "confirm", BRANDS[design]))
    (button,) = page.get_by_role("link", name=BUTTONS[language]).all()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert box["y"] + box["height"] < 667
    assert page.get_by_role("heading").count() == 1


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("brand", [*HOSTILE, "its own"])
def test_every_word_can_be_read_in_any_colours(page: Page, design: Design, brand: str) -> None:
    """WCAG 1.4.3 with every text held to 4.5:1, as a browser computes the colours."""
    chosen = HOSTILE.get(brand, BRANDS[design])
    for kind in ("confirm", "known"):
        page.set_content(shown("en", design, kind, chosen))
        pairs: dict[str, str] = page.evaluate(TEXTS)
        assert len(pairs) >= 3
        dim = {pair: words for pair, words in pairs.items() if _ratio(pair) < 4.5}
        assert dim == {}


def _ratio(pair: str) -> float:
    one, other = pair_of(pair)
    return contrast(rgb(one), rgb(other))
