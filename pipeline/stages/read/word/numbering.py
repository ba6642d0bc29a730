"""The numbers that Word draws before paragraphs stand in no text: they are counted here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.stages.read.word.styles import Styles
from pipeline.stages.read.word.xml import Element, attribute, child, children, value, whole
from pipeline.stages.read.writer import BULLET

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_GANADA = "가나다라마바사아자차카타파하"


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: its first number, how it is written, what stands around it."""

    start: int
    form: str
    pattern: str
    plain: bool


@dataclass
class _List:
    """A list as one ``w:num`` sees it; lists of one abstract definition count together."""

    counts: list[int | None]
    levels: dict[int, _Level]
    styles: dict[str, int]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs in their order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {
            attribute(own, "abstractNumId"): own for own in children(root, "abstractNum")
        }
        self._numbers = {attribute(own, "numId"): own for own in children(root, "num")}
        self._counts: dict[str, list[int | None]] = {}
        self._lists: dict[str, _List | None] = {}

    def mark(self, properties: Element | None) -> tuple[str, int]:
        """The mark before a paragraph with these properties, and its depth from 0.

        The mark is "-" for a bullet, "1." or "IV)" as Word writes it, or "" if there is none.
        """
        number, said, style = self._styles.numbering(properties)
        if number not in self._lists:
            self._lists[number] = self._list(number)
        found = self._lists[number]
        if found is None:
            return "", 0
        depth = min(max(whole(said, found.styles.get(style, 0)), 0), _LEVELS - 1)
        return _counted(found, depth), depth

    def _list(self, number: str) -> _List | None:
        own = self._numbers.get(number)
        key = value(own, "abstractNumId")
        abstract = self._abstract.get(key)
        link = value(abstract, "numStyleLink")
        if link:
            key = value(self._numbers.get(self._styles.list_of(link)), "abstractNumId")
            abstract = self._abstract.get(key)
        if abstract is None:
            return None
        made = _List(
            counts=self._counts.setdefault(key, [None] * _LEVELS),
            levels=dict(_level(level) for level in children(abstract, "lvl")),
            styles={value(lvl, "pStyle"): _depth(lvl) for lvl in children(abstract, "lvl")}
            | {"": 0},
        )
        for override in children(own, "lvlOverride"):
            for level in children(override, "lvl"):
                made.levels.update([_level(level)])
            start = value(override, "startOverride")
            if start:
                made.restarts[_depth(override)] = whole(start, 1)
        return made


def _depth(element: Element) -> int:
    return whole(attribute(element, "ilvl"), 0)


def _level(element: Element) -> tuple[int, _Level]:
    return _depth(element), _Level(
        start=whole(value(element, "start"), 0),
        form=value(element, "numFmt") or "decimal",
        pattern=value(element, "lvlText"),
        plain=child(element, "isLgl") is not None,
    )


def _counted(found: _List, depth: int) -> str:
    level = found.levels.get(depth)
    if level is None:
        return ""
    counts = found.counts
    before = counts[depth]
    counts[depth] = level.start if before is None else before + 1
    if depth in found.restarts:
        counts[depth] = found.restarts.pop(depth)
    counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
    if level.form == "bullet":
        return BULLET
    return _PLACE.sub(lambda place: _shown(found, int(place[1]) - 1, level), level.pattern).strip()


def _shown(found: _List, depth: int, level: _Level) -> str:
    own = found.levels.get(depth, level)
    count = found.counts[depth]
    form = "decimal" if level.plain else own.form
    return written(form, own.start if count is None else count)


def written(form: str, number: int) -> str:
    """A number in one of Word's forms; one it has no letters for stays in digits."""
    return _FORMS.get(form, str)(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for amount, letters in _ROMAN:
        written += letters * (number // amount)
        number %= amount
    return written


def _letters(number: int) -> str:
    """One letter, then doubled: z is followed by aa, bb."""
    if not 0 < number <= 26 * 9:
        return str(number)
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def _one_of(letters: str) -> Callable[[int], str]:
    return lambda number: letters[number - 1] if 0 < number <= len(letters) else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
    "decimalEnclosedCircle": _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "ganada": _one_of(_GANADA),
    "none": lambda _: "",
}
