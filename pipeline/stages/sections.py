"""The sections of an article, known again from reading to reading.

A section is called by the words of its first heading for ever, whatever becomes of the heading, of
its place and of its text. It is known again by its text and its heading, then by how much of its
text is still there, then by its place between two that are known.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.stages.text.inline import texts
from pipeline.stages.text.runs import fold
from pipeline.values import Section, plain

# What the same heading is worth beside a text of which nothing is left, and what is enough.
_SAME_HEADING = 0.6
_ENOUGH = 0.5
# Above so many pairs only what is word for word the same is known again: no person writes so many.
_MOST_PAIRS = 250_000
_LONGEST_KEY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSection:
    """A section of an earlier reading.

    Attributes:
        key: What it is called for ever.
        heading: Its heading then.
        text: Its text then, folded.
        out: Whether it has gone out: then its place alone says nothing.
    """

    key: str
    heading: str
    text: str
    out: bool = False


def recognise(known: Sequence[KnownSection], sections: Sequence[Section]) -> tuple[str, ...]:
    """The key of each section; a new one for each that was not there before.

    Args:
        known: The sections of earlier readings in their order, those taken out since included.
        sections: The sections of the article as it is now.
    """
    now = [(fold(section.heading), section_text(section)) for section in sections]
    found: dict[int, int] = {}
    for similar in (_word_for_word, _by_likeness, _by_place):
        found |= similar(known, now, found)
    keys = {place: known[old].key for place, old in found.items()}
    taken = {section.key for section in known}
    for place, (heading, _) in enumerate(now):
        if place not in keys:
            keys[place] = _new_key(heading, taken)
            taken.add(keys[place])
    return tuple(keys[place] for place in range(len(now)))


def section_text(section: Section) -> str:
    """All words of a section but its heading, with single spaces."""
    return fold(" ".join(plain(text) for block in section.blocks for text in texts(block)))


_Now = Sequence[tuple[str, str]]
_Words = Counter[tuple[str, str]]


def _word_for_word(
    known: Sequence[KnownSection], now: _Now, _found: dict[int, int]
) -> dict[int, int]:
    waiting: dict[tuple[str, str], list[int]] = {}
    for old, section in enumerate(known):
        waiting.setdefault((section.heading, section.text), []).append(old)
    pairs: dict[int, int] = {}
    for place, told in enumerate(now):
        if waiting.get(told):
            pairs[place] = waiting[told].pop(0)
    return pairs


def _by_likeness(known: Sequence[KnownSection], now: _Now, found: dict[int, int]) -> dict[int, int]:
    """The most alike first; of equals, those that stand nearest to where they stood."""
    fresh, lost = _left(len(now), found), _left(len(known), found.values())
    if len(fresh) * len(lost) > _MOST_PAIRS:
        return {}
    before = {old: _pairs_of_words(known[old].text) for old in lost}
    after = {place: _pairs_of_words(now[place][1]) for place in fresh}
    scores = [
        (-_score(known[old], now[place], before[old], after[place]), place, old)
        for place in fresh
        for old in lost
    ]
    pairs: dict[int, int] = {}
    for score, place, old in sorted(scores, key=lambda each: (each[0], abs(each[1] - each[2]))):
        if -score >= _ENOUGH and place not in pairs and old not in pairs.values():
            pairs[place] = old
    return pairs


def _score(known: KnownSection, now: tuple[str, str], before: _Words, after: _Words) -> float:
    heading, text = now
    same = _SAME_HEADING if heading and _slug(heading) == _slug(known.heading) else 0
    if text and text == known.text:
        return same + 1
    both = before.total() + after.total()
    return same + (2 * (before & after).total() / both if both else 0)


def _by_place(known: Sequence[KnownSection], now: _Now, found: dict[int, int]) -> dict[int, int]:
    """As many new ones as miss between two neighbours that are known: the same, rewritten."""
    pairs: dict[int, int] = {}
    used = set(found.values())
    borders = [(-1, -1), *sorted(found.items()), (len(now), len(known))]
    for (place, old), (next_place, next_old) in pairwise(borders):
        fresh = range(place + 1, next_place)
        between = range(old + 1, next_old)
        lost = [each for each in between if each not in used and not known[each].out]
        if len(fresh) == len(lost):
            pairs |= dict(zip(fresh, lost, strict=True))
    return pairs


def _left(count: int, used: Iterable[int]) -> list[int]:
    taken = set(used)
    return [each for each in range(count) if each not in taken]


def _pairs_of_words(text: str) -> _Words:
    words = re.findall(r"\w+", text.casefold())
    return Counter(zip(["", *words], words, strict=False))


def _new_key(heading: str, taken: set[str]) -> str:
    return next(key for key in _keys(_slug(heading) or "section") if key not in taken)


def _keys(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _slug(heading: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", heading.casefold()))[:_LONGEST_KEY].strip("-")
