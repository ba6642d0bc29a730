"""An issue as feed readers show it: words, links and pictures, and nothing that lays them out.

A letter is tables within tables, for mail programs; a feed reader has looks of its own. What is
left is a closed list of elements, so nothing in it can do anything (S3).
"""

import re
from functools import lru_cache
from itertools import takewhile
from urllib.parse import urlsplit

import nh3
from lxml import etree, html

from pipeline.stages.web_version import web_version

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    {*_HEADINGS, "p", "ul", "ol", "table", "blockquote", "pre", "hr", "figure", "div"}
)
_CELLS = ("tbody", "thead", "tfoot", "tr", "td", "th")
_KEPT = {
    *_HEADINGS,
    *("p", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br", "figure", "figcaption"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption"),
    *("a", "img", "strong", "b", "em", "i", "sub", "sup"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "li": {"value"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# What no XML may hold; and the sign that keeps an empty cell open.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\u200b")


@lru_cache(maxsize=128)
def readable(letter: str, *, archive: str, without: str = "") -> str:
    """The text of a rendered issue below its title, as HTML without styles.

    Args:
        letter: The issue's HTML with its marks, as approved.
        archive: Where the archive is, with its host: every link is absolute.
        without: Words that are true of the letter's readers alone.
    """
    page = web_version(letter, archive=archive, without=without)
    body = html.fragment_fromstring(writable(page.body), create_parent="div")
    _drop_above_title(body)
    _number_headings(body)
    _drop_unreachable(body)
    _unwrap_layout(body)
    written = (etree.tostring(child, method="html", encoding="unicode") for child in body)
    return nh3.clean(
        "".join(written).strip(),
        tags=_KEPT,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def writable(text: str) -> str:
    """The text without the signs that no XML may hold, and without zero-width spaces."""
    return _UNWRITABLE.sub("", text)


def _drop_above_title(body: html.HtmlElement) -> None:
    """A feed says itself what stands there: who writes, the series, the title."""
    title = body.find(".//h1")
    if title is None:
        return
    for element in takewhile(lambda found: found is not body, (title, *title.iterancestors())):
        for before in list(element.itersiblings(preceding=True)):
            before.drop_tree()
        element.getparent().text = None
    title.drop_tree()


def _number_headings(body: html.HtmlElement) -> None:
    """A number in a disc goes to the heading beside it; initials in one are only for the eye."""
    for disc in body.findall(".//td[@class]"):
        if "tile" not in disc.get("class").split():
            continue
        number, table = disc.text_content().strip(), next(disc.iterancestors("table"))
        row = next(table.iterancestors("tr"), None)
        heading = None if row is None else next(row.iter(*_HEADINGS), None)
        if heading is not None and number:
            heading.text = f"{number}. {heading.text or ''}"
        table.drop_tree()


def _drop_unreachable(body: html.HtmlElement) -> None:
    """What has no address of its own on the web leads nowhere from a feed."""
    for picture in list(body.iter("img")):
        if urlsplit(picture.get("src", "")).scheme not in ("http", "https"):
            picture.drop_tree()
    for link in list(body.iter("a")):
        if urlsplit(link.get("href", "")).scheme not in _SCHEMES:
            link.drop_tag()


def _unwrap_layout(body: html.HtmlElement) -> None:
    for table in list(body.iter("table")):
        if table.get("role") == "presentation":
            cells = [cell for cell in table.iter(*_CELLS) if _table(cell) is table]
            for cell in cells:
                cell.tag = "div"
            table.tag = "div"
    # From the innermost outwards: what holds blocks is only a frame, what holds words is one.
    for frame in reversed(list(body.iter("div"))):
        if frame is body:
            continue
        if any(child.tag in _BLOCKS for child in frame.iterdescendants()):
            frame.drop_tag()
        elif frame.text_content().strip() or frame.find(".//img") is not None:
            frame.tag = "p"
        else:
            frame.drop_tree()
    for empty in [p for p in body.iter("p") if not p.text_content().strip() and len(p) == 0]:
        empty.drop_tree()


def _table(cell: html.HtmlElement) -> html.HtmlElement | None:
    return next(cell.iterancestors("table"), None)
