"""A small model in a file: trees of questions, each ending in what it adds to the log odds.

The file is JSON. A tree is a leaf, which is a number, or ``[value, name, most, low, high]``: the
mean of what lies below it, a measure, and the trees to go on with where the measure is at most
``most`` and where it is more. ``benchmarks/split/train.py`` makes it.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HEADINGS = Path(__file__).with_name("headings.json")


@dataclass(frozen=True, slots=True)
class Fork:
    """A question of a tree: is the measure ``name`` at most ``most``?"""

    value: float
    name: str
    most: float
    low: "Fork | float"
    high: "Fork | float"


@dataclass(frozen=True, slots=True)
class Model:
    """Trees that are added up, from a start and from what is known of some measures."""

    start: float
    known: Mapping[str, float]
    trees: tuple[Fork | float, ...]

    def odds(self, measures: Mapping[str, float]) -> float:
        """The log odds for what is measured; a measure that is missing is nought."""
        total = self.start
        for name, weight in self.known.items():
            total += weight * measures.get(name, 0.0)
        for tree in self.trees:
            node = tree
            while isinstance(node, Fork):
                node = node.low if measures.get(node.name, 0.0) <= node.most else node.high
            total += node
        return total

    def reasons(self, measures: Mapping[str, float]) -> dict[str, float]:
        """How much each measure moves the log odds from where the model stands unasked."""
        found: defaultdict[str, float] = defaultdict(float)
        for name, weight in self.known.items():
            found[name] = weight * measures.get(name, 0.0)
        for tree in self.trees:
            node = tree
            while isinstance(node, Fork):
                below = node.low if measures.get(node.name, 0.0) <= node.most else node.high
                found[node.name] += _value(below) - node.value
                node = below
        return dict(found)


@cache
def headings() -> tuple[Model, Model]:
    """The first opinion of a line by itself, and the second in the light of the whole article."""
    written = json.loads(HEADINGS.read_text(encoding="utf-8"))
    return model(written["first"]), model(written["second"])


def model(written: Mapping[str, Any]) -> Model:
    """A model from ``{"start": number, "known": {measure: weight}, "trees": [tree, …]}``."""
    trees = tuple(_node(tree) for tree in written["trees"])
    return Model(written["start"], written["known"], trees)


def _node(written: float | Sequence[Any]) -> Fork | float:
    if isinstance(written, (int, float)):
        return float(written)
    value, name, most, low, high = written
    return Fork(value, name, most, _node(low), _node(high))


def _value(node: Fork | float) -> float:
    return node.value if isinstance(node, Fork) else node
