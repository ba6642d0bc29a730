"""A model of trees, read from its file."""

import json
import random

import pytest

from pipeline.stages.splitting.model import HEADINGS, Fork, Model, chance, headings, model

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
    assert len(written) <= 300_000
    assert written.count("\n") >= trees


def walked(made: Model, measures: dict[str, float]) -> float:
    """The log odds by walking through each tree from its root."""
    total = made.start + sum(made.known[name] * measures.get(name, 0.0) for name in made.known)
    for tree in made.trees:
        node = tree
        while isinstance(node, Fork):
            node = node.low if measures.get(node.name, 0.0) <= node.most else node.high
        total += node
    return total


def grown(dice: random.Random, depth: int) -> object:
    """A tree of forks at random, with limits below and above nought."""
    if not depth or dice.random() < 0.2:
        return dice.randrange(-64, 64) / 16
    low, high = grown(dice, depth - 1), grown(dice, depth - 1)
    return [0.0, dice.choice("abc"), float(dice.randrange(-2, 3)), low, high]


@pytest.mark.parametrize("seed", range(40))
def test_all_trees_at_once_end_in_the_leaves_a_walk_ends_in(seed: int) -> None:
    dice = random.Random(seed)
    written = {"start": 0.5, "known": {"a": 2.0}, "trees": [grown(dice, 3) for _ in range(20)]}
    made = model(written)
    for _ in range(20):
        measures = {name: float(dice.randrange(-3, 4)) for name in "abc" if dice.random() < 0.8}
        assert made.odds(measures) == walked(made, measures)


@pytest.mark.parametrize(("odds", "probability"), [(0.0, 0.5), (1e9, 1.0), (-1e9, 0.0)])
def test_chance_of_any_odds_is_a_probability(odds: float, probability: float) -> None:
    assert chance(odds) == pytest.approx(probability, abs=1e-9)
