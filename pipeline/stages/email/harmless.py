"""What a letter is made of, as a closed list: whatever else is in it may do something (S3, S23).

A template of the home may print any HTML, and browsers do not read hostile HTML as a program here
would. So nothing is guessed: the letter must be whole tags, comments, style sheets and words, one
behind the other, and styles are looked at with their escapes undone.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from html import unescape

_ELEMENTS = frozenset(
    re.findall(
        r"\S+",
        "a abbr address article b blockquote body br caption center cite code col colgroup dd del "
        "div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hr html i img "
        "ins li main meta nav ol p pre q s section small span strong sub sup table tbody td tfoot "
        "th thead time tr u ul wbr",
    )
)
# The same; before it the shape that nearly all have, which is read at once. Where both would do,
# nothing may be tried twice: that is what the plus behind the star is for.
_ATTRIBUTE_OF_A_TAG = (
    r""" [a-z-]++="[^"]*+"|\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
)
_ATTRIBUTE = r"""\s+([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->|<!doctype html>|<!\[endif\]-->"
    r"|<style(?:\s[^<>]*)?>(?P<sheet>[^<]*)</style>|<title>[^<]*</title>"
    rf"|</?(?P<tag>[a-zA-Z][^\s/>\"'<=]*)(?P<rest>(?:{_ATTRIBUTE_OF_A_TAG})*+)\s*/?>"
    r"|(?P<stray><.{0,39}).*",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_DOING = frozenset({"action", "formaction", "ping", "srcdoc", "xlink:href", "manifest"})
_META = frozenset({"content-type", "x-ua-compatible"})
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_STYLE_LOADS = re.compile(r"""url\(\s*['"]?([^'")\s]*)""", re.IGNORECASE)
_STYLE_DOES = re.compile(
    r"@import|image-set\s*\(|expression\s*\(|-moz-binding|behavior\s*:|javascript:", re.IGNORECASE
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COMMENT_LOADS = re.compile(
    r"""\b(?:src|srcset|background)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE
)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")


def harm(html: str, loads: Collection[str]) -> str:
    """The first thing in a finished email that is more than words, links and pictures; else "".

    Args:
        html: The compiled email.
        loads: The addresses that opening it may ask for.
    """
    styles: dict[str, None] = {}
    # What stands there twice is as harmless the second time.
    for comment, sheet, tag, rest, stray in dict.fromkeys(_TOKEN.findall(html)):
        found: tuple[str, ...] = ()
        if stray:
            found = (f"a < begins nothing that can be read: {stray}",)
        elif tag:
            found, said = _of_tag(tag, rest)
            styles.update(said)
        elif comment:
            found = tuple(_in_comment(comment, loads))
            styles[comment] = None
        elif sheet:
            styles[sheet] = None
        if found:
            return found[0]
    return next((fault for style in styles for fault in _in_style(style, loads)), "")


@lru_cache(maxsize=4096)
def _of_tag(tag: str, rest: str) -> tuple[tuple[str, ...], dict[str, None]]:
    """What is wrong with a tag, and its styles. Letters hold the same few tags over and over."""
    styles: dict[str, None] = {}
    return tuple(_in_tag(tag.lower(), rest, styles)), styles


def _in_tag(tag: str, rest: str, styles: dict[str, None]) -> Iterator[str]:
    if tag not in _ELEMENTS:
        yield f"it holds a <{tag}>"
    for spelt, written in _ATTRIBUTES.findall(rest):
        name = spelt.lower()
        value = unescape(written.strip("\"'"))
        if name == "style":
            styles[value] = None
        elif name in _DOING or name.startswith("on"):
            yield f"it holds an {name} attribute"
        elif name == "http-equiv" and value.lower() not in _META:
            yield f"it holds a <meta> that does something: {value}"
        elif name == "href" and not _may_be_followed(value):
            yield f"a link leads to {value}"


def _in_comment(comment: str, loads: Collection[str]) -> Iterator[str]:
    if comment.startswith((">", "->")) or "--!" in comment:
        yield "it holds a comment that could end twice"
    for address in _COMMENT_LOADS.findall(comment):
        if address not in loads:
            yield f"opening it would load {address}"


def _in_style(style: str, loads: Collection[str]) -> Iterator[str]:
    does, addresses = _of_style(style)
    if does:
        yield f"its styles hold {does}"
    for address in addresses:
        if address not in loads:
            yield f"opening it would load {address}"


@lru_cache(maxsize=4096)
def _of_style(style: str) -> tuple[str, tuple[str, ...]]:
    """What a style does beside its looks, and the addresses it loads.

    Each is read by itself: a comment that one begins ends in no other.
    """
    plain = _ESCAPE.sub(_unescaped, _CSS_COMMENT.sub("", style))
    does = _STYLE_DOES.search(plain)
    return does[0] if does else "", tuple(_STYLE_LOADS.findall(plain))


def _may_be_followed(target: str) -> bool:
    """Whether a link leads to a page, a letter or a telephone, or is relative or a mark."""
    scheme, colon, _ = _UNSEEN.sub("", target).partition(":")
    return not colon or "/" in scheme or "#" in scheme or scheme.lower() in _SCHEMES


def _unescaped(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
