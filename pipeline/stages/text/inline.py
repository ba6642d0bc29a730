"""The author's words as HTML and as plain text, and nothing but the author's words.

HTML made here is safe wherever it stands: what could mean something to a browser, to MJML or to a
template is written as an entity. So a ``{{`` in a filled template can only be the template's own,
not filled, and the compiler may say so.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from markupsafe import Markup
from markupsafe import escape as html_escape

from pipeline.stages import merge
from pipeline.stages.text import runs
from pipeline.values import Block, Run, Text, plain

# Characters that XML 1.0 has no place for, and the C1 controls that browsers read as Windows-1252.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_BREAKING = re.compile(rf"\s|{_CONTROL.pattern}")
_ENTITIES = {"{": Markup("&#123;"), "}": Markup("&#125;"), "\\": Markup("&#92;")}
_WHOLE, _END = Markup('<span style="display:inline-block">'), Markup("</span>")
_OWN = frozenset(map(merge.mark, merge.LINKS))
# A page of the archive; no author can write this mark.
_PAGE = f"{merge.mark('archive_url')}/"
# A reference keeps to the word it stands behind, a unit to its number.
_BOUND = re.compile(
    r" (?=\[\d)|(?<=\d) (?=[°%]|(?:mm|cm|m|km|mg|g|kg|ml|l|min|h|s|Hz|ms)\b(?![-’']))"
)
_PARTED = re.compile(r"(?<=\d[;:,]) (?=\d)")
_REACHABLE = ("http", "https", "mailto", "tel")


def clean(text: str) -> str:
    """The text without control and stray invisible characters; its lines end as on Unix."""
    if text.isprintable():
        return runs.clean(text)
    return runs.clean(_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def solid(text: str) -> str:
    """The text without white space, in one Unicode form: what two forms of a letter share."""
    return unicodedata.normalize("NFC", "".join(clean(text).split()))


def words(text: Text) -> str:
    """The words of a text, cleaned, with its own line ends."""
    return clean(plain(text))


def numbered(text: Text, *, numbers: Mapping[str, int]) -> str:
    """The words of a text, each link followed by its number if it has one: ``what we ask [3]``."""
    pieces = []
    for run, following in itertools.zip_longest(text, text[1:]):
        number = numbers.get(href(run.link))
        # A link may be of several runs, for it may be bold in the middle.
        ends = following is None or following.link != run.link
        pieces.append(_marked(run.text, number) if number and ends else run.text)
    return clean("".join(pieces))


def bind_numbers(run: Run) -> Run:
    """The run with the numbers of a source kept on one line: ``2021; 12: 34–41``."""
    return replace(run, text=_PARTED.sub("\xa0", run.text))


def line(text: str) -> str:
    """The text, cleaned, on one line."""
    return runs.fold(clean(text))


def escape(text: str) -> Markup:
    """The text as HTML that means nothing but itself."""
    escaped = html_escape(clean(text))
    for character, entity in _ENTITIES.items():
        if character in escaped:
            escaped = escaped.replace(character, entity)
    return escaped


def href(link: str) -> str:
    """The link if a reader may follow it (http, https, mailto, tel, a reader's own), else ""."""
    if link in _OWN or link.startswith(_PAGE):
        return link
    # Browsers drop white space and controls inside a scheme: "java\\nscript:" would run.
    link = link.strip()
    if _BREAKING.search(link):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    if parts.scheme not in _REACHABLE or not (parts.netloc or parts.path):
        return ""
    return link if parts.netloc or not parts.scheme.startswith("http") else ""


def markup(text: Text) -> Markup:
    """A text as HTML: ``<strong>``, ``<em>``, ``<code>``, ``<a>`` and line breaks."""
    return Markup("").join(_run(run) for run in text)


def code(text: Text) -> Markup:
    """Code as HTML that keeps its lines and its indentation without ``<pre>``."""
    lines = (_unfolding(code) for code in words(text).expandtabs(4).split("\n"))
    return Markup("<br />").join(lines)


def breakable(heading: str) -> Markup:
    """A heading that breaks after its colon first, where it does not fit on one line."""
    before, colon, after = line(heading).partition(": ")
    if not colon:
        return escape(before)
    return _WHOLE + escape(f"{before}:") + _END + " " + _WHOLE + escape(after) + _END


def links(text: Text) -> tuple[str, ...]:
    """The links of a text that its words do not show, each once."""
    found = (href(run.link) for run in text if run.link)
    return tuple(dict.fromkeys(link for link in found if link and link not in plain(text)))


def texts(block: Block) -> Iterator[Text]:
    """Every text of a block, in reading order."""
    yield block.text
    yield from (block.caption,) if block.caption else ()
    yield from block.items
    for row in block.rows:
        yield from row


def _run(run: Run) -> Markup:
    bound = _BOUND.sub("\xa0", clean(run.text))
    inner = Markup("<br />").join(escape(line) for line in bound.split("\n"))
    for wanted, tag in ((run.code, "code"), (run.italic, "em"), (run.bold, "strong")):
        if wanted:
            inner = Markup("<{0}>{1}</{0}>").format(tag, inner)
    link = href(run.link)
    return Markup('<a class="link" href="{}">{}</a>').format(escape(link), inner) if link else inner


def _marked(words: str, number: int) -> str:
    kept = words.rstrip()
    return f"{kept} [{number}]{words[len(kept) :]}"


def _unfolding(line: str) -> Markup:
    """The line with each space that HTML would fold, at its start or behind another, unfoldable."""
    spaced = re.sub(r"^ |(?<= ) ", "\xa0", line)
    return Markup("&#160;").join(escape(piece) for piece in spaced.split("\xa0"))
