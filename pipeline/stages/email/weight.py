"""What makes an email large: its bytes by what they are for, which add up to all of them."""

import re
from dataclasses import astuple, dataclass

# A comment for Outlook with what is in it; of one for all others, only its two ends.
_OUTLOOK = re.compile(
    r"<!--\[if [^\]]*\]>(?!<!-->).*?<!\[endif\]-->|<!--\[if [^\]]*\]><!-->|<!--<!\[endif\]-->",
    re.DOTALL,
)
_STYLES = re.compile(r"<style\b.*?</style>", re.DOTALL)
_INLINE = re.compile(r"""\sstyle="[^"]*\"""")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Bytes of UTF-8.

    Attributes:
        styles: The style sheets in the head, both schemes.
        inline: The same again in ``style`` attributes, for programs that read no style sheet.
        outlook: What only Outlook reads.
        markup: Tables, links and the rest of the tags.
        words: What a reader reads.
    """

    styles: int
    inline: int
    outlook: int
    markup: int
    words: int

    @property
    def total(self) -> int:
        """All of it."""
        return sum(astuple(self))


def weigh(html: str) -> Weight:
    """Weigh a compiled email."""
    # Outlook's first: its comments hold styles and tags of their own.
    rest, outlook = _taken(_OUTLOOK, html)
    rest, styles = _taken(_STYLES, rest)
    rest, inline = _taken(_INLINE, rest)
    words, markup = _taken(_TAG, rest)
    return Weight(styles=styles, inline=inline, outlook=outlook, markup=markup, words=_size(words))


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, int]:
    """The text without what the pattern finds, and the bytes of that."""
    left = pattern.sub("", text)
    return left, _size(text) - _size(left)


def _size(text: str) -> int:
    return len(text.encode())
