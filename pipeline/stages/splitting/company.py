"""How a line compares to the likely headings of its article, in place and in form.

A first opinion of every line is known here, so that the second can be of the whole article.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.stages.splitting.features import KIN, Kin, Measures
from pipeline.stages.splitting.likeness import Likeness
from pipeline.stages.splitting.model import chance
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
    kin: Mapping[int, Kin],
    runs: Sequence[Counted],
    hopeless: float = -math.inf,
) -> Iterator[tuple[int, Measures]]:
    """What can be measured of each line once a first opinion of all is known, with its place.

    It is given line by line: of a long text, all at once would fill the memory.

    Args:
        measured: The measures of each line that may be a heading, by its place.
        odds: The first opinion of it, in log odds.
        kin: What each line may share with others, in the order of ``KIN``.
        runs: The runs of numbers in the article.
        hopeless: Lines of no better opinion are counted among the others, but not told of.
    """
    chances = {place: chance(opinion) for place, opinion in odds.items()}
    expected = sum(chances.values())
    flags = {place: tuple(filter(own.get, _GROUP_OF)) for place, own in measured.items()}
    others = {place: 1 - likely for place, likely in chances.items()}
    manners = {
        "headings": _Manner(measured, flags, weights=chances),
        "others": _Manner(measured, flags, weights=others),
    }
    likeness = Likeness(measured, chances)
    follow = _follow(measured, chances)
    of_runs = dict(_of_runs(runs, odds))
    shared = [_Shared(name, index, kin, odds) for index, name in enumerate(KIN)]
    for place in (place for place, opinion in odds.items() if opinion > hopeless):
        own = measured[place]
        made = _near(place, odds, chances)
        made["first opinion"] = odds[place]
        made["likely headings"] = expected - chances[place]
        for name, manner in manners.items():
            made.update(manner.compared(place, own, name))
        if place in of_runs:
            made["opinion of its run"] = of_runs[place]
        for each in shared:
            made.update(each.opinion(place))
        made.update(likeness.measures(place))
        made.update(follow)
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


class _Shared:
    """The lines that share something, as a first word or a label, and what is thought of them."""

    def __init__(
        self, name: str, index: int, kin: Mapping[int, Kin], odds: Mapping[int, float]
    ) -> None:
        self._names = (f"opinion of same {name}", f"lines of same {name}")
        self._index, self._kin, self._odds = index, kin, odds
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._counts: defaultdict[str, int] = defaultdict(int)
        for place, opinion in odds.items():
            self._sums[kin[place][index]] += opinion
            self._counts[kin[place][index]] += 1

    def opinion(self, place: int) -> Measures:
        """How many lines share it with this one, and the mean opinion of them."""
        key = self._kin[place][self._index]
        others = self._counts[key] - 1
        if not key or not others:
            return {}
        mean = (self._sums[key] - self._odds[place]) / others
        return dict(zip(self._names, (mean, others), strict=True))


def _follow(measured: Mapping[int, Measures], chances: Mapping[int, float]) -> Measures:
    """How many of the likely headings have a short line right below, or another heading.

    Where most have, that line belongs to them all: a speaker's role, the time of a talk.
    """
    total = sum(chances.values()) + 0.01
    over_short = sum(
        likely
        for place, likely in chances.items()
        if measured[place].get("below short") or measured[place].get("below question")
    )
    over_likely = sum(likely * chances.get(place + 1, 0) for place, likely in chances.items())
    return {
        "headings over short lines": over_short / total,
        "headings over headings": over_likely / total,
    }
