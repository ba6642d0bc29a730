"""How much more a line is like the likely headings of its article than like its other lines."""

import math

import pytest

from pipeline.stages.splitting.features import Measures
from pipeline.stages.splitting.likeness import Likeness, traits

QUESTION: Measures = {"ends question": 1, "columns": 24, "words": 5}
SENTENCE: Measures = {"ends stop": 1, "columns": 70, "words": 12}
# Three questions that are surely headings, four sentences that surely are none; the last is asked.
CHANCES = {0: 0.99, 1: 0.99, 2: 0.99, 3: 0.01, 4: 0.01, 5: 0.01, 6: 0.01, 7: 0.5}


def likeness(asked: Measures, place: int = 7) -> Measures:
    """What the traits of a line say beside those questions and sentences."""
    measured = {**dict.fromkeys((0, 1, 2), QUESTION), **dict.fromkeys((3, 4, 5, 6), SENTENCE)}
    return Likeness({**measured, 7: asked}, CHANCES).measures(place)


def test_a_line_like_the_headings_is_likelier_one() -> None:
    assert likeness(QUESTION)["likeness"] > 2
    assert likeness(SENTENCE)["likeness"] < -2


def test_likeness_is_what_a_line_has_and_what_it_lacks() -> None:
    made = likeness(QUESTION)
    both = made["likeness of traits"] + made["likeness of lacks"]
    assert made["likeness"] == pytest.approx(both)
    assert made["likeness of traits"] > 0
    assert made["likeness of lacks"] > 0


def test_a_line_does_not_speak_for_itself() -> None:
    strange: Measures = {"ends ellipsis": 1, "columns": 24, "words": 5}
    measured = {0: QUESTION, 1: SENTENCE, 2: strange}
    sure, unsure = ({0: 0.9, 1: 0.1, 2: chance} for chance in (0.99, 0.01))
    found = [Likeness(measured, chances).measures(2) for chances in (sure, unsure)]
    assert found[0]["likeness of traits"] == pytest.approx(found[1]["likeness of traits"], abs=0.05)


def test_likeness_is_finite_where_all_lines_are_alike() -> None:
    made = Likeness({0: QUESTION, 1: QUESTION}, {0: 1.0, 1: 1.0}).measures(0)
    assert all(math.isfinite(value) for value in made.values())


def test_a_lone_line_is_like_nothing() -> None:
    made = Likeness({0: QUESTION}, {0: 0.5}).measures(0)
    assert made["likeness of traits"] == pytest.approx(0)


def test_traits_are_the_yeses_of_a_line() -> None:
    own: Measures = {
        "ends colon": 1,
        "above prose": 1,
        "above columns": 1,
        "below by own columns": 1,
        "lines of short below": 1,
        "columns": 30,
        "words": 5,
        "capital share of long words": 0.7,
        "room above less below": -2,
    }
    assert traits(own) == [
        "ends colon", "above prose", "columns 3", "words 2", "capitals 2", "room -1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({}, ["columns 0", "words 0", "capitals 0", "room 0"]),
        ({"columns": 200, "words": 40}, ["columns 5", "words 6", "capitals 0", "room 0"]),
        ({"room above less below": 3}, ["columns 0", "words 0", "capitals 0", "room 1"]),
    ],
)
def test_traits_of_length_and_room_come_in_steps(own: Measures, found: list[str]) -> None:
    assert traits(own) == found
