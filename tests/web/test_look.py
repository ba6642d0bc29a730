"""The public stylesheet: contrast, size, targets, both schemes; computed, not trusted."""

import re

import pytest

from tests.home import CHECKOUT

STATIC = CHECKOUT / "templates" / "web" / "static"
CSS = (STATIC / "public.css").read_text("utf-8")
# The lists of the archive stand on top of public.css; a letter's own looks leave no place for it.
ARCHIVE, LETTER, APPROVING = (
    (STATIC / name).read_text("utf-8") for name in ("archive.css", "letter.css", "approving.css")
)
PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink-2", "paper"),
    ("ink-2", "surface"),
    ("on-act", "act"),
    ("on-jade", "jade"),
    ("brick", "surface"),
    ("jade", "surface"),
    ("jade", "paper"),
    ("brick", "paper"),
]


def palette(scheme: str) -> dict[str, str]:
    """The colours of a scheme by name."""
    light, dark = CSS.split("@media (prefers-color-scheme: dark)")
    block = light if scheme == "light" else dark.split("\n}\n")[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_right() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert round(contrast("#ffffff", "#767676"), 2) == 4.54


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_can_be_read_in_both_schemes(scheme: str, front: str, back: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_ring_can_be_seen(scheme: str) -> None:
    colours = palette(scheme)
    assert contrast(colours["jade"], colours["surface"]) >= 3
    assert re.search(r":focus-visible \{ outline: 2px solid var\(--jade\)", CSS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("back", ["paper", "surface"])
def test_the_edge_of_a_field_can_be_seen(scheme: str, back: str) -> None:
    colours = palette(scheme)
    assert contrast(colours["edge"], colours[back]) >= 3


def test_both_schemes_name_the_same_colours() -> None:
    assert set(palette("light")) == set(palette("dark"))


@pytest.mark.parametrize("sheet", [CSS, ARCHIVE, LETTER, APPROVING])
def test_every_colour_used_is_named(sheet: str) -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", sheet))
    assert used - {"sans", "serif"} <= set(palette("light"))
    rules = re.sub(r"--[a-z0-9-]+: #[0-9a-f]{6};", "", sheet)
    assert not re.search(r"#[0-9a-f]{3,8}\b", rules)


def test_the_bars_around_a_letter_have_the_same_colours() -> None:
    colours = re.compile(r"(--[a-z0-9-]+): (#[0-9a-f]{6});")
    own = colours.findall(LETTER)
    names = {name for name, _ in own}
    assert own == [pair for pair in colours.findall(CSS) if pair[0] in names]


def test_the_bars_around_a_letter_touch_nothing_of_it() -> None:
    rules = re.sub(r"/\*.*?\*/|:root \{.*?\}", "", LETTER, flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", rules)
    parts = [part.strip() for selector in selectors for part in selector.split(",")]
    assert [part for part in parts if not part.startswith((".around", "main:focus"))] == []


def test_the_bars_around_a_letter_share_no_class_with_it() -> None:
    page = (CHECKOUT / "templates/web/public/archive/issue.html").read_text("utf-8")
    names = {name for found in re.findall(r'class="([\w -]+)"', page) for name in found.split()}
    assert names == {name for name in names if name.startswith("around")} != set()
    letters = [f.read_text("utf-8") for f in (CHECKOUT / "templates/email").rglob("*.mjml")]
    assert not re.search(r"""\.around|class="[^"]*\baround""", "".join(letters))


def test_the_button_is_large_enough_and_the_sheet_small_enough() -> None:
    assert "min-height: 44px" in CSS
    assert len((CSS + ARCHIVE + LETTER).encode()) < 25_000
