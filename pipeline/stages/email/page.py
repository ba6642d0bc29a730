"""What a finished HTML email shows, links and loads: the one place that reads it.

Nothing is fetched. What stands in Outlook's conditional comments counts as loaded: Outlook does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
_INLINE = frozenset({"a", "b", "code", "em", "i", "span", "strong", "sub", "sup", "u", "wbr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"head", "script", "style", "title"})
# "data" is what an <object> loads; data-* attributes have longer names.
_LOADING = ("src", "srcset", "background", "poster", "data")
_STYLE_LOADS = re.compile(r"""(?:url\(\s*|@import\s+)['"]?(?!url\()([^'")\s;]+)""", re.IGNORECASE)
_COMMENT_LOADS = re.compile(r"""\b(?:src|background)\s*=\s*["']([^"']+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

# What every parser reads alike, so that it can be read at once: words; tags in small letters with
# whole attributes, but of no element whose content is no markup; comments without dashes; a style
# sheet without a tag in it. Behind anything else the parser goes on by itself.
_ATTRIBUTE = re.compile(r""" ([a-z][a-z:-]*)="([^"]*)\"""")
_ATTRIBUTES = r"""(?: [a-z][a-z:-]*="[^"]*")*"""
_PLAIN = re.compile(
    r"<!DOCTYPE html>|([^<]+)"
    r"|(<(?:a|b|blockquote|body|br|code|div|em|h[1-6]|head|hr|html|i|img|li|meta|ol|p|small|span"
    rf"|strong|su[bp]|table|tbody|td|th|thead|tr|u|ul){_ATTRIBUTES} ?/?>|<title>(?=[^<]*</title>))"
    r"|</([a-z][a-z0-9]*)>"
    r"|<!--([^>-][^-]*(?:-(?!-)[^-]*)*)-->"
    rf"|(<style{_ATTRIBUTES}>)([^<]*)</style>"
    r"|(.+)",
    re.DOTALL,
)

Attributes = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Link:
    """A link a reader can see."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image; ``alt`` is None if it has no such attribute."""

    source: str
    alt: str | None
    decorative: bool
    width: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading a reader can see, and its level from 1 to 6."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What there is in an HTML email.

    Attributes:
        text: What a reader sees, alternative texts included, in order; hidden text is left out.
        loads: Every address that opening it asks for.
        elements: The names of its elements, in lower case.
        handlers: The names of its ``on…`` attributes.
    """

    text: str
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    headings: tuple[Heading, ...]
    loads: tuple[str, ...]
    elements: frozenset[str]
    handlers: tuple[str, ...]


@lru_cache(maxsize=32)
def page(html: str) -> Page:
    """Read a finished HTML email."""
    reader = _Reader()
    reader.read(html)
    return Page(
        text="".join(reader.text),
        links=tuple(reader.links),
        images=tuple(reader.images),
        headings=tuple(reader.headings),
        loads=tuple(reader.loads),
        elements=frozenset(reader.elements),
        handlers=tuple(reader.handlers),
    )


@dataclass(frozen=True, slots=True)
class _Tag:
    """A start tag and what it says, whatever letter it stands in.

    Attributes:
        loads: The addresses it asks for.
        hides: Whether what stands in it is not shown.
    """

    name: str
    values: Mapping[str, str]
    loads: tuple[str, ...]
    handlers: tuple[str, ...]
    hides: bool


def _tag(name: str, attributes: Attributes) -> _Tag:
    values = {name: value or "" for name, value in attributes}
    style = values.get("style", "")
    loads = [values[name] for name in _LOADING if values.get(name)] + _STYLE_LOADS.findall(style)
    if name == "link" and values.get("href"):
        loads.append(values["href"])
    handlers = tuple(name for name, _ in attributes if name.startswith("on"))
    return _Tag(
        name, values, tuple(loads), handlers, name in _SILENT or bool(_HIDDEN.search(style))
    )


@lru_cache(maxsize=4096)
def _plain_tag(written: str) -> _Tag:
    """A plain tag, taken apart. Letters hold the same few over and over."""
    attributes: Attributes = [
        (name, unescape(value)) for name, value in _ATTRIBUTE.findall(written)
    ]
    return _tag(written[1:].partition(" ")[0].rstrip("/>"), attributes)


@lru_cache(maxsize=4096)
def _loads_of_comment(comment: str) -> tuple[str, ...]:
    """What Outlook loads for a comment of its own; letters hold the same few over and over."""
    return (*_COMMENT_LOADS.findall(comment), *_STYLE_LOADS.findall(comment))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.headings: list[Heading] = []
        self.loads: list[str] = []
        self.elements: set[str] = set()
        self.handlers: list[str] = []
        self._open: list[tuple[str, bool]] = []
        # Whether the innermost of them, and so what comes next, is not shown.
        self._silent = False
        self._link: tuple[str, int] | None = None
        self._heading = 0

    def updatepos(self, i: int, j: int) -> int:  # noqa: ARG002 (as the parser calls it)
        """Nobody asks for lines, and counting them takes a sixth of the time."""
        return j

    def read(self, html: str) -> None:
        """Read a whole page; call it once."""
        for words, begin, end, comment, style, sheet, rest in _PLAIN.findall(html):
            if words:
                self.handle_data(unescape(words))
            elif begin:
                tag = _plain_tag(begin)
                self._begin(tag)
                if begin.endswith("/>"):
                    self.handle_endtag(tag.name)
            elif end:
                self.handle_endtag(end)
            elif comment:
                self.handle_comment(comment)
            elif style:
                self._begin(_plain_tag(style))
                self.handle_data(sheet)
                self.handle_endtag("style")
            elif rest:
                self.feed(rest)
        self.close()

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: ARG002
        """What begins with ``<![`` is a comment to browsers; the parser stumbles over most."""
        return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._begin(_tag(tag, attrs))

    def _begin(self, tag: _Tag) -> None:
        self.elements.add(tag.name)
        if tag.handlers:
            self.handlers += tag.handlers
        if tag.loads:
            self.loads += tag.loads
        # A void element has no end tag, so it must not stay open.
        if tag.name not in _VOID:
            self._silent = self._silent or tag.hides
            self._open.append((tag.name, self._silent))
        self._part(tag.name)
        if tag.name == "img":
            self._note_image(tag.values)
        if tag.name == "a" and "href" in tag.values and not self._silent:
            self._link = (tag.values["href"], len(self.text))
        if tag.name in _HEADINGS:
            self._heading = len(self.text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            href, since = self._link
            self.links.append(Link(href, "".join(self.text[since:]).strip()))
            self._link = None
        if tag in _HEADINGS and not self._silent:
            said = " ".join("".join(self.text[self._heading :]).split())
            self.headings.append(Heading(int(tag[1]), said))
        self._part(tag)
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        # A close tag that was never opened closes nothing, as in a browser.
        elif tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass
        self._silent = bool(self._open) and self._open[-1][1]

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self.loads += _STYLE_LOADS.findall(data)
        elif not self._silent:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.loads += _loads_of_comment(data)

    def _part(self, tag: str) -> None:
        if tag not in _INLINE and not self._silent:
            self.text.append("\n")

    def _note_image(self, values: Mapping[str, str]) -> None:
        alt = values.get("alt")
        decorative = values.get("role") in ("presentation", "none")
        width = values.get("width", "")
        self.images.append(Image(values.get("src", ""), alt, decorative, width))
        if alt and not self._silent:
            self.text.append(alt)
