"""The web version of an issue: the same letter as a page for everybody.

It knows no reader: defaults stand where a name would, and the links each reader has of their own
are gone. It asks nobody for anything but the author's pictures. Its styles stand in one place under
their hash, so a page may forbid all others; what mail programs alone understand is left out.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from lxml import etree, html
from markupsafe import escape

from pipeline.stages import merge

_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# What a policy says where it allows nothing.
NONE = "'none'"
_BESIDE_LINKS = " \u00a0·|,.;:–—-"


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page, whole and in pieces for a frame to put together, and what it may do.

    Attributes:
        policy: The value of its Content-Security-Policy: these styles, these pictures, no more.
        language: What the letter says of itself: "ko"; "" if nothing.
        direction: Which way it is written: "ltr", "rtl", or "".
        look: The class of its body, which holds the colour of its ground.
        head: What stands in its head.
        body: What stands in its body.
        styles: Its style sheets, as a policy names them.
        origins: Where its pictures come from, as a policy names it.
    """

    html: str
    policy: str
    language: str
    direction: str
    look: str
    head: str
    body: str
    styles: tuple[str, ...]
    origins: tuple[str, ...]


@lru_cache(maxsize=32)
def web_version(letter: str, *, archive: str, without: str = "") -> WebPage:
    """The page of a rendered issue.

    Args:
        letter: The issue's HTML with its marks, as approved.
        archive: Where the archive is: what :mod:`pipeline.stages.archive` calls its root, or the
            same with a host before it.
        without: Words that are true of the letter's readers alone; what says just this is left out.
    """
    # The links each reader has of their own keep their marks, to be found by.
    page = html.document_fromstring(merge.translate(letter, lambda s: _for_all(s, archive)))
    etree.strip_tags(page, etree.Comment)
    _drop_hidden(page)
    _drop_own_links(page)
    _drop_words(page, " ".join(without.split()))
    _gather_styles(page)
    styles = tuple(source(sheet.text or "") for sheet in page.iter("style"))
    origins = tuple(sorted({_origin(image.get("src", "")) for image in page.iter("img")} - {""}))
    written = etree.tostring(page, method="html", encoding="unicode", doctype="<!doctype html>")
    body = page.find("body")
    return WebPage(
        html=merge.unmarked(written) + "\n",
        policy=policy(styles=styles, pictures=origins),
        language=page.get("lang", ""),
        direction=page.get("dir", ""),
        look="" if body is None else body.get("class", ""),
        head=merge.unmarked(_inside(page.find("head"))),
        body=merge.unmarked(_inside(body)),
        styles=styles,
        origins=origins,
    )


def policy(*, styles: Sequence[str], pictures: Sequence[str], data: Sequence[str] = ()) -> str:
    """A Content-Security-Policy that allows this and nothing else.

    Args:
        styles: Sources of style sheets.
        pictures: Sources of pictures.
        data: Blocks of data in script elements, by their hash. Nobody runs them, but browsers of
            some years ago asked the policy for scripts all the same.
    """
    scripts = f"script-src {' '.join(data)}; " if data else ""
    return (
        f"default-src 'none'; {scripts}style-src {' '.join(styles) or NONE}; "
        f"img-src {' '.join(pictures) or NONE}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def source(text: str) -> str:
    """What stands between two tags, as a policy names it: by its hash."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _inside(element: html.HtmlElement | None) -> str:
    if element is None:
        return ""
    within = (etree.tostring(child, method="html", encoding="unicode") for child in element)
    return str(escape(element.text or "")) + "".join(within)


def _for_all(slot: merge.Slot, archive: str) -> str:
    if slot.field in merge.LINKS:
        return slot.mark
    return archive if slot.field == "archive_url" else str(escape(slot.default))


def _drop_hidden(page: html.HtmlElement) -> None:
    """The line for the inbox is the only thing a letter hides."""
    for element in list(page.iter(etree.Element)):
        if _HIDDEN.search(element.get("style", "")):
            element.drop_tree()


def _drop_own_links(page: html.HtmlElement) -> None:
    own = frozenset(map(merge.mark, merge.LINKS))
    for link in [link for link in page.iter("a") if link.get("href") in own]:
        around = link.getparent()
        link.drop_tree()
        # A line that was nothing but such links, and what stood between them.
        while around.tag not in ("body", "td") and not _says(around):
            around, emptied = around.getparent(), around
            emptied.drop_tree()


def _drop_words(page: html.HtmlElement, words: str) -> None:
    """Drop each innermost element that says these words and no other."""
    if not words:
        return
    says = [e for e in page.iter(etree.Element) if " ".join(e.text_content().split()) == words]
    for element in says:
        if not any(child in says for child in element.iterdescendants()):
            element.drop_tree()


def _says(element: html.HtmlElement) -> bool:
    return bool(element.text_content().strip(_BESIDE_LINKS + "\n")) or any(
        True for _ in element.iter("img", "a", "input")
    )


def _gather_styles(page: html.HtmlElement) -> None:
    """Turn each style attribute into a class: a policy can name one sheet, not each element."""
    classes: dict[str, str] = {}
    for element in page.iter(etree.Element):
        style = element.attrib.pop("style", "").strip()
        if style:
            name = classes.setdefault(style, f"w{len(classes) + 1}")
            element.set("class", f"{element.get('class', '')} {name}".strip())
    if not classes:
        return
    head = page.find("head")
    if head is None:
        head = etree.Element("head")
        page.insert(0, head)
    sheet = etree.SubElement(head, "style")
    # Three times the class: what stood on the element itself wins over any selector but a loud one.
    sheet.text = "\n".join(f".{n}.{n}.{n}{{{style}}}" for style, n in classes.items())


def _origin(address: str) -> str:
    """Scheme and host of a picture, as a policy writes them; "" if it is none of the web."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (UnicodeError, ValueError):
        return ""
    known = parts.scheme in ("http", "https") and host.replace(".", "").replace("-", "").isalnum()
    return f"{parts.scheme}://{host}{port}" if known else ""
