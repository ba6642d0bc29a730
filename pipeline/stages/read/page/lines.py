"""From the tree of an article to its lines."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import HtmlElement

from pipeline.stages.read.page import marks
from pipeline.stages.read.page.addresses import safe_address
from pipeline.stages.read.page.content import Content
from pipeline.stages.read.page.marks import heading_level, names, style_of
from pipeline.stages.text.runs import as_text, clean, fold, tidy
from pipeline.values import Line, LineKind, Run, Text

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
})  # fmt: skip
_LISTS = ("ul", "ol", "menu", "dir")
# A data table has none of these in its cells; a table that only lays out has.
_LAYING_OUT = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "figure", "pre", "blockquote")
_WORD_ITEM = re.compile(r"mso-list\s*:\s*l\d+ level(\d)", re.IGNORECASE)
_WORD_MARKER = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_COUNTED = re.compile(r"\(?\d{1,9}[.)]")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_FIGURES = re.compile(r"\s*[0-9+\-−]+\s*")
_WIDEST = 20
# Points, where a page says nothing: only what is larger than most counts.
_SIZE = 12.0


def lines_of(content: Content, *, base: str) -> tuple[Line, ...]:
    """The lines of an article.

    Args:
        content: Where it stands and what of it is dropped.
        base: The page's address, for links that are relative to it; "" if it does not say.
    """
    walk = _Walk(base=base, sheet=marks.sheet_of(content.root.getroottree().getroot()))
    walker = etree.iterwalk(content.root, events=("start", "end"))
    for event, element in walker:
        if element in content.dropped:
            if event == "start":
                walker.skip_subtree()
            else:
                walk.words(element.tail)
        elif event == "start":
            walk.open(element)
        else:
            walk.close(element, last=element is content.root)
    walk.flush()
    return tuple(walk.lines)


@dataclass
class _List:
    """An open list: the number of its next item, or None if it has bullets."""

    following: int | None


@dataclass
class _Walk:
    """One pass over the tree, without recursion, remembering what it stands in.

    Attributes:
        runs: The text of the line in the making.
        sheet: What the page's style sheets say of its classes.
        styles: The style of each open element, and the size of its letters in points.
        size: The size all words of the line in the making have at least.
        marker: The marker of an item whose words are still to come.
        table: The width of the open data table, or 0.
        muted: An element whose text stands elsewhere already.
        parted: Whether an empty line stands before the next line.
    """

    base: str
    sheet: Mapping[str, str]
    lines: list[Line] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    styles: list[tuple[Run, float]] = field(default_factory=lambda: [(Run(""), _SIZE)])
    size: float = 0
    lists: list[_List] = field(default_factory=list)
    marker: str = ""
    depth: int = 0
    quoted: int = 0
    heading: int = 0
    pre: int = 0
    table: HtmlElement | None = None
    width: int = 0
    cells: list[Text] | None = None
    muted: HtmlElement | None = None
    parted: bool = True
    number: int = 1

    def words(self, text: str | None) -> None:
        """Take words in, in the style of the element they stand in."""
        if text and self.muted is None:
            style, size = self.styles[-1]
            self.runs.append(replace(style, text=text))
            if not text.isspace():
                self.size = min(self.size or size, size)

    def open(self, element: HtmlElement) -> None:
        """Take the beginning of an element in."""
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._part(element, tag)
        self.styles.append(self._style(element))
        _OPENERS.get(tag, _nothing)(self, element)
        level = heading_level(element)
        if level and self.cells is None:
            self.heading = level
        self._word_item(element)
        text = element.text
        if tag in ("sup", "sub") and text and not len(element) and _FIGURES.fullmatch(text):
            text = text.translate(_RAISED if tag == "sup" else _LOWERED)
        self.words(text)

    def close(self, element: HtmlElement, *, last: bool) -> None:
        """Take the end of an element in, and the words behind it."""
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._part(element, tag)
        _CLOSERS.get(tag, _nothing)(self, element)
        if heading_level(element):
            self.heading = 0
        self.styles.pop()
        if self.muted is element:
            self.muted = None
        if not last:
            self.words(element.tail)

    def flush(self) -> None:
        """End the line in the making."""
        (runs, self.runs), (size, self.size) = (self.runs, []), (self.size, 0)
        if self.pre:
            text = "\n".join(row.rstrip() for row in clean(_joined(runs)).split("\n"))
            if text.strip():
                self.add("code", (Run(text.strip("\n")),))
            return
        line = tidy(runs)
        if not line:
            return
        if self.heading:
            self.add("heading", line, level=self.heading, size=size)
            # What follows a picture or a break in a heading is no second heading.
            self.heading = 0
        else:
            self.add("plain", line, size=size)

    def add(
        self, kind: LineKind, text: Text, *, level: int = 0, target: str = "", size: float = 0
    ) -> None:
        """Add a line; the first one in a list item is the item."""
        marker = ""
        if self.marker and kind == "plain":
            kind, marker, level, self.marker = "item", self.marker, self.depth, ""
        elif self.quoted and kind in ("plain", "heading"):
            kind, marker, level = "quotation", ">", 0
        self.lines.append(
            Line(
                number=self.number,
                text=text,
                kind=kind,
                level=level,
                marker=marker,
                gap=self.parted,
                target=target,
                size=size,
            )
        )
        self.parted = False

    def image(self, element: HtmlElement) -> None:
        """Take a picture in: as a line of its own, or in a line of words by what it says."""
        alt = fold(str(element.get("alt") or ""))
        target = self._picture(element)
        told = " ".join(names(element, ids=False)).lower()
        if "avatar" in told:
            return
        if self.cells is not None or "emoji" in told or "smiley" in told or _is_small(element):
            self.words(f"{alt} " if self.cells is not None else alt)
        elif target:
            self.flush()
            self.add("image", as_text(alt), target=target)
        else:
            self.words(f" {alt} ")

    def _picture(self, element: HtmlElement) -> str:
        """The address of a picture: pages that load late keep it beside ``src``."""
        for name in ("data-src", "data-lazy-src", "data-original", "src"):
            target = self.address(str(element.get(name) or ""))
            if target:
                return target
        return ""

    def address(self, written: str) -> str:
        """An address a reader may be sent to, or ""."""
        return safe_address(self.base, written)

    def _part(self, element: HtmlElement, tag: str) -> None:
        """A block begins or ends here."""
        if self.cells is not None:
            self.runs.append(Run(" "))
            return
        if self.heading and tag not in ("li", "td") and not heading_level(element):
            self.runs.append(Run(" "))
            return
        self.flush()
        self.number = element.sourceline or self.number
        if tag not in ("li", "tr", "td", "th", "tbody", "thead", "tfoot"):
            self.parted = True

    def _style(self, element: HtmlElement) -> tuple[Run, float]:
        around, size = self.styles[-1]
        written = marks.look_of(element, self.sheet)
        style = marks.styled(around, element, written)
        if element.tag == "a":
            style = replace(style, link=self.address(str(element.get("href") or "")))
        return style, marks.sized(size, written)

    def _word_item(self, element: HtmlElement) -> None:
        """The lists of Word are paragraphs with a level; their markers are written out."""
        style = style_of(element)
        if "mso-list" not in style.lower():
            return
        found = _WORD_ITEM.search(style)
        if found and element.tag in ("p", "div") and not self.heading:
            self.marker, self.depth, self.parted = "•", int(found[1]) - 1, False
        elif _WORD_MARKER.search(style) and self.marker and not tidy(self.runs):
            said = fold("".join(element.itertext()))
            self.marker = said if _COUNTED.fullmatch(said) else "•"
            self.muted = element


def _joined(runs: list[Run]) -> str:
    return "".join(run.text for run in runs)


def _is_small(element: HtmlElement) -> bool:
    """Whether a picture is an icon in a line, or a pixel that counts readers."""
    sizes = [str(element.get(name) or "").removesuffix("px") for name in ("width", "height")]
    return any(size.isdecimal() and len(size) < 3 and int(size) <= 32 for size in sizes)


def _nothing(_: _Walk, __: HtmlElement) -> None:
    """Most tags say nothing of their own."""


def _break(walk: _Walk, _: HtmlElement) -> None:
    if walk.pre:
        walk.words("\n")
    elif walk.cells is not None or walk.heading or walk.lists or walk.marker:
        walk.words(" ")
    elif tidy(walk.runs):
        walk.flush()
    else:
        walk.parted = True


def _open_list(walk: _Walk, element: HtmlElement) -> None:
    walk.lists.append(_List(_integer(element.get("start"), 1) if element.tag == "ol" else None))


def _close_list(walk: _Walk, _: HtmlElement) -> None:
    walk.lists.pop()


def _integer(written: str | None, otherwise: int) -> int:
    return int(written) if written and re.fullmatch(r"[0-9]{1,8}", written) else otherwise


def _open_item(walk: _Walk, element: HtmlElement) -> None:
    if walk.cells is not None:
        return
    walk.marker, walk.depth = "-", max(0, len(walk.lists) - 1)
    if walk.lists and walk.lists[-1].following is not None:
        number = _integer(element.get("value"), walk.lists[-1].following)
        walk.lists[-1].following = number + 1
        walk.marker = f"{number}."


def _close_item(walk: _Walk, _: HtmlElement) -> None:
    walk.marker = ""


def _open_quotation(walk: _Walk, _: HtmlElement) -> None:
    walk.quoted += 1


def _close_quotation(walk: _Walk, _: HtmlElement) -> None:
    walk.quoted -= 1


def _open_pre(walk: _Walk, _: HtmlElement) -> None:
    walk.pre += walk.cells is None


def _close_pre(walk: _Walk, _: HtmlElement) -> None:
    walk.pre = max(0, walk.pre - (walk.cells is None))


def _open_table(walk: _Walk, element: HtmlElement) -> None:
    if walk.table is None and _holds_data(element):
        walk.table, walk.width = element, _width(element)


def _close_table(walk: _Walk, element: HtmlElement) -> None:
    if walk.table is element:
        walk.table = None


def _holds_data(table: HtmlElement) -> bool:
    if table.get("role") in ("presentation", "none") or _width(table) < 2:
        return False
    if any(table.find(f".//{tag}") is not None for tag in _LAYING_OUT):
        return False
    return all(len(cell.findall("p")) < 3 for cell in table.iter("td"))


def _width(table: HtmlElement) -> int:
    return max(
        (sum(map(_span, row.iterchildren("td", "th"))) for row in table.iter("tr")), default=0
    )


def _span(cell: HtmlElement) -> int:
    return min(_WIDEST, max(1, _integer(cell.get("colspan"), 1)))


def _open_row(walk: _Walk, _: HtmlElement) -> None:
    if walk.table is not None:
        walk.cells = []


def _close_row(walk: _Walk, _: HtmlElement) -> None:
    cells, walk.cells, walk.runs = walk.cells or [], None, []
    if not any(cells):
        return
    if walk.width:
        # The first row is the head: what is wider than it would be lost when written down.
        cells += [()] * (walk.width - len(cells))
    gap, walk.width, walk.parted = bool(walk.width), 0, False
    walk.lines.append(Line(number=walk.number, text=(), kind="table", gap=gap, cells=tuple(cells)))


def _open_cell(walk: _Walk, _: HtmlElement) -> None:
    if walk.cells is not None:
        walk.runs = []


def _close_cell(walk: _Walk, element: HtmlElement) -> None:
    if walk.cells is not None:
        walk.cells += [tidy(walk.runs), *[()] * (_span(element) - 1)]
        walk.runs = []


def _quote(mark: str) -> Callable[[_Walk, HtmlElement], None]:
    return lambda walk, _: walk.words(mark)


_Handler = Callable[[_Walk, HtmlElement], None]
_OPENERS: dict[str, _Handler] = {
    "br": _break,
    "img": lambda walk, element: walk.image(element),
    "li": _open_item,
    "blockquote": _open_quotation,
    "pre": _open_pre,
    "table": _open_table,
    "tr": _open_row,
    "td": _open_cell,
    "th": _open_cell,
    "q": _quote("“"),
    **dict.fromkeys(_LISTS, _open_list),
}
_CLOSERS: dict[str, _Handler] = {
    "li": _close_item,
    "p": _close_item,
    "blockquote": _close_quotation,
    "pre": _close_pre,
    "table": _close_table,
    "tr": _close_row,
    "td": _close_cell,
    "th": _close_cell,
    "q": _quote("”"),
    **dict.fromkeys(_LISTS, _close_list),
}
