"""How long a post may be on each network, counted as the network counts.

Where a network does not say what a character is, the longer count is taken: a post that is a little
shorter than it might be is sent, one that is a little too long is refused or cut.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import regex

from pipeline.values import Network

URL_LENGTH = 23
"""What Mastodon and X count for a link, whatever its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a network asks of the text of a post.

    Attributes:
        limit: The greatest length, in ``unit``.
        unit: What is counted, in words.
        count: The length of a text in ``unit``.
        source: Where the network says so.
        seen: When it was last read there.
        max_bytes: A second limit on the UTF-8 form, or None.
        max_hashtags: How many hashtags a post may hold, or None if the network does not mind.
    """

    limit: int
    unit: str
    count: Callable[[str], int]
    source: str
    seen: dt.date
    max_bytes: int | None = None
    max_hashtags: int | None = None

    def fits(self, text: str) -> bool:
        """Whether the network takes this text."""
        return (
            self.count(text) <= self.limit
            and (self.max_bytes is None or len(text.encode()) <= self.max_bytes)
            and (self.max_hashtags is None or len(_HASHTAG.findall(text)) <= self.max_hashtags)
        )


def graphemes(text: str) -> int:
    """The number of characters as a reader sees them (UAX 29)."""
    return len(_GRAPHEME.findall(text))


def utf16(text: str) -> int:
    """The number of UTF-16 code units: an emoji counts two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def little_text(text: str) -> str:
    """The text as LinkedIn wants it: unescaped, it is silently cut at the first reserved sign."""
    escaped: str = _RESERVED.sub(r"\\\g<0>", text)
    return escaped


def linkedin(text: str) -> int:
    """The length after escaping."""
    return utf16(little_text(text))


def mastodon(text: str) -> int:
    """Graphemes; a link counts 23 and a mention of another server only its local part."""
    return graphemes(_MENTION.sub(r"\1", _HTTP.sub("x" * URL_LENGTH, text)))


def threads(text: str) -> int:
    """Code points, but an emoji counts the bytes of its UTF-8 form."""
    return sum(
        len(cluster.encode()) if _EMOJI.search(cluster) else len(cluster)
        for cluster in _GRAPHEME.findall(text)
    )


def weighted(text: str) -> int:
    """The weighted length of X, configuration version 3.

    Most letters of alphabets count one; Hangul, Han, Kana and all else two; an emoji of any number
    of code points two; a link 23. A bare domain is a link only under a real top-level domain;
    whichever count is the greater is taken, so that no list of domains has to be kept.

    Source: https://github.com/twitter/twitter-text/blob/master/config/v3.json
    """
    text = unicodedata.normalize("NFC", text)
    total = place = 0
    for link in _LINK.finditer(text):
        if _is_link(link):
            total += _weigh(text[place : link.start()])
            total += URL_LENGTH if link["scheme"] else max(URL_LENGTH, _weigh(link[0]))
            place = link.end()
    return total + _weigh(text[place:])


def _is_link(link: regex.Match[str]) -> bool:
    """Whether the name can be registered: a label holds 63 characters as it goes over the wire."""
    labels = link["host"].split(".")
    return all(label.isascii() or len(label.encode("punycode")) <= 59 for label in labels)


def _weigh(text: str) -> int:
    return sum(map(_weigh_cluster, _GRAPHEME.findall(text)))


def _weigh_cluster(cluster: str) -> int:
    if not _EMOJI.search(cluster):
        return sum(map(_weight, cluster))
    # Marks heaped upon an emoji are no part of it.
    return 2 + sum(map(_weight, _EMOJI_PART.sub("", cluster)))


def _weight(letter: str) -> int:
    code = ord(letter)
    light = (
        code <= 0x10FF
        or 0x2000 <= code <= 0x200D
        or 0x2010 <= code <= 0x201F
        or 0x2032 <= code <= 0x2037
    )
    return 1 if light else 2


_GRAPHEME = regex.compile(r"\X")
# "#1" is a number to every network: a hashtag has a letter.
_HASHTAG = regex.compile(r"(?<![\w&])#(?=[\p{N}_]*\p{L})\w")
_RESERVED = regex.compile(r"[\\|{}@\[\]()<>#*_~]")
_HTTP = regex.compile(r"https?://\S+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\w/])(@\w+)@[\w.-]*\w")

_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]"
    r"|[0-9#*]\ufe0f?\u20e3"
)
_EMOJI_PART = regex.compile(
    r"[\p{Emoji}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u200d\u20e3\U000e0020-\U000e007f]"
)

# Bounded everywhere, so that no text makes the search slow.
_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}])?"
_PLAIN_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TOP = r"(?:[a-z]{2,63}(?![a-z0-9_@-])|[\p{L}\p{M}--[a-z]]{2,63})"
_PATH = r"""
    (?::\d{1,5})?
    (?:[/?\#](?:[\p{Latin}\p{Cyrillic}\p{M}0-9!*';:=+,.$/%\#\[\]\-–_~@|&()?]{0,4000}
    [\p{Latin}\p{Cyrillic}\p{M}0-9=_\#/+\-&)])?)?
"""
_LINK = regex.compile(
    rf"""
    (?<![@\#$\w]) (?P<scheme>https?://) (?P<host>(?:{_LABEL}\.){{1,20}}{_TOP}) {_PATH}
    | (?<![@\#$./a-z0-9_-]) (?P<host>(?:{_PLAIN_LABEL}\.){{1,20}}{_TOP}) {_PATH}
    """,
    regex.IGNORECASE | regex.VERBOSE | regex.VERSION1,
)

_SEEN = dt.date(2026, 11, 22)

NETWORKS: Mapping[Network, Rule] = {
    "bluesky": Rule(
        limit=300,
        unit="characters as a reader sees them",
        count=graphemes,
        source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
        seen=_SEEN,
        max_bytes=3000,
    ),
    "facebook": Rule(
        limit=63206,
        unit="UTF-16 code units",
        count=utf16,
        source="https://developers.facebook.com/docs/pages-api/posts/",
        seen=_SEEN,
    ),
    "instagram": Rule(
        limit=2200,
        unit="UTF-16 code units",
        count=utf16,
        source="https://developers.facebook.com/docs/instagram-platform/content-publishing",
        seen=_SEEN,
        max_hashtags=5,
    ),
    "linkedin": Rule(
        limit=3000,
        unit="UTF-16 code units after escaping",
        count=linkedin,
        source="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/"
        "shares/little-text-format",
        seen=_SEEN,
    ),
    "mastodon": Rule(
        limit=500,
        unit="characters as a reader sees them, a link counting 23",
        count=mastodon,
        source="https://docs.joinmastodon.org/user/posting/",
        seen=_SEEN,
    ),
    "telegram": Rule(
        limit=4096,
        unit="UTF-16 code units",
        count=utf16,
        source="https://core.telegram.org/bots/api#sendmessage",
        seen=_SEEN,
    ),
    "threads": Rule(
        limit=500,
        unit="code points, an emoji counting its bytes",
        count=threads,
        source="https://developers.facebook.com/docs/threads/overview",
        seen=_SEEN,
        max_hashtags=1,
    ),
    "x": Rule(
        limit=280,
        unit="weighted characters, a link counting 23",
        count=weighted,
        source="https://docs.x.com/fundamentals/counting-characters",
        seen=_SEEN,
    ),
}
