"""Which of many patterns may stand in a text: those whose words, each in some form, are all there.

Hardly any sentence claims anything, so this is asked far oftener than any expression is searched.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

# What stands in _emphasis_ is a word like any other.
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W_]{1,3}")
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


class Forms:
    """What may stand in one place of a pattern: "cure", "cured", "got rid of".

    A list has thousands of forms and a text the words of a few, so it is these that an expression
    is made of.

    Attributes:
        each: All of them.
        heads: One key of each; none if one has no key, for then nothing can be passed by.
    """

    def __init__(self, each: tuple[str, ...], *, spaced: bool) -> None:
        self.each = each
        self._parts = _WORD if spaced else _LETTERS
        self._keyless: list[str] = []
        self._by_key: dict[str, list[str]] = {}
        for form in each:
            # A single word, as most forms are, is its own key.
            key = form if spaced and form.isalnum() else self._key(form, spaced=spaced)
            if key:
                self._by_key.setdefault(key, []).append(form)
            else:
                self._keyless.append(form)
        self.heads = frozenset() if self._keyless else frozenset(self._by_key)

    def _key(self, form: str, *, spaced: bool) -> str:
        # The longest word is the one that fewest texts have; in Korean a word may go on.
        if spaced:
            return max(_WORD.findall(form), key=_rare, default="")
        found = _LETTERS.match(form)
        return found[0] if found else ""

    def among(self, found: frozenset[str]) -> tuple[str, ...]:
        """Those that a text with these keys has all the words of."""
        by_key = self._by_key
        near = (form for key in found & by_key.keys() for form in by_key[key])
        there = (form for form in near if found.issuperset(self._parts.findall(form)))
        return tuple(sorted((*self._keyless, *there)))


@lru_cache(maxsize=8192)
def among(forms: Forms, found: frozenset[str]) -> tuple[str, ...]:
    """What a text with these keys has of some forms; many patterns ask for the same list."""
    return forms.among(found)


def _rare(word: str) -> tuple[bool, int]:
    """How few texts have a word: of "with ms" it is not the longer one that tells."""
    return word not in _EVERYWHERE, len(word)


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
