"""Colours and lengths as CSS writes them."""

import pytest

from pipeline.stages.design.colours import BLACK, WHITE
from pipeline.stages.email.lengths import colour, font_size, laid, pixels, written


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("#fff", (WHITE, 1)),
        ("#ffffff", (WHITE, 1)),
        ("white", (WHITE, 1)),
        ("rgb(255, 255, 255)", (WHITE, 1)),
        ("rgba(0,0,0,.5)", (BLACK, 0.5)),
        ("hsl(0, 0%, 100%)", (WHITE, 1)),
        ("url(https://a.example/white.png) no-repeat #fff", (WHITE, 1)),
        ("transparent", (BLACK, 0)),
        ("currentcolor", None),
        ("none", None),
        ("rainbow", None),
        ("", None),
    ],
)
def test_colour_is_the_first_a_value_names(value: str, found: object) -> None:
    assert colour(value) == found


def test_a_colour_that_lets_through_is_laid_over_its_ground() -> None:
    assert laid("rgba(0,0,0,0)", WHITE) == WHITE
    assert laid("rgba(0,0,0,1)", WHITE) == BLACK
    assert laid("rgba(0,0,0,.6)", WHITE) == (102 / 255,) * 3
    assert laid("none", WHITE) is None


def test_colour_is_written_as_it_is_read() -> None:
    found = colour("#0a99ff")
    assert found is not None
    assert written(found[0]) == "#0a99ff"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *(("17px", 17), ("12pt", 16), ("1pc", 16), ("1in", 96), ("0", 0), ("-9999px", -9999)),
        *(("1.5em", 30), ("2rem", 32), ("80%", 16), (".5em", 10), ("1ex", 10), ("1e2px", 100)),
        *(("auto", None), ("", None), ("px", None), ("1 px", 1), ("1vw", None)),
    ],
)
def test_length_in_pixels(value: str, found: float | None) -> None:
    assert pixels(value, 20) == found


@pytest.mark.parametrize(
    ("value", "size"),
    [
        *(("17px", 17), ("1.2em", 24), ("large", 18), ("smaller", 20 * 5 / 6), ("larger", 24)),
        *(("700 16px/24px serif", 16), ("italic bold 1.5em serif", 30), ("0", 0), ("-3px", 0)),
        *(("inherit", 20), ("400 serif", 20), ("x-large serif", 24)),
    ],
)
def test_font_size_of_a_declaration_or_a_shorthand(value: str, size: float) -> None:
    assert font_size(value, 20) == pytest.approx(size)
