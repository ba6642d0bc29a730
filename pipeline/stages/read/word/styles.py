"""The styles of a Word file: what a paragraph or a run gets from the style it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.stages.read.word.xml import (
    Element,
    attribute,
    child,
    children,
    switch,
    value,
    whole,
)

# Points, where a file says nothing.
_SIZE = 10.0
_DEEPEST = 6
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_CODE_FONTS = re.compile(
    r"courier|consolas|menlo|monaco|lucida console|monospace|\bmono\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks: ``size`` in points."""

    bold: bool
    italic: bool
    code: bool
    hidden: bool
    size: float


class Styles:
    """The styles by their ids. A style that stands on itself ends there."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {attribute(style, "styleId"): style for style in children(root, "style")}
        self._defaults = child(root, "docDefaults", "rPrDefault", "rPr")
        self._looks: dict[tuple[str, bytes], Look] = {}
        self._usual = next(
            (
                key
                for key, style in self._styles.items()
                if attribute(style, "type") == "paragraph"
                and attribute(style, "default") in ("1", "true", "on")
            ),
            "",
        )

    def name(self, style: str) -> str:
        """The name of a style in small letters; built-in names are English in every language."""
        return (value(self._styles.get(style), "name") or style).lower()

    def names(self, style: str) -> list[str]:
        """The names of a style and of those it stands on."""
        return [self.name(key) for key in self._chain(style or self._usual)]

    def level(self, properties: Element | None) -> int:
        """The heading level 1-6 that a paragraph's properties declare, or 0."""
        style = value(properties, "pStyle")
        said = [value(properties, "outlineLvl")]
        for key in self._chain(style):
            said.append(value(child(self._styles.get(key), "pPr"), "outlineLvl"))
            found = _HEADING.fullmatch(self.name(key))
            said.append(str(int(found[1]) - 1) if found else "")
            if self.name(key) == "title":
                said.append("0")
        level = whole(next((level for level in said if level), ""), 9)
        return min(level + 1, _DEEPEST) if 0 <= level < 9 else 0

    def numbering(self, properties: Element | None) -> tuple[str, str, str]:
        """The list a paragraph is in: the id or "", its level as written, the style that says it.

        A paragraph may name the list and leave the level to its style, or the reverse.
        """
        chain = self._chain(value(properties, "pStyle"))
        said = [("", child(properties, "numPr"))]
        said += [(key, child(self._styles.get(key), "pPr", "numPr")) for key in chain]
        told = next(((key, own) for key, own in said if value(own, "numId")), ("", None))
        levels = [value(own, "ilvl") for _, own in said]
        return value(told[1], "numId"), next((level for level in levels if level), ""), told[0]

    def list_of(self, style: str) -> str:
        """The list that a numbering style names, or ""."""
        return value(self._styles.get(style), "pPr", "numPr", "numId")

    def look(self, paragraph: str, run: Element | None) -> Look:
        """How a run looks in a paragraph of this style.

        What the run itself says wins; what a paragraph style and a character style both switch on,
        they switch off, as Word does it.
        """
        # A long article has a handful of looks.
        key = paragraph, b"" if run is None else etree.tostring(run, with_tail=False)
        if key not in self._looks:
            self._looks[key] = self._look(paragraph, run)
        return self._looks[key]

    def _look(self, paragraph: str, run: Element | None) -> Look:
        inner = [child(self._styles.get(key), "rPr") for key in self._chain(value(run, "rStyle"))]
        outer = [
            child(self._styles.get(key), "rPr") for key in self._chain(paragraph or self._usual)
        ]
        every = [run, *inner, *outer, self._defaults]
        size = next((size for size in (value(own, "sz") for own in every) if size), "")
        return Look(
            bold=_toggled(run, inner, [*outer, self._defaults], "b"),
            italic=_toggled(run, inner, [*outer, self._defaults], "i"),
            code=any(_CODE_FONTS.search(_font(own)) for own in every[:-1]),
            hidden=_toggled(run, inner, outer, "vanish"),
            size=whole(size, int(_SIZE * 2)) / 2,
        )

    def _chain(self, style: str) -> Iterator[str]:
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            yield style
            style = value(self._styles.get(style), "basedOn")


def _toggled(
    run: Element | None, inner: list[Element | None], outer: list[Element | None], name: str
) -> bool:
    said = switch(run, name)
    return (_first(inner, name) ^ _first(outer, name)) if said is None else said


def _first(every: list[Element | None], name: str) -> bool:
    """What the first of these properties says of a switch; off if none does."""
    said = (switch(own, name) for own in every)
    return next((on for on in said if on is not None), False)


def _font(properties: Element | None) -> str:
    return attribute(child(properties, "rFonts"), "ascii")
