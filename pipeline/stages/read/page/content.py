"""Finding the article on a page: what it stands in, and what of that is furniture."""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipeline.stages.read.page.marks import HEADINGS, is_furniture, is_junk
from pipeline.stages.text.runs import fold

# Beyond this the search, which looks at some parts more than once, is not worth its time.
_MOST_ELEMENTS = 20_000
_FRAME = ("nav", "header", "footer", "aside", "article", "main")
_ENDING = re.compile(
    r"(?:related|recommended|popular|recent|more|latest) (?:posts?|articles?|stories|reading)"
    r"|more from .*|you (?:may|might) also (?:like|enjoy)|read (?:next|more)|share this(?: \w+)?"
    r"|leave a (?:comment|reply)|관련 ?(?:글|기사|포스트)|함께 보면 좋은 글|댓글(?: ?\d+)?"
    r"|art[ií]culos relacionados|articles similaires",
    re.IGNORECASE,
)

# The extractor would print a traceback about a page it cannot read; such a page is taken whole.
logging.getLogger("readability.readability").disabled = True


@dataclass(frozen=True, slots=True)
class Content:
    """Where the article stands.

    Attributes:
        root: The element all of it stands in.
        dropped: Elements in it that are no part of it, with all they hold.
    """

    root: HtmlElement
    dropped: frozenset[HtmlElement]


@dataclass
class _Weight:
    """How much an element holds: letters, and how many of them are links."""

    letters: int = 0
    linked: int = 0


def find_content(page: HtmlElement) -> Content:
    """Find the article.

    One ``article`` or ``main`` is believed; a fragment without any frame is taken whole; else the
    extractor says which part is read, and all of that part is taken.
    """
    junk = {element for element in page.iter() if is_junk(element)}
    # The parser leaves parts of a page without a body in its head, so the root is searched.
    if not _has_frame(page):
        return Content(page, frozenset(junk))
    weights = _weigh(page, junk)
    root = _root(page, junk, weights)
    dropped = junk | set(_furniture(root, weights))
    return Content(root, frozenset(dropped))


def _has_frame(top: HtmlElement) -> bool:
    return any(
        element.tag in _FRAME or (element is not top and is_furniture(element))
        for element in top.iter()
    )


def _weigh(page: HtmlElement, junk: set[HtmlElement]) -> dict[HtmlElement, _Weight]:
    """The weight of each element, of what is not junk."""
    weights: dict[HtmlElement, _Weight] = {}
    for _, element in etree.iterwalk(page, events=("end",)):
        weight = _Weight(letters=_letters(element.text))
        for child in element:
            held = weights.get(child, _Weight())
            weight.letters += held.letters + _letters(child.tail)
            weight.linked += held.linked
        if element.tag == "a":
            weight.linked = weight.letters
        weights[element] = _Weight() if element in junk else weight
    return weights


def _letters(text: str | None) -> int:
    return len((text or "").strip())


def _root(
    top: HtmlElement, junk: set[HtmlElement], weights: dict[HtmlElement, _Weight]
) -> HtmlElement:
    for tag in ("article", "main"):
        found = [element for element in top.iter(tag) if _may_hold(element, tag, junk)]
        letters = [weights[element].letters for element in found]
        if found and max(letters) * 10 > sum(letters) * 6:
            return _with_title(found[letters.index(max(letters))], tag)
    return _with_title(_extracted(top, weights), "div")


def _may_hold(element: HtmlElement, tag: str, junk: set[HtmlElement]) -> bool:
    """Whether an article or main may be the one: no teaser, no comment, no part of another."""
    for above in element.iterancestors():
        if above in junk or above.tag in (tag, "aside", "footer") or is_furniture(above):
            return False
    return element not in junk and not is_furniture(element)


def _extracted(top: HtmlElement, weights: dict[HtmlElement, _Weight]) -> HtmlElement:
    """The smallest element that holds all the extractor would show; all if that is hardly any."""
    elements = list(top.iter())
    if len(elements) > _MOST_ELEMENTS:
        return top
    # Loaded for a page that needs it: it brings urllib, for a command line of its own, and 90 ms.
    import readability  # noqa: PLC0415

    try:
        shown = readability.Document(_marked(top)).summary(html_partial=True)
    except readability.Unparseable:
        return top
    places = [int(place) for place in re.findall(r'data-place="(\d+)"', shown)]
    found = _common([elements[place] for place in places if elements[place] is not top])
    if found is None or weights[found].letters * 5 < weights[top].letters:
        return top
    return found


def _marked(top: HtmlElement) -> str:
    """The page for the extractor: each element with its place, and no long attributes."""
    copied = deepcopy(top)
    for place, element in enumerate(copied.iter()):
        told = {name: element.get(name, "")[:200] for name in ("class", "id", "href", "itemprop")}
        element.attrib.clear()
        element.attrib.update({name: value for name, value in told.items() if value})
        element.set("data-place", str(place))
    return str(etree.tostring(copied, encoding="unicode", method="html"))


def _common(elements: list[HtmlElement]) -> HtmlElement | None:
    """The nearest element around all of these."""
    if not elements:
        return None
    shared = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        line = {element, *element.iterancestors()}
        shared = [above for above in shared if above in line]
    return shared[0]


def _with_title(root: HtmlElement, tag: str) -> HtmlElement:
    """The element around the article and the one title of the page that stands above it."""
    if root.find(".//h1") is not None:
        return root
    page = root.getroottree().getroot()
    titles = [heading for heading in page.iter("h1") if not _in_frame(heading)]
    around = _common([root, titles[0]]) if len(titles) == 1 else None
    # The whole page is too much to take for a title, unless nothing better was found.
    whole = around is not None and around.tag in ("html", "body")
    return root if around is None or (whole and tag != "div") else around


def _in_frame(element: HtmlElement) -> bool:
    return any(
        above.tag in ("header", "nav", "footer", "aside") or is_furniture(above) or is_junk(above)
        for above in element.iterancestors()
    )


def _furniture(root: HtmlElement, weights: dict[HtmlElement, _Weight]) -> Iterator[HtmlElement]:
    """The elements in the article's place that are no part of it."""
    most = weights[root].letters / 2
    for element in root.iter():
        if element is root or weights[element].letters > most:
            continue
        if _is_ending(element):
            yield from _ended(element, weights)
        elif _holds_no_article(element) and _is_part_of_frame(element, root, weights):
            yield element


def _holds_no_article(element: HtmlElement) -> bool:
    return element.tag not in ("main", "h1") and element.find(".//h1") is None


def _is_part_of_frame(
    element: HtmlElement, root: HtmlElement, weights: dict[HtmlElement, _Weight]
) -> bool:
    weight = weights[element]
    outside = root.tag not in ("article", "main")
    if element.tag == "form" or is_furniture(element):
        return True
    if element.tag not in ("header", "footer", "aside"):
        return False
    if any(above.tag in ("blockquote", "figure") for above in element.iterancestors()):
        return False
    return outside or weight.linked * 2 > weight.letters


def _is_ending(element: HtmlElement) -> bool:
    if element.tag not in HEADINGS:
        return False
    return _ENDING.fullmatch(fold("".join(element.itertext()))[:100].rstrip(" :")) is not None


def _ended(heading: HtmlElement, weights: dict[HtmlElement, _Weight]) -> Iterator[HtmlElement]:
    """A heading such as "Related posts" with the links under it; nothing if words stand there."""
    under: list[HtmlElement] = []
    for sibling in heading.itersiblings():
        if sibling.tag in HEADINGS:
            break
        under.append(sibling)
    linked = sum(weights[element].linked for element in under)
    letters = sum(weights[element].letters for element in under)
    if linked * 2 >= letters:
        yield from (heading, *under)
