"""Stars that CommonMark would leave in the text, though every writer meant them as bold.

Two cases: bold that ends in a sign right before a Korean, Chinese or Japanese letter, where words
are not parted by spaces (``**“침”**은``); and four stars where one bold stretch ends and the next
begins, as editors export them (``**a****b**``). Stars that find no partner stay what they are.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter, StateInline

_CJK = re.compile(r"[ᄀ-ᇿ⺀-ヿㄱ-㆏ㇰ-鿿ꥠ-꥿가-힯豈-﫿＀-￯]")
_TWICE = 4


def enable_emphasis(markdown: MarkdownIt) -> MarkdownIt:
    """Let a parser read stars as people mean them."""
    markdown.inline.ruler.at("emphasis", _emphasis)
    return markdown


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Take a row of stars or low lines as marks that may open or close."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    opens, closes = scanned.can_open, scanned.can_close
    if marker == "*":
        before, after = _around(state, scanned.length)
        opens = opens or (_CJK.match(before) is not None and not after.isspace())
        closes = closes or (_CJK.match(after) is not None and not before.isspace())
    # Four stars in the middle are two marks: the one closes, the other opens.
    doubled = marker == "*" and scanned.length == _TWICE and opens and closes
    length = _TWICE // 2 if doubled else scanned.length
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        token = len(state.tokens) - 1
        state.delimiters.append(
            Delimiter(ord(marker), length=length, token=token, end=-1, open=opens, close=closes)
        )
    state.pos += scanned.length
    return True


def _around(state: StateInline, length: int) -> tuple[str, str]:
    """The characters on both sides; a space where the text ends."""
    end = state.pos + length
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    return before, state.src[end] if end < state.posMax else " "
