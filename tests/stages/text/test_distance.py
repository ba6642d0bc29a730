"""How many letters lie between two words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.text.distance import distance

WORDS = st.text("abc", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("harbour", "harbour", 0),
        ("harbour", "harbor", 1),
        ("harbor", "harbour", 1),
        ("harbour", "harboor", 1),
        ("harbour", "harbuor", 1),
        ("harbour", "habuor", 2),
        ("", "ab", 2),
        ("ab", "", 2),
        ("", "", 0),
        ("harbour", "street", 4),
        ("harbour street", "a", 4),
    ],
)
def test_letters_are_counted_up_to_the_most(one: str, other: str, far: int) -> None:
    assert distance(one, other, most=3) == far


@given(WORDS, WORDS)
def test_it_is_the_same_both_ways_and_nothing_only_to_itself(one: str, other: str) -> None:
    assert distance(one, other, most=9) == distance(other, one, most=9)
    assert (distance(one, other, most=9) == 0) == (one == other)


@given(WORDS, WORDS, st.integers(0, 8))
def test_it_stops_counting_at_the_most(one: str, other: str, most: int) -> None:
    assert distance(one, other, most=most) == min(distance(one, other, most=9), most + 1)


@given(WORDS, st.integers(0, 6), st.sampled_from("abc"))
def test_one_letter_more_is_one_away(word: str, place: int, letter: str) -> None:
    longer = word[:place] + letter + word[place:]
    assert distance(word, longer, most=9) == 1
