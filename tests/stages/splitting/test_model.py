"""A model of trees, read from its file."""

import json

import pytest

from pipeline.stages.splitting.model import HEADINGS, headings, model

WRITTEN = {
    "start": -1.0,
    "known": {"caption": -5.0},
    "trees": [[0.5, "words", 3.0, 1.5, [-0.5, "question", 0.0, -1.0, 2.0]], 0.25],
}


@pytest.mark.parametrize(
    ("measures", "odds"),
    [
        ({}, 0.75),
        ({"words": 3}, 0.75),
        ({"words": 4}, -1.75),
        ({"words": 4, "question": 1}, 1.25),
        ({"words": 2, "caption": 1}, -4.25),
        ({"words": 2, "no such measure": 9}, 0.75),
    ],
)
def test_odds_add_up_start_knowledge_and_leaves(measures: dict[str, float], odds: float) -> None:
    assert model(WRITTEN).odds(measures) == odds


def test_reasons_say_what_each_measure_moved() -> None:
    reasons = model(WRITTEN).reasons({"words": 4, "question": 1})
    assert reasons == {"caption": 0.0, "words": -1.0, "question": 2.5}


def test_reasons_and_the_means_add_up_to_the_odds() -> None:
    measures = {"words": 4.0, "question": 1.0, "caption": 1.0}
    made = model(WRITTEN)
    means = made.start + 0.5 + 0.25
    assert means + sum(made.reasons(measures).values()) == made.odds(measures)


def test_headings_are_two_opinions_read_once() -> None:
    first, second = headings()
    assert headings() is headings()
    assert len(first.trees) >= 50
    assert len(second.trees) >= 50
    assert first.known["caption"] < 0


def test_headings_file_is_small_and_a_tree_a_line() -> None:
    written = HEADINGS.read_text(encoding="utf-8")
    trees = sum(len(opinion["trees"]) for opinion in json.loads(written).values())
    assert len(written) <= 200_000
    assert written.count("\n") >= trees
