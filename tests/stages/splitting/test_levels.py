"""How deep headings stand where no format says it."""

import pytest

from pipeline.stages.splitting.levels import levelled
from pipeline.values import Line, Run


def levels(*texts: str, sizes: tuple[float, ...] = ()) -> list[int]:
    """The levels of headings; one that begins with "+" has no text under it."""
    lines: list[Line] = []
    for place, text in enumerate(texts):
        size = sizes[place] if sizes else 0
        heading = Line(number=place, kind="heading", level=1, text=(Run(text.lstrip("+")),))
        lines.append(Line(number=place, text=heading.text, kind="heading", level=1, size=size))
        if not text.startswith("+"):
            lines.append(Line(number=place, text=(Run("Text stands here."),), size=size and 11))
    return [line.level for line in levelled(lines) if line.kind == "heading"]


def test_levelled_leaves_headings_side_by_side_where_nothing_tells_them_apart() -> None:
    assert levels("Rest", "Walk", "Sleep", "Conclusion") == [1, 1, 1, 1]


def test_levelled_leaves_two_headings_and_other_lines_alone() -> None:
    lines = (Line(number=1, text=(Run("A"),)), Line(number=2, text=(Run("1.1 B"),), kind="heading"))
    assert levelled(lines) == lines


def test_levelled_puts_smaller_letters_below_larger_ones() -> None:
    sizes = (16.0, 13, 13, 16, 13, 11.5)
    assert levels("A", "B", "C", "D", "E", "F", sizes=sizes) == [1, 2, 2, 1, 2, 3]
    assert levels("A", "B", "C", sizes=(13, 12.5, 13)) == [1, 1, 1]


def test_levelled_believes_no_size_below_the_first() -> None:
    assert levels("A", "B", "C", sizes=(12, 18, 12)) == [1, 1, 1]


def test_levelled_puts_points_below_their_number() -> None:
    assert levels("1. Rest", "1.1 Chairs", "1.2 Beds", "2. Walk") == [1, 2, 2, 1]


def test_levelled_puts_title_case_below_capitals() -> None:
    assert levels("REST WELL", "Chairs", "Beds", "WALK MORE", "Shoes") == [1, 2, 2, 1, 2]


@pytest.mark.parametrize("texts", [("TV", "Rest", "CBD", "Walk"), ("REST WELL", "Chairs", "Beds")])
def test_levelled_leaves_a_shouted_word_or_two(texts: tuple[str, ...]) -> None:
    assert set(levels(*texts)) == {1}


def test_levelled_puts_headings_between_numbers_below_them() -> None:
    made = levels("Why", "1. Rest", "Chairs", "Beds", "2. Walk", "Shoes", "3. Sleep", "Conclusion")
    assert made == [1, 1, 2, 2, 1, 2, 1, 1]


def test_levelled_puts_numbers_that_begin_again_below_their_headings() -> None:
    made = levels("At home", "1. Rest", "2. Walk", "At work", "1. Sit", "2. Stand")
    assert made == [1, 2, 2, 1, 2, 2]


def test_levelled_puts_a_run_below_one_of_many_other_headings() -> None:
    made = levels(
        "What it is", "Who gets it", "What to do", "Step 1: Rest", "Step 2: Walk", "Later"
    )
    assert made == [1, 1, 1, 2, 2, 1]


@pytest.mark.parametrize("lead", ["Two ways to begin", "2 ways to begin", "Dos pasos"])
def test_levelled_puts_a_run_below_a_heading_that_announces_it(lead: str) -> None:
    assert levels(lead, "1. Rest", "2. Walk", "Then sleep") == [1, 2, 2, 1]


@pytest.mark.parametrize(
    "texts",
    [
        ("Why it works", "1. Rest", "2. Walk", "3. Sleep"),
        ("What goes wrong", "1. Rest", "2. Walk", "What you need", "When to come"),
        ("Three ways to begin", "1. Rest", "2. Walk"),
        ("Why it works", "1. Rest", "2. Walk", "The bottom line", "References"),
        ("1. Rest", "2. Walk", "Questions", "Answers", "More"),
        ("Why", "Who", "1. Rest", "What", "Where"),
    ],
)
def test_levelled_leaves_a_run_beside_few_other_headings(texts: tuple[str, ...]) -> None:
    assert set(levels(*texts)) == {1}


def test_levelled_puts_what_comes_again_below() -> None:
    made = levels("Monday", "Drills", "Tuesday", "Drills", "Wednesday", "drills")
    assert made == [1, 2, 1, 2, 1, 2]


def test_levelled_puts_headings_below_those_without_text() -> None:
    made = levels("Why", "+At home", "Rest", "Walk", "+At work", "Sit", "Conclusion")
    assert made == [1, 1, 2, 2, 1, 2, 1]


def test_levelled_keeps_closing_parts_at_the_top() -> None:
    made = levels("REST WELL", "Chairs", "WALK MORE", "Shoes", "References", "Book your visit")
    assert made == [1, 2, 1, 2, 1, 1]
