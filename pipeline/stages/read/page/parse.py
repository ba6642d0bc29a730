"""From the bytes of a page to its tree: encodings, and what no honest page holds."""

import codecs
import re
from pathlib import PurePath

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.errors import SourceError
from pipeline.stages.read.decode import decode

_CHARSET = re.compile(
    rb"<meta\b[^<>]{0,500}?\bcharset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.IGNORECASE
)
# What browsers read under a name, where it is more than the name says.
_MEANT = {
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
_KNOWN = re.compile(
    r"utf-8|cp125\d|cp949|cp932|cp874|gb18030|big5|euc_jp|iso2022_jp|iso8859-\d+|koi8-[ru]|mac-roman"
    r"|tis-620"
)
_HEAD = 4096
_LARGEST = 20_000_000
_MOST_TAGS = 100_000
# The parser drops in silence what is deeper than 2,048, and takes hours over 150,000 attributes.
_DEEPEST = 500
_MOST_ATTRIBUTES = 300
_EMBEDDED = re.compile(r"data:[\w.+/-]{1,80}(?:;[\w=.-]{1,80}){0,4},[\w+/=%.-]{200,}")
# What hides all that follows where its end is missing.
_HIDING = {
    "<!--": "-->",
    "<script": "</script",
    "<style": "</style",
    "<title": "</title",
    "<textarea": "</textarea",
}


def parse_page(path: PurePath, content: bytes) -> HtmlElement:
    """The tree of a page or a pasted fragment; nothing is fetched, no entity is resolved.

    Args:
        path: Its name, for messages; it is not opened.
        content: Its bytes. The encoding is that of the byte order mark, else what a ``meta``
            declares, else UTF-8 or Windows-1252.

    Raises:
        SourceError: It is not text, it is empty, something in it would hide the words below it, or
            it is nested or marked up beyond what any article is.
    """
    text = _EMBEDDED.sub("data:,", _decoded(path, content))
    if not text.strip():
        raise SourceError("the file is empty", mend="Write the article into it.", path=path)
    if len(text) > _LARGEST or text.count("<") > _MOST_TAGS:
        raise _refused(path, "this page has more markup than any article")
    _refuse_hidden(path, text)
    markup = text.encode()
    _refuse_extremes(path, markup)
    # huge_tree lifts the limits of the parser, which cut pages short without a word.
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        return document_fromstring(markup, parser=parser)
    except etree.ParserError:
        raise _refused(path, "there is no page in this file") from None


def _decoded(path: PurePath, content: bytes) -> str:
    declared = _CHARSET.search(content, 0, _HEAD)
    marked = content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = _encoding(declared[1].decode("ascii")) if declared and not marked else ""
    if not encoding or _is_utf8(content):
        return decode(path, content)
    try:
        return decode(path, content.decode(encoding).encode())
    except UnicodeDecodeError:
        return decode(path, content)


def _is_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8: other encodings are, by accident, as good as never."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    # Japanese of ISO-2022-JP is written in ASCII behind escapes.
    return b"\x1b$" not in content


def _encoding(label: str) -> str:
    """The codec a label of the web means, or "" if none that may be believed."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        name = {"ks_c_5601-1987": "euc_kr", "windows-949": "cp949"}.get(label.lower(), "")
    name = _MEANT.get(name, name)
    return name if _KNOWN.fullmatch(name) or name == "windows-1252" else ""


def _refuse_hidden(path: PurePath, text: str) -> None:
    lowered = text.lower()
    for opening, closing in _HIDING.items():
        place = lowered.rfind(opening)
        # A script of old begins with a comment that only the script's end closes.
        if place < 0 or closing in lowered[place:] or "</script" in lowered[place:]:
            continue
        raise SourceError(
            f"{opening} begins here and does not end, so all below it would be lost",
            mend=f"Save the page again, or write {closing.rstrip('>')}> behind it.",
            path=path,
            line=lowered.count("\n", 0, place) + 1,
        )


class _Extremes:
    """A target for the parser that keeps two figures and no tree."""

    def __init__(self) -> None:
        self.depth = self.deepest = self.attributes = 0

    def start(self, _: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        self.attributes = max(self.attributes, len(attributes))

    def end(self, _: str) -> None:
        self.depth -= 1

    def data(self, _: str) -> None:
        """Words are not looked at."""

    def close(self) -> tuple[int, int]:
        return self.deepest, self.attributes


def _refuse_extremes(path: PurePath, markup: bytes) -> None:
    parser = etree.HTMLParser(target=_Extremes(), encoding="utf-8", no_network=True, huge_tree=True)
    deepest, attributes = etree.fromstring(markup, parser)
    if deepest > _DEEPEST:
        raise _refused(path, f"tags stand more than {_DEEPEST} deep in each other")
    if attributes > _MOST_ATTRIBUTES:
        raise _refused(path, f"a tag has more than {_MOST_ATTRIBUTES} attributes")


def _refused(path: PurePath, message: str) -> SourceError:
    return SourceError(
        message, mend="Copy the article out of the page into a text file.", path=path
    )
