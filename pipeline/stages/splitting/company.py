"""How a line compares to the likely headings of its article, in place and in form.

A first opinion of every line is known here, so that the second can be of the whole article.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.stages.splitting.features import Measures
from pipeline.stages.splitting.runs import Counted

_GROUPS = {
    "form": ("ends open", "ends question", "ends colon", "ends stop", "ends call", "begins small"),
    "manner": ("numbered", "opener", "colon inside", "comma inside", "verb", "pronoun", "code"),
    "place": (
        "above item", "above prose", "above short", "above colon",
        "below item", "below prose", "below short", "below sentence",
    ),
}  # fmt: skip
_SCALED = ("capitals after the first", "words", "columns", "room above less below")
_KEYS = (*(key for keys in _GROUPS.values() for key in keys), *_SCALED)
_NEAR = 30


def company(
    measured: Mapping[int, Measures],
    odds: Mapping[int, float],
    *,
    shapes: Mapping[int, str],
    runs: Sequence[Counted],
) -> dict[int, Measures]:
    """What can be measured of each line once a first opinion of all is known.

    Args:
        measured: The measures of each line that may be a heading, by its place.
        odds: The first opinion of it, in log odds.
        shapes: The signs of it, without its words.
        runs: The runs of numbers in the article.
    """
    chances = {place: 1 / (1 + math.exp(-value)) for place, value in odds.items()}
    made = {place: _near(place, odds, chances) for place in measured}
    likely = sum(chances.values())
    likely_manner = _Manner(measured, chances)
    other_manner = _Manner(measured, {place: 1 - chance for place, chance in chances.items()})
    for place, own in measured.items():
        made[place]["first opinion"] = odds[place]
        made[place]["likely headings"] = likely - chances[place]
        made[place].update(likely_manner.compared(place, own, "headings"))
        made[place].update(other_manner.compared(place, own, "others"))
    for run in runs:
        _add_run(run, odds, made)
    _add_shapes(shapes, odds, made)
    return made


def _near(place: int, odds: Mapping[int, float], chances: Mapping[int, float]) -> Measures:
    """What is thought of the lines around, and how far the next likely headings are."""
    made = {f"opinion {step:+}": odds.get(place + step, -9.0) for step in (-2, -1, 1, 2)}
    for name, step in (("above", -1), ("below", 1)):
        far = next((n for n in range(1, _NEAR) if chances.get(place + n * step, 0) > 0.5), _NEAR)
        made[f"likely heading {name}"] = far
    return made


class _Manner:
    """How the lines of an article look on the whole, each counted by a weight."""

    def __init__(self, measured: Mapping[int, Measures], weights: Mapping[int, float]) -> None:
        self._weights = weights
        self._total = sum(weights.values())
        self._sums = {
            key: sum(weights[place] * own.get(key, 0) for place, own in measured.items())
            for key in _KEYS
        }

    def compared(self, place: int, own: Measures, name: str) -> Measures:
        """How far a line is like all the others."""
        weight = self._weights[place]
        total = self._total - weight + 0.5
        mean = {key: (held - weight * own.get(key, 0)) / total for key, held in self._sums.items()}
        made = {
            f"{group} like {name}": sum(
                mean[key] if own.get(key) else 1 - mean[key] for key in keys
            )
            / len(keys)
            for group, keys in _GROUPS.items()
        }
        for key in _SCALED:
            made[f"{key} above {name}"] = own.get(key, 0) - mean[key]
        return made


def _add_run(run: Counted, odds: Mapping[int, float], made: Mapping[int, Measures]) -> None:
    known = [odds[place] for place in run.places if place in odds]
    for place in run.places:
        if place in made and len(known) > 1:
            made[place]["opinion of its run"] = (sum(known) - odds[place]) / (len(known) - 1)


def _add_shapes(
    shapes: Mapping[int, str], odds: Mapping[int, float], made: Mapping[int, Measures]
) -> None:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, shape in shapes.items():
        groups[shape].append(place)
    for places in groups.values():
        mean = sum(odds[place] for place in places) / len(places)
        for place in places:
            made[place]["opinion of its shape"] = mean
            made[place]["lines of its shape"] = len(places)
