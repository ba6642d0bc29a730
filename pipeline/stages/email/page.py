"""What a finished HTML email shows, links and loads: the one place that reads it.

Nothing is fetched. What stands in Outlook's conditional comments counts as loaded: Outlook does.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
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
    reader.feed(html)
    reader.close()
    return Page(
        text="".join(reader.text),
        links=tuple(reader.links),
        images=tuple(reader.images),
        headings=tuple(reader.headings),
        loads=tuple(reader.loads),
        elements=frozenset(reader.elements),
        handlers=tuple(reader.handlers),
    )


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
        self._link: tuple[str, int] | None = None
        self._heading = 0

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        values = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self._note_loads(tag, values)
        # A void element has no end tag, so it must not stay open.
        if tag not in _VOID:
            silent = self._silent or tag in _SILENT or bool(_HIDDEN.search(values.get("style", "")))
            self._open.append((tag, silent))
        self._part(tag)
        if tag == "img":
            self._note_image(values)
        if tag == "a" and "href" in values and not self._silent:
            self._link = (values["href"], len(self.text))
        if tag in _HEADINGS:
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
        # A close tag that was never opened closes nothing, as in a browser.
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self.loads += _STYLE_LOADS.findall(data)
        elif not self._silent:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.loads += _COMMENT_LOADS.findall(data) + _STYLE_LOADS.findall(data)

    def _part(self, tag: str) -> None:
        if tag not in _INLINE and not self._silent:
            self.text.append("\n")

    def _note_loads(self, tag: str, values: dict[str, str]) -> None:
        self.loads += [values[name] for name in _LOADING if values.get(name)]
        self.loads += _STYLE_LOADS.findall(values.get("style", ""))
        if tag == "link" and values.get("href"):
            self.loads.append(values["href"])

    def _note_image(self, values: dict[str, str]) -> None:
        alt = values.get("alt")
        decorative = values.get("role") in ("presentation", "none")
        width = values.get("width", "")
        self.images.append(Image(values.get("src", ""), alt, decorative, width))
        if alt and not self._silent:
            self.text.append(alt)
