"""The numbers that an OpenDocument text draws stand in no paragraph: they are counted here."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.stages.read.opendocument.styles import Styles
from pipeline.stages.read.word.numbering import written
from pipeline.stages.read.word.xml import Element, attribute, local, whole
from pipeline.stages.read.writer import BULLET

_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = 10


@dataclass
class _Counts:
    """How far each level of a list has counted."""

    levels: dict[int, Element]
    numbers: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)

    def drawn(self, depth: int, start: int | None) -> str:
        """Count on, and give the number or bullet before the paragraph, or ""."""
        level = self.levels.get(depth)
        if level is None:
            return ""
        if local(level) != "list-level-style-number":
            return BULLET if local(level) == "list-level-style-bullet" else ""
        before = self.numbers[depth]
        first = whole(attribute(level, "start-value"), 1)
        self.numbers[depth] = (
            start if start is not None else first if before is None else before + 1
        )
        self.numbers[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        return self._written(level, depth)

    def _written(self, level: Element, depth: int) -> str:
        shown = min(max(whole(attribute(level, "display-levels"), 1), 1), depth + 1)
        numbers = ".".join(self._numbers(range(depth - shown + 1, depth + 1)))
        if not numbers:
            return ""
        return f"{attribute(level, 'num-prefix')}{numbers}{attribute(level, 'num-suffix')}".strip()

    def _numbers(self, depths: range) -> Iterator[str]:
        for depth in depths:
            level = self.levels.get(depth)
            form = attribute(level, "num-format")
            number = self.numbers[depth]
            if form:
                yield written(_FORMS.get(form, form), _first(level) if number is None else number)


class Lists:
    """Counts the items of all lists, and the headings, in their order."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._open: list[_Counts] = []
        self._last: dict[str, _Counts] = {}
        self._ids: dict[str, _Counts] = {}
        self._outline = _Counts(dict(_levels(styles.outline)))

    def enter(self, element: Element) -> None:
        """A list begins: it counts with the one around it, goes on with another, or starts anew."""
        name = attribute(element, "style-name")
        known = self._ids.get(attribute(element, "continue-list"))
        if known is None and attribute(element, "continue-numbering") == "true":
            known = self._last.get(name)
        if known is None and self._open and not name:
            known = self._open[-1]
        if known is None and self._open and self._open[-1] is self._last.get(name):
            known = self._open[-1]
        counts = known or _Counts(dict(_levels(self._styles.lists.get(name))))
        self._open.append(counts)
        self._last[name] = counts
        if attribute(element, "id"):
            self._ids[attribute(element, "id")] = counts

    def leave(self) -> None:
        """A list ends."""
        self._open.pop()

    def item(self, start: str) -> tuple[str, int]:
        """The mark before the first paragraph of an item, and its depth from 0."""
        depth = min(len(self._open), _LEVELS) - 1
        return self._open[-1].drawn(depth, whole(start, 0) if start else None) or BULLET, depth

    def heading(self, level: int) -> str:
        """The number before a heading in no list, or ""."""
        return self._outline.drawn(level - 1, None)


def _first(level: Element | None) -> int:
    return whole(attribute(level, "start-value"), 1)


def _levels(style: Element | None) -> Iterator[tuple[int, Element]]:
    for level in () if style is None else style:
        depth = whole(attribute(level, "level"), 0) - 1
        if 0 <= depth < _LEVELS:
            yield depth, level
