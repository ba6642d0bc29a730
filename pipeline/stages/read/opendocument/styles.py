"""The styles of an OpenDocument text: what a paragraph or a span gets from the style it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.stages.read.word.xml import Element, attribute, child, children

# Points, where a file says nothing.
_SIZE = 12.0
_LENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*(pt|in|cm|mm|px|%)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75}
_CODE_FONTS = re.compile(r"courier|consolas|menlo|monaco|liberation mono|\bmono\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: ``size`` in points."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    hidden: bool = False
    size: float = _SIZE


class Styles:
    """The styles of ``content.xml`` and ``styles.xml`` by family and name."""

    def __init__(self, *roots: Element | None) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._defaults: dict[str, Element] = {}
        self.lists: dict[str, Element] = {}
        self.outline: Element | None = None
        for root in roots:
            for part in ("styles", "automatic-styles"):
                self._take(child(root, part))

    def _take(self, part: Element | None) -> None:
        for style in children(part, "style"):
            self._styles[attribute(style, "family"), attribute(style, "name")] = style
        for style in children(part, "default-style"):
            self._defaults[attribute(style, "family")] = style
        for style in children(part, "list-style"):
            self.lists[attribute(style, "name")] = style
        self.outline = next(children(part, "outline-style"), self.outline)

    def names(self, paragraph: str) -> set[str]:
        """The names of a paragraph's style and of those it stands on, as people see them."""
        return {
            (attribute(style, "display-name") or attribute(style, "name")).replace("_20_", " ")
            for style in self._chain("paragraph", paragraph)
        }

    def paragraph(self, name: str) -> Look:
        """How a paragraph of this style looks."""
        chain = [*self._chain("paragraph", name), self._defaults.get("paragraph")]
        return self._looked(Look(), chain)

    def span(self, around: Look, name: str) -> Look:
        """How a span of this style looks inside of another look."""
        return self._looked(around, list(self._chain("text", name)))

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        """A style and those it stands on; one that stands on itself ends there."""
        seen: set[str] = set()
        while name not in seen and (family, name) in self._styles:
            seen.add(name)
            style = self._styles[family, name]
            yield style
            name = attribute(style, "parent-style-name")

    def _looked(self, look: Look, chain: list[Element | None]) -> Look:
        """The look with what each style says, the innermost last."""
        for style in reversed(chain):
            properties = child(style, "text-properties")
            if properties is not None:
                look = _with(look, properties)
        return look


def _with(look: Look, properties: Element) -> Look:
    weight, slant = attribute(properties, "font-weight"), attribute(properties, "font-style")
    if weight:
        heavy = int(weight) >= 600 if weight.isdecimal() and len(weight) < 5 else weight == "bold"
        look = replace(look, bold=heavy)
    if slant:
        look = replace(look, italic=slant in ("italic", "oblique"))
    font = attribute(properties, "font-name") or attribute(properties, "font-family")
    if font:
        look = replace(look, code=_CODE_FONTS.search(font) is not None)
    shown = attribute(properties, "display")
    if shown:
        look = replace(look, hidden=shown == "none")
    return replace(look, size=_size(look.size, attribute(properties, "font-size")))


def _size(around: float, said: str) -> float:
    """A size in points; one in percent is of the size around it."""
    found = _LENGTH.fullmatch(said)
    if found is None:
        return around
    number = float(found[1])
    return around * number / 100 if found[2] == "%" else number * _POINTS[found[2]]
