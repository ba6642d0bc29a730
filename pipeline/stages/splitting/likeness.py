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
        self._lacked = {trait: self._odds(trait, chance=0.0, has=False) for trait in self._all}
        self._all_lacked = sum(self._lacked.values())

    def measures(self, place: int) -> Measures:
        """What the traits of a line say, those it has and those it lacks, in log odds."""
        own, chance = self._traits[place], self._chances[place]
        has = sum(self._odds(trait, chance=chance, has=True) for trait in own)
        lacks = self._all_lacked - sum(self._lacked[trait] for trait in own)
        return {"likeness": has + lacks, "likeness of traits": has, "likeness of lacks": lacks}

    def _odds(self, trait: str, *, chance: float, has: bool) -> float:
        """What having or lacking a trait says, the line itself (by its chance) left out."""
        usual = self._all[trait] / self._lines
        heads = self._heads[trait] - chance
        others = self._all[trait] - self._heads[trait] - (1 - chance if has else 0)
        all_heads = self._likely - chance
        all_others = self._lines - self._likely - (1 - chance if has else 0)
        of_heads = _share(heads + usual * _DOUBT, all_heads + _DOUBT)
        of_others = _share(others + usual * _DOUBT, all_others + _DOUBT)
        return math.log(of_heads / of_others) if has else math.log((1 - of_heads) / (1 - of_others))


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
