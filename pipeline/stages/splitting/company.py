"""How a line compares to the likely headings of its article, in place and in form.

A first opinion of every line is known here, so that the second can be of the whole article.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

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
_GROUP_OF = {key: group for group, keys in _GROUPS.items() for key in keys}
_NEAR = 30


def company(
    measured: Mapping[int, Measures],
    odds: Mapping[int, float],
    *,
    shapes: Mapping[int, str],
    runs: Sequence[Counted],
) -> Iterator[tuple[int, Measures]]:
    """What can be measured of each line once a first opinion of all is known, with its place.

    It is given line by line: of a long text, all at once would fill the memory.

    Args:
        measured: The measures of each line that may be a heading, by its place.
        odds: The first opinion of it, in log odds.
        shapes: The signs of it, without its words.
        runs: The runs of numbers in the article.
    """
    chances = {place: 1 / (1 + math.exp(-value)) for place, value in odds.items()}
    likely = sum(chances.values())
    flags = {place: [key for key in _GROUP_OF if own.get(key)] for place, own in measured.items()}
    others = {place: 1 - chance for place, chance in chances.items()}
    manners = {
        "headings": _Manner(measured, flags, weights=chances),
        "others": _Manner(measured, flags, weights=others),
    }
    of_runs = dict(_of_runs(runs, odds))
    of_shapes = _of_shapes(shapes, odds)
    for place, own in measured.items():
        made = _near(place, odds, chances)
        made["first opinion"] = odds[place]
        made["likely headings"] = likely - chances[place]
        for name, manner in manners.items():
            made.update(manner.compared(place, own, name))
        if place in of_runs:
            made["opinion of its run"] = of_runs[place]
        made.update(of_shapes[shapes[place]])
        yield place, made


def _near(place: int, odds: Mapping[int, float], chances: Mapping[int, float]) -> Measures:
    """What is thought of the lines around, and how far the next likely headings are."""
    made = {f"opinion {step:+}": odds.get(place + step, -9.0) for step in (-2, -1, 1, 2)}
    for name, step in (("above", -1), ("below", 1)):
        far = next((n for n in range(1, _NEAR) if chances.get(place + n * step, 0) > 0.5), _NEAR)
        made[f"likely heading {name}"] = far
    return made


class _Manner:
    """How the lines of an article look on the whole, each counted by a weight.

    A line is compared to all others but itself, yet only what it has itself is looked at one by
    one: what it lacks is the sum of its group less that.
    """

    def __init__(
        self,
        measured: Mapping[int, Measures],
        flags: Mapping[int, Sequence[str]],
        *,
        weights: Mapping[int, float],
    ) -> None:
        self._flags = flags
        self._weights = weights
        self._total = sum(weights.values())
        self._held = dict.fromkeys(_GROUP_OF, 0.0)
        for place, keys in flags.items():
            for key in keys:
                self._held[key] += weights[place]
        self._groups = {
            group: sum(self._held[key] for key in keys) for group, keys in _GROUPS.items()
        }
        self._sums = {
            key: sum(weights[place] * own.get(key, 0) for place, own in measured.items())
            for key in _SCALED
        }

    def compared(self, place: int, own: Measures, name: str) -> Measures:
        """How far a line is like all the others."""
        weight = self._weights[place]
        total = self._total - weight + 0.5
        has = dict.fromkeys(_GROUPS, 0.0)
        counts = dict.fromkeys(_GROUPS, 0)
        for key in self._flags[place]:
            group = _GROUP_OF[key]
            counts[group] += 1
            has[group] += self._held[key] - weight
        made: Measures = {}
        for group, keys in _GROUPS.items():
            lacks = self._groups[group] - has[group] - counts[group] * weight
            alike = len(keys) - counts[group] + (has[group] - lacks) / total
            made[f"{group} like {name}"] = alike / len(keys)
        for key in _SCALED:
            mean = (self._sums[key] - weight * own.get(key, 0)) / total
            made[f"{key} above {name}"] = own.get(key, 0) - mean
        return made


def _of_runs(runs: Sequence[Counted], odds: Mapping[int, float]) -> Iterator[tuple[int, float]]:
    """The mean opinion of all others in its run, for each line in one."""
    for run in runs:
        known = [place for place in run.places if place in odds]
        total = sum(odds[place] for place in known)
        if len(known) > 1:
            yield from ((place, (total - odds[place]) / (len(known) - 1)) for place in known)


def _of_shapes(shapes: Mapping[int, str], odds: Mapping[int, float]) -> dict[str, Measures]:
    """The mean opinion of the lines of each shape, and how many there are."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for place, shape in shapes.items():
        groups[shape].append(odds[place])
    return {
        shape: {
            "opinion of its shape": sum(opinions) / len(opinions),
            "lines of its shape": len(opinions),
        }
        for shape, opinions in groups.items()
    }
