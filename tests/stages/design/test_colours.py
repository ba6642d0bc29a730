import re
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingError
from pipeline.stages.design.colours import (
    BLACK,
    WHITE,
    Scheme,
    contrast,
    fix,
    lift,
    luminance,
    mix,
    palette,
    rgb,
)
from pipeline.values import Brand

colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
brands = st.builds(Brand, brand=colours, accent=colours, ink=colours, paper=colours)


def between(one: str, other: str) -> float:
    return contrast(rgb(one), rgb(other))


def grounds(scheme: Scheme) -> tuple[str, ...]:
    return scheme.page, scheme.desk, scheme.paper, scheme.plate, scheme.warm, scheme.action


def lowest(scheme: Scheme, name: str) -> float:
    return min(between(getattr(scheme, name), ground) for ground in grounds(scheme))


@given(brands)
def test_every_brand_gives_readable_text_in_both_schemes(brand: Brand) -> None:
    made = palette(brand)
    for scheme in (made.light, made.dark):
        assert lowest(scheme, "ink") >= 7
        assert lowest(scheme, "muted") >= 4.6
        assert lowest(scheme, "link") >= 4.6
        assert lowest(scheme, "hot") >= 4.6
        assert between(scheme.on, scheme.button) >= 4.6


@given(brands)
def test_every_token_is_a_colour(brand: Brand) -> None:
    made = palette(brand)
    written = [*asdict(made.light).values(), *asdict(made.dark).values()]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in written)


@given(brands)
def test_light_is_light_and_dark_is_dark(brand: Brand) -> None:
    made = palette(brand)
    assert luminance(rgb(made.light.paper)) > 0.75
    assert luminance(rgb(made.dark.paper)) < 0.1


@given(brands)
def test_dark_grounds_grow_lighter_from_page_to_plate(brand: Brand) -> None:
    dark = palette(brand).dark
    page, paper, plate = (luminance(rgb(c)) for c in (dark.page, dark.paper, dark.plate))
    assert page <= paper <= plate


def test_a_good_brand_is_left_as_it_is() -> None:
    light = palette(Brand()).light
    assert (light.paper, light.ink, light.button) == ("#fffdf9", "#2b2a27", "#2f6f62")


def test_a_pale_brand_is_darkened_until_it_can_be_read() -> None:
    light = palette(Brand(brand="#ffd400")).light
    assert light.button != "#ffd400"
    assert 4.6 <= between(light.button, light.paper) < 4.9


def test_a_dark_paper_is_made_light() -> None:
    assert luminance(rgb(palette(Brand(paper="#222222")).light.paper)) >= 0.79


def test_a_lifted_accent_keeps_its_hue() -> None:
    red, green, blue = rgb(palette(Brand(accent="#9c2f2f")).dark.hot)
    assert red > green
    assert green == pytest.approx(blue, abs=0.01)


@pytest.mark.parametrize(
    "colour", ["", "red", "#fff", "#12345g", "2f6f62", "#2f6f62 ", "#2f6f62;x"]
)
def test_a_colour_in_another_notation_is_refused_with_the_mend(colour: str) -> None:
    with pytest.raises(SettingError) as refused:
        palette(Brand(brand=colour))
    assert str(refused.value) == (
        f"content/clinic.toml: the brand colour {colour!r} cannot be read. "
        'Write it as six hexadecimal digits: "#2f6f62".'
    )


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(BLACK, WHITE) == 21
    assert contrast(WHITE, BLACK) == 21
    assert contrast(WHITE, WHITE) == 1
    # The grey that WebAIM names as the lightest one to pass on white.
    assert round(between("#767676", "#ffffff"), 2) == 4.54


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert mix(BLACK, WHITE, 0) == BLACK
    assert mix(BLACK, WHITE, 1) == WHITE
    assert mix(BLACK, WHITE, 0.2) == (0.2, 0.2, 0.2)


def test_fix_leaves_what_is_readable_and_stops_at_its_end() -> None:
    assert fix(BLACK, [WHITE], 4.6, towards=BLACK) == BLACK
    assert fix(WHITE, [BLACK, WHITE], 4.6, towards=BLACK) == BLACK


def test_fix_looks_at_all_grounds() -> None:
    grey = rgb("#777777")
    fixed = fix(grey, [WHITE, rgb("#dddddd")], 4.6, towards=BLACK)
    assert contrast(fixed, rgb("#dddddd")) >= 4.6


def test_lift_stops_at_white() -> None:
    assert lift(rgb("#eeddcc"), [WHITE], 4.6, saturation=0.4) == WHITE


def test_lift_limits_the_saturation() -> None:
    red, green, _ = lift(rgb("#ff0000"), [BLACK], 1, saturation=0.2)
    assert (red - green) == pytest.approx(0.2, abs=0.01)
