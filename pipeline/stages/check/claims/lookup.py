"""Which of many patterns may stand in a text: those whose words, each in some form, are all there.

Hardly any sentence claims anything, so this is asked far oftener than any expression is searched.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"\w{1,3}")
# Small words of the languages whose words stand apart.
_EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        "the and for with from your our you not has have are was this that its will can"
        " una los las del con por para que sus sin mas muy esta este como",
    )
)
Needs = Sequence[frozenset[str]]


@lru_cache(maxsize=2048)
def keys(text: str, *, spaced: bool) -> frozenset[str]:
    """What a text can be looked up by: its words, or in Korean each one to three letters."""
    if spaced:
        return frozenset(_WORD.findall(text))
    solid = text.replace(" ", "")
    twos = map("".join, pairwise(solid))
    threes = map("".join, zip(solid, solid[1:], solid[2:], strict=False))
    return frozenset((*solid, *twos, *threes))


@lru_cache(maxsize=4096)
def heads(forms: tuple[str, ...], *, spaced: bool) -> frozenset[str]:
    """One key of each form; none if one has no key, for then nothing can be passed by."""
    found = []
    for form in forms:
        # The longest word is the one that fewest texts have; in Korean a word may go on.
        words = _WORD.findall(form) if spaced else [_first_letters(form)]
        key = max(words, key=_rare, default="")
        if not key:
            return frozenset()
        found.append(key)
    return frozenset(found)


@lru_cache(maxsize=1024)
def wholes(forms: tuple[str, ...]) -> dict[str, tuple[frozenset[str], ...]]:
    """By one word of each form, the others it has; nothing if a form has no word at all."""
    found: dict[str, set[frozenset[str]]] = {}
    for form in forms:
        words = _WORD.findall(form)
        if not words:
            return {}
        key = max(words, key=_rare)
        found.setdefault(key, set()).add(frozenset(words) - {key})
    return {key: tuple(rests) for key, rests in found.items()}


def _rare(word: str) -> tuple[bool, int]:
    """How few texts have a word: of "with ms" it is not the longer one that tells."""
    return word not in _EVERYWHERE, len(word)


def _first_letters(form: str) -> str:
    found = _LETTERS.match(form)
    return found[0] if found else ""


class Lookup:
    """Many patterns, known by their needs: for each of their words, keys one of which is there.

    The needs of most patterns are the same few lists of words, so each list is asked for once.
    """

    def __init__(self, needs: Iterable[Needs]) -> None:
        lists: dict[frozenset[str], int] = {}
        self._always: list[int] = []
        # By a list that a pattern needs, its rarest: the pattern and all the lists it needs.
        self._needing: dict[int, list[tuple[int, frozenset[int]]]] = {}
        for place, needed in enumerate(needs):
            if needed:
                numbers = [lists.setdefault(one, len(lists)) for one in needed]
                rarest = min(zip(needed, numbers, strict=True), key=lambda pair: len(pair[0]))[1]
                self._needing.setdefault(rarest, []).append((place, frozenset(numbers)))
            else:
                self._always.append(place)
        self._holding: dict[str, list[int]] = {}
        for one, number in lists.items():
            for key in one:
                self._holding.setdefault(key, []).append(number)

    def likely(self, found: frozenset[str]) -> Iterator[int]:
        """The places of those that a text with these keys has all the words of."""
        yield from self._always
        holding = self._holding
        there = {number for key in found if key in holding for number in holding[key]}
        for rarest in there & self._needing.keys():
            for place, needed in self._needing[rarest]:
                if needed <= there:
                    yield place
