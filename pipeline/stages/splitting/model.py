"""A small model in a file: trees of questions, each ending in what it adds to the log odds.

The file is JSON. A tree is a leaf, which is a number, or ``[value, name, most, low, high]``: the
mean of what lies below it, a measure, and the trees to go on with where the measure is at most
``most`` and where it is more; it has at most eight leaves. ``benchmarks/split/train.py`` makes it.
"""

import json
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import getitem
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
    """Trees that are added up, from a start and from what is known of some measures.

    Attributes:
        asked: The trees turned inside out, to be answered fast.
    """

    start: float
    known: Mapping[str, float]
    trees: tuple[Fork | float, ...]
    asked: "_Asked"

    def odds(self, measures: Mapping[str, float]) -> float:
        """The log odds for what is measured; a measure that is missing is nought."""
        total = self.start
        for name, weight in self.known.items():
            total += weight * measures.get(name, 0.0)
        return sum(self.asked.leaves(measures), total)

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


class _Asked:
    """All trees at once: each measure is looked up once, and rules out leaves of every tree.

    A tree has a byte of one long number, a leaf a bit of it, from the left. A measure above the
    ``most`` of a fork rules out what lies on its low side; of the leaves that are left over, the
    first is the one a walk through the tree would have come to (QuickScorer, SIGIR 2015).
    """

    def __init__(self, trees: Sequence[Fork | float]) -> None:
        self._size = len(trees)
        self._all = (1 << 8 * len(trees)) - 1
        ruled: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        tables = []
        for place, tree in enumerate(trees):
            leaves: list[float] = []
            for fork, bits in _ruled_out(tree, leaves):
                ruled[fork.name].append((fork.most, bits << 8 * place))
            tables.append(_first_left(leaves))
        self._tables = tuple(tables)
        steps = {name: self._rising(pairs) for name, pairs in ruled.items()}
        # Nought rules out nothing unless a limit is below it, so what is missing is passed over.
        self._always = [(name, *step) for name, step in steps.items() if step[0][0] < 0]
        self._where_given = {name: step for name, step in steps.items() if step[0][0] >= 0}

    def _rising(self, pairs: list[tuple[float, int]]) -> tuple[list[float], list[int]]:
        """The limits of a measure in order, and which leaves are left over below each."""
        left = [self._all]
        for _, bits in sorted(pairs):
            left.append(left[-1] & ~bits)
        return sorted(most for most, _ in pairs), left

    def leaves(self, measures: Mapping[str, float]) -> Iterator[float]:
        """The leaf of each tree."""
        left = self._all
        for name, limits, masks in self._always:
            left &= masks[bisect_left(limits, measures.get(name, 0.0))]
        for name in self._where_given.keys() & measures.keys():
            limits, masks = self._where_given[name]
            left &= masks[bisect_left(limits, measures[name])]
        return map(getitem, self._tables, left.to_bytes(self._size, "little"))


def _ruled_out(node: Fork | float, leaves: list[float]) -> Iterator[tuple[Fork, int]]:
    """Each fork with the bits of the leaves on its low side; the leaves are added in order."""
    if not isinstance(node, Fork):
        leaves.append(node)
        return
    first = len(leaves)
    yield from _ruled_out(node.low, leaves)
    yield node, (1 << len(leaves)) - (1 << first)
    yield from _ruled_out(node.high, leaves)


def _first_left(leaves: Sequence[float]) -> tuple[float, ...]:
    """For each byte, the leaf of its lowest bit."""
    return tuple(
        leaves[min((bits & -bits).bit_length() - 1, len(leaves) - 1)] for bits in range(256)
    )


def chance(odds: float) -> float:
    """Log odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def headings() -> tuple[Model, Model]:
    """The first opinion of a line by itself, and the second in the light of the whole article."""
    written = json.loads(HEADINGS.read_text(encoding="utf-8"))
    return model(written["first"]), model(written["second"])


def model(written: Mapping[str, Any]) -> Model:
    """A model from ``{"start": number, "known": {measure: weight}, "trees": [tree, …]}``."""
    trees = tuple(_node(tree) for tree in written["trees"])
    return Model(written["start"], written["known"], trees, _Asked(trees))


def _node(written: float | Sequence[Any]) -> Fork | float:
    if isinstance(written, (int, float)):
        return float(written)
    value, name, most, low, high = written
    return Fork(value, name, most, _node(low), _node(high))


def _value(node: Fork | float) -> float:
    return node.value if isinstance(node, Fork) else node
