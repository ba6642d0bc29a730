"""Markdown (CommonMark with tables): every block becomes a line that says what it is.

Raw HTML never survives as markup; its text does.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from pipeline.errors import SourceError
from pipeline.stages.read.emphasis import enable_emphasis
from pipeline.stages.read.limits import refuse_marks
from pipeline.stages.text.runs import as_text, clean, fold, tidy
from pipeline.values import Line, LineKind, Run, Source, Text, plain

# The parser drops what is nested deeper than its limit; ours is half of it, so nothing gets there.
_DEEPEST = 50
# What stands inside of a block is parsed block by block. Line ends are all alike already; to make
# them so once more would be a second copy of the whole text.
_MARKDOWN = enable_emphasis(
    MarkdownIt("commonmark", {"maxNesting": 2 * _DEEPEST})
    .enable("table")
    .disable(["normalize", "inline", "text_join"])
)
# What readers of a page never see; without its end it would hide the rest of the article.
_HIDING = {"<!--": "-->", "<script": "</script>", "<style": "</style>"}
# Tags that part words; all others stand inside them: <b>w</b>ord is one word.
_PARTING_TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption|figure"
    r"|footer|h[1-6]|header|hr|iframe|img|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot"
    r"|th|thead|tr|ul|video)\b[^>]*>",
    re.IGNORECASE,
)


def read_markdown(name: str, text: str) -> Source:
    """Read Markdown: a line for each heading, paragraph, item, row, image and code block.

    Raises:
        SourceError: Something in it would be lost: a comment without end, or absurd nesting.
    """
    refuse_marks(PurePath(name), text)
    walk = _Walk(blank=[not line.strip() for line in text.split("\n")])
    known: dict[str, Any] = {"take": list.clear}
    if "]:" in text:
        # The addresses of links may stand below them.
        _MARKDOWN.parse(text, known)

    def take(tokens: list[Token]) -> None:
        for token in tokens:
            if token.type == "inline":
                token.children = []
                _MARKDOWN.inline.parse(token.content, _MARKDOWN, known, token.children)
            _refuse_loss(token, name)
            walk.take(token)
        tokens.clear()

    known["take"] = take
    take(_MARKDOWN.parse(text, known))
    return Source(name=name, lines=tuple(walk.lines))


def _hand_over(state: StateBlock, _: int, __: int, silent: bool) -> bool:
    """Hand over the blocks so far before the next one begins: all tokens fill much memory."""
    if not silent and not state.level:
        state.env["take"](state.tokens)
    return False


_MARKDOWN.block.ruler.before("table", "hand_over", _hand_over)


def _refuse_loss(token: Token, name: str) -> None:
    line = token.map[0] + 1 if token.map else 0
    if token.level >= _DEEPEST:
        raise SourceError(
            f"lists or quotations are nested more than {_DEEPEST} deep here",
            mend="Remove the marks in front of the words.",
            path=name,
            line=line,
        )
    raw = token.content.lower() if token.type == "html_block" else ""
    for opening, closing in _HIDING.items():
        place = raw.rfind(opening)
        if place >= 0 and closing not in raw[place:]:
            raise SourceError(
                f"{opening} begins here and does not end, so all below it would be lost",
                mend=f"Write {closing} behind it, or remove {opening}.",
                path=name,
                line=line,
            )


# Kind and text; of an image also its address and its caption.
_Piece = tuple[LineKind, Text, str, Text]


@dataclass
class _Walk:
    """One pass over the tokens, remembering the lists and quotations it stands in.

    Attributes:
        blank: Whether each line of the source is empty.
        depth: How many lists are open.
        marker: The marker of an item whose first paragraph is still to come.
        quoted: How many quotations are open.
        heading: The level of the open heading, or 0.
        cells: The cells of the open table row.
    """

    blank: Sequence[bool]
    lines: list[Line] = field(default_factory=list)
    depth: int = 0
    counts: list[int] = field(default_factory=list)
    marker: str = ""
    quoted: int = 0
    heading: int = 0
    cells: list[Text] | None = None
    number: int = 1

    def take(self, token: Token) -> None:
        """Take the next token in."""
        if token.map and token.type not in _SPANNING:
            self.number = token.map[0] + 1
        handler = _HANDLERS.get(token.type)
        if handler is not None:
            handler(self, token)

    def add_image(self, text: Text, target: str, caption: Text) -> None:
        """Add the line of a picture."""
        self.add("image", text, target=target)
        self.lines[-1] = replace(self.lines[-1], caption=caption)

    def add(self, kind: LineKind, text: Text, *, level: int = 0, target: str = "") -> None:
        """Add a line; the first one in a list item is the item."""
        marker = ""
        if self.marker and kind == "plain":
            kind, marker, level, self.marker = "item", self.marker, self.depth - 1, ""
        elif self.quoted and kind in ("plain", "heading"):
            kind, marker, level = "quotation", ">", 0
        line = Line(
            number=self.number,
            text=text,
            kind=kind,
            level=level,
            marker=marker,
            gap=self._gap(),
            target=target,
        )
        self.lines.append(line)

    def _gap(self) -> bool:
        return self.number < 2 or self.blank[self.number - 2]


def _inline(walk: _Walk, token: Token) -> None:
    if walk.cells is not None:
        walk.cells.append(_flat(token))
        return
    for kind, text, target, caption in _pieces(token):
        if kind == "image":
            walk.add_image(text, target, caption)
        elif walk.heading:
            walk.add("heading", text, level=walk.heading)
            # What follows a picture in a heading is no second heading.
            walk.heading = 0
        else:
            walk.add("plain", text)


def _open_list(walk: _Walk, token: Token) -> None:
    walk.depth += 1
    start = token.attrGet("start")
    walk.counts.append(1 if start is None else int(start))


def _close_list(walk: _Walk, _: Token) -> None:
    walk.depth -= 1
    walk.counts.pop()


def _open_item(walk: _Walk, token: Token) -> None:
    # Numbers after the first do not count in Markdown: 1. 1. 1. is 1, 2, 3.
    walk.marker = token.markup
    if token.markup in ".)":
        walk.marker = f"{walk.counts[-1]}{token.markup}"
        walk.counts[-1] += 1


def _close_item(walk: _Walk, _: Token) -> None:
    walk.marker = ""


def _open_quotation(walk: _Walk, _: Token) -> None:
    walk.quoted += 1


def _close_quotation(walk: _Walk, _: Token) -> None:
    walk.quoted -= 1


def _open_heading(walk: _Walk, token: Token) -> None:
    walk.heading = int(token.tag.removeprefix("h"))


def _close_heading(walk: _Walk, _: Token) -> None:
    walk.heading = 0


def _open_row(walk: _Walk, _: Token) -> None:
    walk.cells = []


def _close_row(walk: _Walk, _: Token) -> None:
    cells, walk.cells = tuple(walk.cells or ()), None
    walk.lines.append(Line(number=walk.number, text=(), kind="table", gap=walk._gap(), cells=cells))


def _code(walk: _Walk, token: Token) -> None:
    words = "\n".join(line.rstrip() for line in clean(token.content).split("\n")).strip("\n")
    if words.strip():
        walk.add("code", (Run(words),))


def _html(walk: _Walk, token: Token) -> None:
    parted = _PARTING_TAG.sub("\n", token.content)
    for words in html.unescape(nh3.clean(parted, tags=set())).split("\n"):
        text = as_text(words)
        if text:
            walk.add("plain", text)


_SPANNING = {
    "ordered_list_open",
    "bullet_list_open",
    "list_item_open",
    "blockquote_open",
    "table_open",
}
_HANDLERS = {
    "inline": _inline,
    "bullet_list_open": _open_list,
    "ordered_list_open": _open_list,
    "bullet_list_close": _close_list,
    "ordered_list_close": _close_list,
    "list_item_open": _open_item,
    "list_item_close": _close_item,
    "blockquote_open": _open_quotation,
    "blockquote_close": _close_quotation,
    "heading_open": _open_heading,
    "heading_close": _close_heading,
    "tr_open": _open_row,
    "tr_close": _close_row,
    "fence": _code,
    "code_block": _code,
    "html_block": _html,
}


def _flat(token: Token) -> Text:
    """All runs of a token, an image by its alternative text and its caption."""
    runs: list[Run] = []
    for _, text, _, caption in _pieces(token):
        runs += [Run(" "), *text, Run(" "), *caption]
    return tidy(runs)


def _pieces(token: Token) -> Iterator[_Piece]:
    """The texts and images of a token in their order."""
    runs: list[Run] = []
    style = Run("")
    for child in token.children or ():
        if child.type == "image":
            yield from _text_piece(runs)
            runs = []
            alt, title = plain(_flat(child)), str(child.attrGet("title") or "")
            yield "image", as_text(alt), str(child.attrGet("src") or ""), as_text(fold(title))
        elif child.type in _STYLES:
            style = _STYLES[child.type](style, child)
        else:
            runs.append(replace(style, text=_words(child), code=child.type == "code_inline"))
    yield from _text_piece(runs)


def _text_piece(runs: Sequence[Run]) -> Iterator[_Piece]:
    text = tidy(runs)
    if plain(text):
        yield "plain", text, "", ()


def _words(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    if child.type == "html_inline":
        return " " if _PARTING_TAG.fullmatch(child.content) else ""
    return child.content


_STYLES: dict[str, Callable[[Run, Token], Run]] = {
    "strong_open": lambda style, _: replace(style, bold=True),
    "strong_close": lambda style, _: replace(style, bold=False),
    "em_open": lambda style, _: replace(style, italic=True),
    "em_close": lambda style, _: replace(style, italic=False),
    "link_open": lambda style, child: replace(style, link=str(child.attrGet("href") or "")),
    "link_close": lambda style, _: replace(style, link=""),
}
