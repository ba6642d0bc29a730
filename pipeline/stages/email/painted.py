"""How the words of a finished email are painted: ink, ground, size, and whether they can be seen.

The colours a reader meets are inherited and laid over each other, so each run of words is followed
down from the page, once in the light scheme and once in the dark. Nothing is fetched: a background
picture counts for nothing, for many programs do not load it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from pipeline.stages.design.colours import BLACK, WHITE, Colour, contrast, mix
from pipeline.stages.email.lengths import font_size, laid, pixels
from pipeline.stages.email.styles import Place, Sheets, StyleRule, declared, sheet

Style = dict[str, str]

_SILENT = frozenset({"head", "script", "style", "title", "template", "noscript"})
_HEADINGS: Mapping[str, str] = {
    "h1": "2em",
    "h2": "1.5em",
    "h3": "1.17em",
    "h4": "1em",
    "h5": ".83em",
    "h6": ".67em",
}
_SIZES = {**_HEADINGS, "small": "smaller", "sub": "smaller", "sup": "smaller", "big": "larger"}
_BOLD = frozenset({"b", "strong", "th", *_HEADINGS})
# The attributes that tell how an element looks.
_TELLING = frozenset({"style", "bgcolor", "color", "hidden", "aria-hidden", "class", "id"})
_LINK, _DARK_CANVAS = "#0000ee", "#121212"
# Nobody sees what stands this far off, is this small or this faint, or so like its ground.
_OFF, _TINY, _FAINT, _ALIKE = -500, 1, 0.1, 1.1


_CLIPPED = re.compile(r"rect\((?:[01](?:px)?[\s,]*){4}\)|inset\((?:50|100)%\)|circle\(0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """How words look in one scheme.

    Attributes:
        ink: Their colour as it is seen, opacity and all.
        size: In CSS pixels.
        hidden: What hides them, or "".
    """

    ink: Colour = BLACK
    ground: Colour = WHITE
    size: float = 16
    bold: bool = False
    opacity: float = 1
    hidden: str = ""

    @property
    def contrast(self) -> float:
        """The contrast ratio of ink and ground, from 1 to 21."""
        return contrast(self.ink, self.ground)


@dataclass(frozen=True, slots=True)
class Painted:
    """A run of words and how it is painted.

    Attributes:
        dark: In the dark scheme, or None if the email has no colours of its own for it.
        decoration: True if it is kept from screen readers (``aria-hidden``).
    """

    text: str
    light: Paint
    dark: Paint | None
    decoration: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Spot:
    """An element of a page: where it stands, and how the words in it look."""

    sheets: Sheets
    place: Place
    look: Painted


@lru_cache(maxsize=32)
def painted(html: str) -> tuple[Painted, ...]:
    """Every run of words in a finished email, in order; what says nothing is left out."""
    # A lone surrogate is another rule's to find; here it only must not stop the reading.
    text = html.encode(errors="replace").replace(b"\x00", b"")
    root = etree.fromstring(text, etree.HTMLParser(encoding="utf-8")) if text.strip() else None
    if root is None:
        # There is nothing in it but comments.
        return ()
    rules = tuple(rule for element in root.iter("style") for rule in _sheet(element))
    return tuple(_walk(root, _canvas(rules)))


def _sheet(element: etree._Element) -> tuple[StyleRule, ...]:
    media, css = (element.get("media") or "").strip(), element.text or ""
    return sheet(f"@media {media} {{{css}}}" if media else css)


@lru_cache(maxsize=64)
def _canvas(rules: tuple[StyleRule, ...]) -> _Spot:
    """The page itself; letters of one design and one brand have the same."""
    dark = Paint(ink=WHITE, ground=_laid(_DARK_CANVAS)) if any(r.dark for r in rules) else None
    return _Spot(Sheets(rules), Place(), Painted("", Paint(), dark, decoration=False))


def _laid(value: str) -> Colour:
    return laid(value, WHITE) or WHITE


def _walk(root: etree._Element, canvas: _Spot) -> Iterator[Painted]:
    """Down through the page: each element looks like the one around it, but for its own style."""
    around = [canvas]
    steps = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in steps:
        text = element.tail
        if event == "start":
            text = element.text
            telling = tuple([said for said in element.items() if said[0] in _TELLING])
            around.append(_inside(around[-1], str(element.tag), telling))
            if element.tag in _SILENT:
                steps.skip_subtree()
                continue
        elif event == "end":
            around.pop()
        if text:
            yield from _words(text, around[-1])


def _words(text: str, spot: _Spot) -> Iterator[Painted]:
    if any(map(str.isalnum, text)):
        yield Painted(" ".join(text.split()), *_seen_in(spot), spot.look.decoration)


@lru_cache(maxsize=4096)
def _seen_in(spot: _Spot) -> tuple[Paint, Paint | None]:
    """The paint of the words in an element, in the light scheme and in the dark."""
    return _seen(spot.look.light), _seen(spot.look.dark) if spot.look.dark else None


@lru_cache(maxsize=1024)
def _seen(paint: Paint) -> Paint:
    """The paint of the words themselves: what hides no child of an element may hide its words."""
    ink = mix(paint.ground, paint.ink, paint.opacity)
    hidden = paint.hidden
    if not hidden and paint.opacity < _FAINT:
        hidden = "opacity"
    if not hidden and paint.size <= _TINY:
        hidden = "font-size"
    if not hidden and contrast(ink, paint.ground) < _ALIKE:
        hidden = "the colour of its ground"
    return replace(paint, ink=ink, hidden=hidden)


@lru_cache(maxsize=4096)
def _inside(outer: _Spot, tag: str, telling: tuple[tuple[str, str], ...]) -> _Spot:
    """What an element is. Letters hold the same few in the same places over and over."""
    attributes = dict(telling)
    place = outer.place.inner(tag, attributes)
    return _Spot(
        outer.sheets, place, _look(tag, attributes, outer.sheets.holding(place), outer.look)
    )


def _look(
    tag: str, attributes: Mapping[str, str], rules: Sequence[StyleRule], outer: Painted
) -> Painted:
    own, inline = _own_style(attributes, tag), declared(attributes.get("style", ""))
    decoration = outer.decoration or attributes.get("aria-hidden") == "true"
    if not (rules or own or inline):
        return replace(outer, decoration=decoration)
    light = _cascade(own, [rule for rule in rules if not rule.dark], inline)
    if outer.dark is None:
        return Painted("", _paint(light, outer.light), None, decoration)
    dark = _cascade(own, rules, inline) if any(rule.dark for rule in rules) else light
    return Painted("", _paint(light, outer.light), _paint(dark, outer.dark), decoration)


def _own_style(attributes: Mapping[str, str], tag: str) -> Style:
    """What the element's name and attributes say by themselves."""
    style: Style = {}
    if tag in _SIZES:
        style["font-size"] = _SIZES[tag]
    if tag in _BOLD:
        style["font-weight"] = "bold"
    if tag == "a":
        style["color"] = _LINK
    for name, said in (("bgcolor", "background"), ("color", "color")):
        if name in attributes:
            style[said] = attributes[name].lower()
    if "hidden" in attributes:
        style["display"] = "none"
    return style


def _cascade(
    own: Style, rules: Sequence[StyleRule], inline: tuple[tuple[str, str, bool], ...]
) -> Style:
    """One value for each property: of the rules, which come by weight, the last one wins."""
    if not rules:
        return {**own, **{_short(name): value for name, value, _ in inline}} if inline else own
    said = [rule.declarations for rule in rules]
    style = dict(own)
    for important in (False, True):
        for declarations in (*said, inline):
            style |= {_short(n): value for n, value, strong in declarations if strong == important}
    return style


def _short(name: str) -> str:
    return "background" if name == "background-color" else name


def _paint(style: Style, outer: Paint) -> Paint:
    ground = laid(style.get("background", ""), outer.ground) or outer.ground
    size = outer.size
    if "font-size" in style or "font" in style:
        size = font_size(style.get("font-size") or style["font"], size)
    return Paint(
        ink=laid(style.get("color", ""), ground) or outer.ink,
        ground=ground,
        size=size,
        bold=_bold(style, outer),
        opacity=outer.opacity * _share(style["opacity"]) if "opacity" in style else outer.opacity,
        hidden=outer.hidden or _hides(style, size),
    )


def _bold(style: Style, outer: Paint) -> bool:
    weight = style.get("font-weight") or style.get("font", "")
    found = re.search(r"\b(bold|bolder|normal|lighter|[1-9]00)\b", weight)
    if not found:
        return outer.bold
    return found[1] in ("bold", "bolder") or (found[1].isdigit() and int(found[1]) >= 700)


def _share(value: str) -> float:
    found = pixels(value, 1)
    return 1 if found is None else min(max(found, 0), 1)


def _hides(style: Style, size: float) -> str:
    """What hides an element and everything in it, or ""."""
    if style.get("display") == "none":
        return "display: none"
    if style.get("visibility") in ("hidden", "collapse"):
        return "visibility"
    if style.get("overflow") == "hidden" and _closed(style, size):
        return "overflow: hidden"
    moved: tuple[str, ...] = (
        ("left", "top") if style.get("position") in ("absolute", "fixed") else ()
    )
    for name in ("text-indent", "margin-left", "margin-top", *moved):
        if name in style and (pixels(style[name], size) or 0) <= _OFF:
            return name
    clipped = style.get("clip", "") + style.get("clip-path", "")
    return "clip" if clipped and _CLIPPED.match(clipped) else ""


def _closed(style: Style, size: float) -> bool:
    lengths = (style.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    return any((found := pixels(value, size)) is not None and found <= _TINY for value in lengths)
