"""What tags, classes and styles of a page say: hidden, furniture, bold, a heading."""

import re
from collections.abc import Mapping
from dataclasses import replace

from lxml.html import HtmlElement

from pipeline.values import Run

HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Never words of the article.
_JUNK = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "canvas",
    "svg", "audio", "video", "title", "base", "meta", "link", "select", "option", "datalist",
    "textarea", "input", "button", "label", "progress", "meter", "map", "nav", "dialog", "rp",
})  # fmt: skip
_LANDMARKS = frozenset({
    "navigation", "search", "complementary", "dialog", "alertdialog", "menu", "menubar",
    "toolbar", "tablist", "banner", "contentinfo",
})  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$|!))",
    re.IGNORECASE,
)
_READ_ALOUD = frozenset({"sr-only", "screen-reader-text", "visually-hidden", "visuallyhidden"})
_FURNITURE = re.compile(
    r"(?:site-|main-|top-|primary-|secondary-|post-|page-|article-|entry-|wp-block-|mobile-)?"
    r"(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|aside|widget-area|widget|footer|header-bar"
    r"|topbar|masthead|share|sharing|shares|social|related|comments?|respond|tags|pagination)"
    r"(?:-(?:area|wrapper|wrap|container|list|section|links?|buttons?|icons?|bar|posts?|articles?"
    r"|form|inner|menu|nav|notice|consent|banner|box|left|right|primary))*"
    r"|cookies?(?:-\w+)*|gdpr(?:-\w+)*|consent(?:-\w+)*|cc-window|cmplz-\w+|sharedaddy|sd-sharing"
    r"|addtoany\w*|jp-relatedposts|yarpp\w*|disqus(?:_thread|-\w+)?|newsletter(?:-\w+)*|subscribe"
    r"(?:-\w+)*|sign-?up(?:-\w+)*|pop-?up(?:-\w+)*|modal(?:-\w+)*|advert\w*|ads?(?:-\w+)*|sponsor\w*"
    r"|recommend(?:ed|ations)?(?:-\w+)*|read-next|skip-link|back-to-top|cat-links|comments-link"
    r"|tags-links|tag-links|edit-link|entry-footer|post-views|clap\w*|site-footer|site-header",
    re.IGNORECASE,
)
_BOXES = frozenset({
    "div", "section", "aside", "ul", "ol", "footer", "header", "p", "span", "table", "figure",
    "article",
})  # fmt: skip
_WEIGHT = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(\w+)", re.IGNORECASE)
_SLANT = re.compile(r"(?:^|;)\s*font-style\s*:\s*(\w+)", re.IGNORECASE)
_FONT_SIZE = re.compile(
    r"(?:^|;)\s*font-size\s*:\s*(\d{1,4}(?:\.\d{1,4})?)\s*(pt|px|em|rem|%)", re.IGNORECASE
)
# Points; or of the size around.
_POINTS = {"pt": 1.0, "px": 0.75, "rem": 12.0}
_OF_AROUND = {"em": 1.0, "%": 0.01}
_CLASS = re.compile(r"\s*(?:[a-z][a-z0-9]{0,9})?\.([\w-]{1,60})\s*", re.IGNORECASE)
_COMMENT = re.compile(r"/\*[^*]*\*/|<!--|-->")
_LONGEST_SHEET = 500_000
_WORD_HEADING = re.compile(r"(?:Mso)?Heading\s?([1-6])")
_OUTLINE = re.compile(r"mso-outline-level\s*:\s*([1-6])\b", re.IGNORECASE)
_BOLD = ("b", "strong", "dt", "summary")
_ITALIC = ("i", "em", "dfn", "var")
_CODE = ("code", "kbd", "samp", "tt")


def style_of(element: HtmlElement) -> str:
    """The inline style, as far as anybody writes one."""
    return str(element.get("style") or "")[:5_000]


def sheet_of(page: HtmlElement) -> dict[str, str]:
    """What the page's own style sheets say of single classes: Google Docs says all looks so."""
    sheet: dict[str, str] = {}
    css = "".join(str(style.text or "") for style in page.iter("style"))[:_LONGEST_SHEET]
    for rule in _COMMENT.sub("", css).split("}"):
        selectors, _, said = rule.rpartition("{")
        for selector in selectors.rpartition("{")[2].split(","):
            found = _CLASS.fullmatch(selector)
            if found:
                sheet[found[1]] = f"{said[:500]};{sheet.get(found[1], '')}"[:2_000]
    return sheet


def look_of(element: HtmlElement, sheet: Mapping[str, str]) -> str:
    """What is said of an element's looks: by itself, then by its classes."""
    own = style_of(element)
    if not sheet:
        return own
    classes = str(element.get("class") or "")[:500].split()
    return ";".join((own, *(sheet[name] for name in classes if name in sheet)))


def sized(around: float, written: str) -> float:
    """The size of letters in points, from the size around them and what is said of their looks."""
    found = _FONT_SIZE.search(written)
    if found is None:
        return around
    number, unit = float(found[1]), found[2].lower()
    return number * (_POINTS[unit] if unit in _POINTS else _OF_AROUND[unit] * around)


def names(element: HtmlElement, *, ids: bool = True) -> set[str]:
    """The classes of an element, and its id."""
    told = f"{element.get('class') or ''} {element.get('id') or '' if ids else ''}"
    return set(told[:2_000].replace("_", "-").replace("--", "-").split())


def is_junk(element: HtmlElement) -> bool:
    """Whether an element never holds words a reader of the page sees."""
    tag = str(element.tag)
    if tag in ("button", "label"):
        # The headings of a list of questions are often made to be pressed.
        return next(element.iterancestors(*HEADINGS, "summary", "dt"), None) is None
    return tag in _JUNK or _is_hidden(element)


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in ("html", "body"):
        return False
    if element.get("hidden") not in (None, "until-found") or _HIDDEN_STYLE.search(
        style_of(element)
    ):
        return True
    if _READ_ALOUD & names(element, ids=False):
        return True
    # A dialog that stood open when the page was saved hides the whole article this way.
    return element.get("aria-hidden") == "true" and element.find(".//p") is None


def is_furniture(element: HtmlElement) -> bool:
    """Whether an element calls itself a menu, a share bar, comments and the like."""
    if element.get("role") in _LANDMARKS:
        return True
    if element.tag not in _BOXES:
        return False
    told = names(element, ids=element.tag not in ("p", "span"))
    return any(_FURNITURE.fullmatch(name) for name in told)


def heading_level(element: HtmlElement) -> int:
    """The level of a heading by its tag, its role or a word processor's style; 0 if none."""
    tag = str(element.tag)
    classes = str(element.get("class") or "")[:2_000]
    if tag in HEADINGS:
        # A subtitle made as a heading titles nothing.
        return HEADINGS[tag] if "subtitle" not in classes.lower() else 0
    if element.get("role") == "heading":
        said = element.get("aria-level") or "2"
        return int(said) if said in ("1", "2", "3", "4", "5", "6") else 2
    if tag not in ("p", "div"):
        return 0
    # Google Docs gives the title of a document it saves an id like h.1a2b3c.
    documents = "title" in classes.split() and str(element.get("id") or "").startswith("h.")
    if "MsoTitle" in classes.split() or documents:
        return 1
    found = _WORD_HEADING.search(classes) or _OUTLINE.search(style_of(element))
    return int(found[1]) if found else 0


def styled(style: Run, element: HtmlElement, written: str) -> Run:
    """The style of what stands in an element, from the style around it and :func:`look_of`."""
    tag = element.tag
    made = replace(
        style,
        bold=style.bold or tag in _BOLD,
        italic=style.italic or tag in _ITALIC,
        code=style.code or tag in _CODE,
    )
    weight, slant = _WEIGHT.search(written), _SLANT.search(written)
    if weight:
        said = weight[1].lower()
        made = replace(made, bold=int(said[:4]) >= 600 if said.isdecimal() else said[:4] == "bold")
    if slant:
        made = replace(made, italic=slant[1].lower() in ("italic", "oblique"))
    return made
