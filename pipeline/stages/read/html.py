"""HTML: a saved page or a pasted fragment; the article on it becomes lines, the rest is left."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.stages.read.matter import KEYS
from pipeline.stages.read.page.content import find_content
from pipeline.stages.read.page.lines import lines_of
from pipeline.stages.read.page.parse import parse_page
from pipeline.stages.splitting.byline import byline, is_date_line
from pipeline.stages.text.runs import as_text, fold
from pipeline.values import Line, Source, plain

_SITE = re.compile(r"\s+(?:\||»|::|·)\s+")
_DASH = re.compile(r"\s+[-–—]\s+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LOOKED_AT = 8
_SHORT = 160


def read_html(path: PurePath, content: bytes) -> Source:
    """Read a page: a line for each heading, paragraph, item, row, picture and code block.

    What the page says of itself (title, author, day, language) becomes matter only where the
    article does not say it.

    Args:
        path: Its name; it is not opened.
        content: Its bytes.

    Raises:
        SourceError: The bytes are not text, the page is empty, or no article could be so marked up.
    """
    page = parse_page(path, content)
    base = _base(page)
    lines = lines_of(find_content(page), base=base)
    lines = (*_title_above(page, lines), *lines)
    return Source(name=path.name, lines=lines, matter=_matter(page, lines))


def _base(page: HtmlElement) -> str:
    """The address the page was saved from, if it says so."""
    said = [*page.xpath("//base/@href"), *page.xpath("//link[@rel='canonical']/@href")]
    for address in (str(written).strip() for written in (*said, _meta(page, "og:url"))):
        try:
            if urlsplit(address).scheme in ("http", "https"):
                return address
        except ValueError:
            continue
    return ""


def _title_above(page: HtmlElement, lines: Sequence[Line]) -> Iterator[Line]:
    """The first-level heading that stands outside of the article, if the page's title says it."""
    if any(line.kind == "heading" and line.level == 1 for line in lines):
        return
    title = fold(page.findtext(".//title") or "")
    for heading in page.iter("h1"):
        words = fold("".join(heading.itertext()))
        if words and title.startswith(words) and words not in _first_words(lines):
            number = heading.sourceline or 1
            yield Line(number=number, text=as_text(words), kind="heading", level=1, gap=True)
            return


def _first_words(lines: Sequence[Line]) -> list[str]:
    return [plain(line.text) for line in lines[:_LOOKED_AT]]


def _matter(page: HtmlElement, lines: Sequence[Line]) -> dict[str, object]:
    first = _first_words(lines)
    said = {
        "title": _title(page, lines),
        "byline": _author(page, first),
        "date": _date(page, first),
        "language": _language(page),
    }
    taken = {key: KEYS[key](value) for key, value in said.items() if value}
    return {key: value for key, value in taken.items() if isinstance(value, str) and value}


def _title(page: HtmlElement, lines: Sequence[Line]) -> str:
    """The page's title, without the name of the site, if no heading or first line says it."""
    if any(line.kind == "heading" and line.level == 1 for line in lines):
        return ""
    title = fold(page.findtext(".//title") or "")
    site = _meta(page, "og:site_name")
    for parts in (_DASH.split(title), _SITE.split(title)):
        if len(parts) > 1 and parts[-1] == site:
            title = title[: -len(site)].rstrip(" |-–—»:·")
    title = _SITE.split(title)[0]
    return "" if title in _first_words(lines) else title


def _author(page: HtmlElement, first: Sequence[str]) -> str:
    """The author a page names: a name, not the login of a writer, that no line names already."""
    author = _meta(page, "author")
    named = any(byline(words) for words in first) or any(author in words for words in first)
    is_name = " " in author or not author.isascii()
    return author if is_name and "/" not in author and "@" not in author and not named else ""


def _date(page: HtmlElement, first: Sequence[str]) -> str:
    """The day a page was published, unless a short line near the top says one."""
    said = _meta(page, "article:published_time")[:10]
    told = any(
        is_date_line(words) or (len(words) < _SHORT and _YEAR.search(words)) for words in first
    )
    return said if re.fullmatch(r"\d{4}-\d\d-\d\d", said) and not told else ""


def _language(page: HtmlElement) -> str:
    said = str(page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    language, *region = said.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *region])


def _meta(page: HtmlElement, name: str) -> str:
    for element in page.iter("meta"):
        if name in (element.get("name"), element.get("property")):
            return fold(str(element.get("content") or ""))[:500]
    return ""
