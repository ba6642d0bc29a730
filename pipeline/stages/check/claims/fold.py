"""Letters as a reader takes them, however they were typed (C12).

A Cyrillic "с" in "сure", a full-width "ｃure", a zero-width space or a mark in the middle of a word
change nothing for the eye. They are folded away before anything is looked for, accents too; every
letter keeps its place, so that what is found can be shown in the words as written.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its letters came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as written that a stretch of the folded one stands for."""
        return (self.starts[start], self.ends[end - 1]) if end > start else (0, 0)


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """Fold a text: small letters without accents, plain quotation marks, single spaces."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _STRETCH.finditer(text):
        begin, end = found.span()
        if found["plain"]:
            for edge in _humps(found[0]) if "#" in found[0] else ():
                letters += (text[begin : begin + edge].lower(), " ")
                starts.extend(range(begin, begin + edge + 1))
                ends.extend(range(begin + 1, begin + edge + 2))
                begin += edge
            letters.append(text[begin:end].lower())
            starts.extend(range(begin, end))
            ends.extend(range(begin + 1, end + 1))
        else:
            folded = " " if found["space"] else _folded(found[0])
            letters.append(folded)
            starts.extend([begin] * len(folded))
            ends.extend([end] * len(folded))
    return Folded("".join(letters), starts, ends)


def folded(text: str) -> str:
    """The folded letters alone."""
    return fold(text).text


def _humps(text: str) -> Iterator[int]:
    """How long each word of a hashtag but the last is, with what stands before it."""
    begun = 0
    for tag in _HASHTAG.finditer(text):
        for hump in _HUMP.finditer(text, *tag.span()):
            yield hump.start() - begun
            begun = hump.start()


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    if len(cluster) == 1 and cluster in _ALIKE:
        return _ALIKE[cluster]
    composed = unicodedata.normalize("NFKC", cluster).lower()
    if _HANGUL.match(composed):
        return composed
    kept = (_ALIKE.get(c, c) for c in unicodedata.normalize("NFD", composed))
    return "".join(c for c in kept if unicodedata.category(c) not in _SILENT)


# Full-width letters and digits in a row are one stretch each; so is a Hangul syllable in pieces.
_STRETCH = re.compile(
    r"(?P<plain>[!-~가-힣]+(?: [!-~가-힣]+)*)|(?P<space>\s+)"
    r"|[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?|."
)
_HASHTAG = re.compile(r"#\w+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Marks, and what is not seen: zero width, soft hyphens, orders of direction, variation selectors.
_SILENT = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})


def _pairs(strange: str, plain: str) -> dict[str, str]:
    return dict(zip(strange, plain, strict=True))


_ALIKE = {
    # Cyrillic, small and large; Greek; letters of Latin extensions that look like plain ones.
    **_pairs("аеорсухіјѕһԁԛԝвкмтнгьԍ", "aeopcyxijshdqwbkmthrbg"),
    **_pairs("АЕОРСУХІЈЅВКМТНЅҮ", "aeopcyxijsbkmthsy"),
    **_pairs("αοεινρτυκχηγωςσϲ", "aoeivptukxnywcoc"),
    **_pairs("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "abezhikmnoptyxc"),
    **_pairs("ıɑɡɩℓʟᴀʙᴄᴅᴇᴊᴋᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢɪɢʜ", "iagillabcdejkmnoprtuvwyzigh"),
    **dict.fromkeys("“”„‟«»「」『』", '"'),
    **dict.fromkeys("‘’‚‛`´ʼ", "'"),
    **dict.fromkeys("–—―−", "—"),
    **dict.fromkeys("‐‑", "-"),
    "\u115f": "",
    "\u1160": "",
    "\u3164": "",
    "\u2800": "",
}  # fmt: skip
