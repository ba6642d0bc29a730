"""How much more a line is like the likely headings of its article than like its other lines.

Authors are consistent: who ends one heading in a colon ends most of them so. What headings and
other lines are like is counted in each article anew, weighed by the first opinion, and a line is
compared to both as a naive Bayes classifier would: log odds, trait by trait.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from sys import intern

from pipeline.stages.splitting.features import Measures

_YES = frozenset({
    "ends open", "ends question", "ends colon", "ends stop", "ends call", "ends ellipsis",
    "begins digit", "begins quoted", "begins small", "begins mark", "numbered", "opener",
    "colon inside", "comma inside", "verb", "pronoun", "code", "all capitals", "bracketed end",
    "speaker", "usual heading", "joining word first", "Korean sentence", "several sentences",
    "label", "like a name",
})  # fmt: skip
_AROUND = ("above ", "below ")
_COLUMNS = (10, 18, 30, 50, 80)
# How many lines' worth of doubt there is before one is counted, and what stays possible after all.
_DOUBT, _LEAST = 1.0, 0.005


class Likeness:
    """The traits of all lines of one article, counted among headings and among others."""

    def __init__(self, measured: Mapping[int, Measures], chances: Mapping[int, float]) -> None:
        self._traits = {place: tuple(map(intern, traits(own))) for place, own in measured.items()}
        self._chances = chances
        self._lines = len(measured)
        self._likely = sum(chances.values())
        self._all: defaultdict[str, float] = defaultdict(float)
        self._heads: defaultdict[str, float] = defaultdict(float)
        for place, own in self._traits.items():
            for trait in own:
                self._all[trait] += 1
                self._heads[trait] += chances[place]
        self._lacked = {trait: self._odds_of_lack(trait) for trait in self._all}
        self._all_lacked = sum(self._lacked.values())

    def measures(self, place: int) -> Measures:
        """What the traits of a line say, those it has and those it lacks, in log odds."""
        own, chance = self._traits[place], self._chances[place]
        has = sum(self._odds_of_trait(trait, chance) for trait in own)
        lacks = self._all_lacked - sum(self._lacked[trait] for trait in own)
        return {"likeness": has + lacks, "likeness of traits": has, "likeness of lacks": lacks}

    def _odds_of_trait(self, trait: str, chance: float) -> float:
        """What having a trait says of a line, by its chance left out of all that have it."""
        heads, others = self._shares(trait, head=chance, other=1 - chance)
        return math.log(heads / others)

    def _odds_of_lack(self, trait: str) -> float:
        """What lacking a trait says. It is the same for all lines, so each counts among them."""
        heads, others = self._shares(trait, head=0, other=0)
        return math.log((1 - heads) / (1 - others))

    def _shares(self, trait: str, *, head: float, other: float) -> tuple[float, float]:
        """How many headings and how many other lines have a trait, but for one line."""
        usual = self._all[trait] / self._lines * _DOUBT
        heads = self._heads[trait] - head
        others = self._all[trait] - self._heads[trait] - other
        all_heads = self._likely - head
        all_others = self._lines - self._likely - other
        return (
            _share(heads + usual, all_heads + _DOUBT),
            _share(others + usual, all_others + _DOUBT),
        )


def traits(own: Measures) -> list[str]:
    """What a line is like, in yeses: "ends colon", "below prose", "columns 2"."""
    found = [name for name in own if name in _YES]
    found += [name for name, value in own.items() if value == 1 and _tells_look(name)]
    columns = own.get("columns", 0)
    found.append(f"columns {sum(columns >= most for most in _COLUMNS)}")
    found.append(f"words {min(int(own.get('words', 0) / 2), 6)}")
    found.append(f"capitals {int(own.get('capital share of long words', 0) * 3)}")
    room = own.get("room above less below", 0)
    found.append(f"room {(room > 0) - (room < 0)}")
    return found


def _tells_look(name: str) -> bool:
    return name.startswith(_AROUND) and "columns" not in name


def _share(part: float, whole: float) -> float:
    return min(max((part + 0.02) / (whole + 0.04), _LEAST), 1 - _LEAST)
