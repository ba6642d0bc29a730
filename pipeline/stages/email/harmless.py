"""What a letter is made of, as a closed list: whatever else is in it may do something (S3, S23).

A template of the home may print any HTML, and browsers do not read hostile HTML as a program here
would. So nothing is guessed: the letter must be whole tags, comments, style sheets and words, one
behind the other, and styles are looked at with their escapes undone.
"""

import re
from collections.abc import Collection, Iterator
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
_ATTRIBUTE_OF_A_TAG = r"""\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
_ATTRIBUTE = r"""\s+([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->|<!doctype html>|<!\[endif\]-->"
    r"|<style(?:\s[^<>]*)?>(?P<sheet>[^<]*)</style>|<title>[^<]*</title>"
    rf"|</?(?P<tag>[a-zA-Z][^\s/>\"'<=]*)(?P<rest>(?:{_ATTRIBUTE_OF_A_TAG})*)\s*/?>"
    r"|(?P<stray><)",
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
    styles: list[str] = []
    for token in _TOKEN.finditer(html):
        found = next(_in_token(token, styles, loads), "")
        if found:
            return found
    return next(_in_styles("\n".join(styles), loads), "")


def _in_token(token: re.Match[str], styles: list[str], loads: Collection[str]) -> Iterator[str]:
    """What is wrong with a tag, a comment or a sheet; its styles are put to the others."""
    if token["stray"]:
        yield f"a < begins nothing that can be read: {token.string[token.start() :][:40]}"
    elif token["tag"]:
        yield from _in_tag(token["tag"].lower(), token["rest"], styles)
    elif token["comment"] is not None:
        yield from _in_comment(token["comment"], loads)
        styles.append(token["comment"])
    elif token["sheet"]:
        styles.append(token["sheet"])


def _in_tag(tag: str, rest: str, styles: list[str]) -> Iterator[str]:
    if tag not in _ELEMENTS:
        yield f"it holds a <{tag}>"
    for spelt, written in _ATTRIBUTES.findall(rest):
        name = spelt.lower()
        value = unescape(written.strip("\"'"))
        if name == "style":
            styles.append(value)
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


def _in_styles(styles: str, loads: Collection[str]) -> Iterator[str]:
    plain = _ESCAPE.sub(_unescaped, _CSS_COMMENT.sub("", styles))
    does = _STYLE_DOES.search(plain)
    if does:
        yield f"its styles hold {does[0]}"
    for address in _STYLE_LOADS.findall(plain):
        if address not in loads:
            yield f"opening it would load {address}"


def _may_be_followed(target: str) -> bool:
    """Whether a link leads to a page, a letter or a telephone, or is relative or a mark."""
    scheme, colon, _ = _UNSEEN.sub("", target).partition(":")
    return not colon or "/" in scheme or "#" in scheme or scheme.lower() in _SCHEMES


def _unescaped(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
