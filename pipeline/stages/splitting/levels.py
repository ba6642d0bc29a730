"""How deep each heading stands, where a format does not say it.

An author who types headings shows their depth by what he does: larger letters, capitals, numbers
inside numbers, numbers under a heading that begin again, the same small heading again and again.
Where nothing of that kind is sure, headings stand side by side.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.stages.splitting.action import names_action
from pipeline.stages.splitting.closing import names_disclaimer, names_references
from pipeline.stages.splitting.numbering import Numbering, numbering
from pipeline.stages.splitting.phrases import WHOLES
from pipeline.values import Line, plain

# So many other headings show that a run of numbers is a part of one of them.
_MANY = 3
_SURE = 2
_COUNTS = {
    2: ("two", "dos", "두"),
    3: ("three", "tres", "세"),
    4: ("four", "cuatro", "네"),
    5: ("five", "cinco", "다섯"),
    6: ("six", "seis", "여섯"),
    7: ("seven", "siete", "일곱"),
}
_LARGER = 1.1
_ACRONYM = 4


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading: its text, its number, the size of its letters, whether text stands under it."""

    text: str
    number: Numbering | None
    size: float
    bare: bool

    @property
    def closes(self) -> bool:
        """Whether it names a part that is no text of the article: it stands in no other part."""
        text = self.text
        return names_references(text) or names_disclaimer(text) or names_action(text)

    @property
    def ends(self) -> bool:
        """Whether it is one of those an article ends with."""
        return self.closes or WHOLES["usual heading"].fullmatch(self.text) is not None


def levelled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with the level of each heading."""
    places = [place for place, line in enumerate(lines) if line.kind == "heading"]
    if len(places) < _MANY:
        return tuple(lines)
    found = [_heading(lines, place) for place in places]
    made = list(lines)
    for place, level in zip(places, _levels(found), strict=True):
        made[place] = replace(made[place], level=level)
    return tuple(made)


def _heading(lines: Sequence[Line], place: int) -> _Heading:
    text = plain(lines[place].text)
    bare = place + 1 < len(lines) and lines[place + 1].kind == "heading"
    return _Heading(text, numbering(text), lines[place].size, bare)


def _levels(headings: Sequence[_Heading]) -> list[int]:
    """The level of each heading by the first sign that tells any of them apart."""
    for sign in _SIGNS:
        depths = [int(depth) for depth in sign(headings)]
        # The first heading never stands below one that is not there.
        if depths and min(depths) < max(depths) and depths[0] == min(depths):
            pairs = zip(headings, depths, strict=True)
            return [1 if heading.closes else 1 + depth - depths[0] for heading, depth in pairs]
    return [1] * len(headings)


def _by_size(headings: Sequence[_Heading]) -> list[int]:
    """Larger letters stand above smaller ones."""
    sizes: list[float] = []
    for size in sorted({heading.size for heading in headings}, reverse=True):
        if not sizes or size * _LARGER < sizes[-1]:
            sizes.append(size)
    return [sum(heading.size < size / _LARGER for size in sizes) for heading in headings]


def _by_points(headings: Sequence[_Heading]) -> list[bool]:
    """1.1 stands under 1."""
    return [heading.number is not None and heading.number.form == "dotted" for heading in headings]


def _by_capitals(headings: Sequence[_Heading]) -> list[bool]:
    capitals = [_is_shouted(heading.text) for heading in headings]
    return [not each for each in capitals] if sum(capitals) > 1 else []


def _is_shouted(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > _ACRONYM


def _by_runs(headings: Sequence[_Heading]) -> list[bool]:
    """Numbers under headings, or headings between numbers."""
    counted = [heading.number is not None for heading in headings]
    first, last = _ends(counted)
    if first == last:
        return []
    between = {place for place in range(first, last) if not counted[place]}
    if _begin_again(headings):
        return counted
    if between:
        return [place in between for place in range(len(headings))]
    others = sum(heading.number is None and not heading.ends for heading in headings)
    if first == 0:
        return []
    announced = _announces(headings[first - 1].text, last - first + 1)
    return counted if announced or (first >= _SURE and others >= _MANY) else []


def _announces(text: str, count: int) -> bool:
    """Whether a heading says how many are to come: "Three tips for tired feet"."""
    first = text.casefold().split(maxsplit=1)[0]
    return first in (str(count), *_COUNTS.get(count, ()))


def _ends(counted: Sequence[bool]) -> tuple[int, int]:
    places = [place for place, each in enumerate(counted) if each]
    return (places[0], places[-1]) if places else (0, 0)


def _begin_again(headings: Sequence[_Heading]) -> bool:
    """Whether numbers of one form begin again under another heading."""
    ones = [place for place, heading in enumerate(headings) if _value(heading) == 1]
    return len(ones) > 1 and all(place > 0 and headings[place - 1].number is None for place in ones)


def _value(heading: _Heading) -> int:
    return heading.number.value if heading.number else 0


def _by_echo(headings: Sequence[_Heading]) -> list[bool]:
    """What comes again and again stands under what does not."""
    count = Counter(heading.text.casefold() for heading in headings)
    return [count[heading.text.casefold()] > 1 for heading in headings]


def _by_bareness(headings: Sequence[_Heading]) -> list[bool]:
    """Headings right above a heading stand above the others; one may be a mistake."""
    bare = [heading.bare for heading in headings]
    if sum(bare) < _SURE:
        return []
    first = bare.index(True)
    return [
        place > first and not (heading.bare or heading.ends)
        for place, heading in enumerate(headings)
    ]


_SIGNS: tuple[Callable[[Sequence[_Heading]], Sequence[int]], ...] = (
    _by_size,
    _by_points,
    _by_capitals,
    _by_runs,
    _by_echo,
    _by_bareness,
)
