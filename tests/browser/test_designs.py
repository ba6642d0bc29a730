"""Every design in a real browser: as it was looked at, readable in any colours, usable by all."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from pipeline.stages.design.colours import contrast, palette, rgb
from pipeline.values import Brand, Design
from tests.browser.pictures import (
    BOXES,
    GOLDENS,
    VIEWS,
    Booth,
    View,
    boxes,
    different,
    picture,
    pinned,
    reduced,
)
from tests.specimens import BRANDS, DESIGNS, clinic_of, everything, rendered_for, specimen

pytestmark = pytest.mark.browser

# Shares of dots that may differ: none do on the same browser; a newer one draws edges otherwise.
MOVED, PAINTED = 0.001, 0.02
HOSTILE = {
    "yellow": Brand(brand="#ffe600", accent="#ffd400", ink="#3a3a00", paper="#fffef0"),
    "pale": Brand(brand="#d9e8e3", accent="#f3d9cf", ink="#8a8a88", paper="#fffdf9"),
    "grey ink": Brand(brand="#7a8b99", accent="#999999", ink="#777777", paper="#f7f1e3"),
    "near black": Brand(brand="#050505", accent="#0a0000", ink="#000000", paper="#ffffff"),
    "dark paper": Brand(brand="#ff00aa", accent="#00ffcc", ink="#eeeeee", paper="#222233"),
}
# Colour of each piece of text, and the ground it stands on: the nearest one that is painted.
TEXTS = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = {};
    while (texts.nextNode()) {
        const words = texts.currentNode.data.replace(/\\u200b/g, '').trim();
        const parent = texts.currentNode.parentElement;
        if (!words || !parent.getClientRects().length) continue;
        let ground = parent;
        while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
            ground = ground.parentElement;
        const pair = [parent, ground || document.body].map(
            (element, i) => getComputedStyle(element)[i ? 'backgroundColor' : 'color']);
        found[pair.join('|')] = words;
    }
    return found;
}"""


@pytest.fixture(scope="module")
def booth(browser: Browser) -> Iterator[Booth]:
    made = Booth(browser)
    yield made
    made.close()


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_letter_looks_as_it_did(booth: Booth, view: View, tmp_path: Path) -> None:
    """Where the fonts are others, at least all blocks stand where they did."""
    page = booth.show(view)
    assert page.evaluate("document.documentElement.scrollWidth") == view.width
    if view.images:
        assert boxes(page) == json.loads(BOXES.read_text())[view.place]
    if not pinned():
        return
    taken = reduced(picture(page), view)
    kept = tmp_path / f"{view.name}.png"
    taken.save(kept)
    with Image.open(GOLDENS / kept.name) as golden:
        greatly, at_all = different(taken, golden)
    assert greatly <= MOVED, f"{kept}: words stand elsewhere, or are others, than in {kept.name}"
    assert at_all <= PAINTED, f"{kept}: a ground is not that of {kept.name}"


def test_every_picture_is_small_and_of_a_view() -> None:
    kept = sorted(GOLDENS.glob("*.png"))
    assert sorted(path.stem for path in kept) == sorted(view.name for view in VIEWS)
    assert max(path.stat().st_size for path in kept) <= 60_000
    # The colour type of a PNG: 3 is a palette.
    assert {path.read_bytes()[25] for path in kept} == {3}


@pytest.fixture(scope="module", params=["light", "dark"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 680, "height": 900}, color_scheme=request.param, offline=True
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    made = context.new_page()
    yield made
    made.close()


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("brand", [*HOSTILE, "its own"])
def test_every_word_can_be_read_in_any_colours(page: Page, design: Design, brand: str) -> None:
    """WCAG 1.4.3 with every text held to 4.5:1, as a browser computes the colours."""
    chosen = HOSTILE.get(brand, BRANDS[design])
    seen: set[str] = set()
    for language in ("en", "es"):
        page.set_content(specimen(language, design, chosen).html)
        pairs: dict[str, str] = page.evaluate(TEXTS)
        dim = {pair: words for pair, words in pairs.items() if _ratio(pair) < 4.5}
        assert dim == {}
        seen |= pairs.keys()
    # Ink, muted, link and hot on paper, and the text of the button, at the least.
    assert len(seen) >= 5
    # No pair but those that hold for every brand: see tests/stages/design/test_colours.py.
    assert {pair_of(pair) for pair in seen} <= _promised(chosen)


# Rules that speak of whole sites and not of a mail: a mail has no landmarks of its own, for the
# program around it has them, and no way to skip what it does not have.
NOT_FOR_MAIL = ["region", "landmark-one-main", "bypass"]


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("language", ["en", "ko", "es", "ar"])
def test_axe_finds_nothing(booth: Booth, design: Design, language: str) -> None:
    """Accessibility of the rendered letter, by axe-core; half of them dark."""
    page = booth.show(View(design, language, 680, "dark" if language in ("ko", "ar") else "light"))
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    told = page.evaluate(
        "off => axe.run({rules: Object.fromEntries(off.map(id => [id, {enabled: false}]))})",
        NOT_FOR_MAIL,
    )
    violations = {v["id"]: [n["html"] for n in v["nodes"]] for v in told["violations"]}
    assert violations == {}
    assert len(told["passes"]) > 15


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("width", [320, 375, 680])
def test_nothing_however_long_is_wider_than_the_window(
    booth: Booth, design: Design, width: int
) -> None:
    page = booth.show(View(design, "en", width, "light"))
    made = clinic_of("en", design)
    for issue in rendered_for(everything(), made):
        page.set_content(issue.html)
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("design", DESIGNS)
def test_a_program_without_style_sheets_shows_no_column_of_letters(
    booth: Booth, design: Design
) -> None:
    """Some phones leave out what stands in the head: then the inlined styles must do."""
    page = booth.show(View(design, "en", 375, "light"))
    page.set_content(re.sub(r"<style.*?</style>", "", page.content(), flags=re.DOTALL))
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    found = "all => all.map(found => found.getBoundingClientRect().width)"
    assert min(page.eval_on_selector_all("p:not([style*=border-top]), h1, h2, li", found)) > 75


@pytest.mark.parametrize("design", DESIGNS)
def test_a_finger_finds_the_button_and_the_ways_out(booth: Booth, design: Design) -> None:
    page = booth.show(View(design, "es", 375, "light"))
    button = page.get_by_role("link", name="Reservar una primera visita").bounding_box()
    assert button is not None
    assert button["height"] >= 48
    for name in ("Darse de baja", "Preferencias", "Ver en el navegador"):
        way = page.get_by_role("link", name=name).bounding_box()
        assert way is not None
        assert way["height"] >= 40


def _promised(brand: Brand) -> set[tuple[str, str]]:
    made, texts = palette(brand), ("ink", "muted", "link", "hot")
    grounds = ("page", "desk", "paper", "plate", "warm", "action")
    pairs = [*product(texts, grounds), ("on", "button")]
    schemes = (made.light, made.dark)
    return {(getattr(s, text), getattr(s, ground)) for s in schemes for text, ground in pairs}


def pair_of(pair: str) -> tuple[str, str]:
    parts = (map(int, re.findall(r"\d+", colour)) for colour in pair.split("|"))
    one, other = ("#" + "".join(f"{part:02x}" for part in colour) for colour in parts)
    return one, other


def _ratio(pair: str) -> float:
    one, other = pair_of(pair)
    return contrast(rgb(one), rgb(other))
