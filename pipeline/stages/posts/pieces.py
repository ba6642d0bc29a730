"""What may be said of a section outside the letter: whole sentences, and never a misleading choice.

Nothing is shortened: a sentence is there whole or not at all, so no number, dose or "not" is ever
cut off. A sentence is not parted from a "but" behind it, nor shown without the one its "it" or
"this" means, and a line that announces a list comes with the list. Markers such as ``[1]`` are left
out, since the list they point to is not there; nothing else is.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

import regex

from pipeline.stages.text.runs import fold
from pipeline.stages.text.sentences import sentences
from pipeline.values import Article, Block, Section, Text, plain

LOOK = 50
"""A choice begins with one of so many first pieces; what lies deeper makes no good opening."""

Kind = Literal["sentence", "item", "quotation", "heading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The least that is ever left out: a sentence, a list's item, a quotation, a deeper heading.

    Attributes:
        place: Where it stands among the pieces of its part, from 0.
        kind: What it is.
        text: The author's words, without reference markers.
        sign: What is set before or around the words, with ``{}`` for them.
        gap: What parts it from the piece before.
        tied: True if it must not be parted from the piece before.
        leans: True if it must not come first, because a word of it points back.
        safety: True if it tells when to ask for help.
    """

    place: int
    kind: Kind
    text: str
    sign: str
    gap: str
    tied: bool
    leans: bool
    safety: bool

    @property
    def promises(self) -> bool:
        """True if it announces what comes next, so that it must not come last."""
        return self.kind == "heading" or self.text.endswith((":", "："))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the top level with all that is below it.

    Attributes:
        index: Its place in ``Article.sections``.
        section: The section itself.
        pieces: What may be said of it, in order; tables, pictures and code are not.
    """

    index: int
    section: Section
    pieces: tuple[Piece, ...]


def parts(article: Article) -> tuple[Part, ...]:
    """The article by its sections of the top level."""
    starts = [i for i, section in enumerate(article.sections) if section.level == 1 or i == 0]
    known = frozenset(reference.number for reference in article.references)
    return tuple(
        Part(
            index=start,
            section=article.sections[start],
            pieces=_pieces(article.sections[start:end], known),
        )
        for start, end in pairwise([*starts, len(article.sections)])
    )


# --- What may be said -----------------------------------------------------------------------------


def _pieces(sections: Sequence[Section], known: frozenset[int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for depth, section in enumerate(sections):
        if depth and section.heading:
            _add(pieces, "heading", [fold(section.heading)])
        for block in section.blocks:
            if block.kind in ("table", "image", "code"):
                _withdraw_promise(pieces)
            else:
                _add_block(pieces, block, known)
    _withdraw_promise(pieces)
    return tuple(pieces)


def _add_block(pieces: list[Piece], block: Block, known: frozenset[int]) -> None:
    if block.kind == "bullets":
        _add(pieces, "item", _said(block.items, known), signs=["• {}"] * len(block.items))
    elif block.kind == "numbered":
        numbers = range(block.start, block.start + len(block.items))
        _add(pieces, "item", _said(block.items, known), signs=[f"{n}. {{}}" for n in numbers])
    elif block.kind == "quotation":
        words = next(_said([block.text], known))
        _add(pieces, "quotation", [words], signs=["{}" if words[:1] in _QUOTES else "“{}”"])
    else:
        whole = fold(plain(block.text))
        spans = (whole[start:end] for start, end in sentences(whole))
        _add(pieces, "sentence", (_unmarked(span, known) for span in spans))


def _said(texts: Iterable[Text], known: frozenset[int]) -> Iterator[str]:
    return (_unmarked(fold(plain(text)), known) for text in texts)


def _add(
    pieces: list[Piece],
    kind: Kind,
    texts: Iterable[str],
    *,
    signs: Sequence[str] = (),
) -> None:
    """Append the pieces of one block; empty ones vanish."""
    promised = bool(pieces) and pieces[-1].promises
    inner = {"item": "\n", "sentence": " "}.get(kind, "\n\n")
    for order, text in enumerate(texts):
        if not text:
            continue
        sign = signs[order] if signs else "{}"
        # Half of a recipe is no recipe, and a promised list is there whole.
        steps = order > 0 and kind == "item" and (promised or not sign.startswith("•"))
        follows = promised if order == 0 else bool(pieces) and pieces[-1].promises
        pieces.append(
            Piece(
                place=len(pieces),
                kind=kind,
                text=text,
                sign=sign,
                gap=inner if order else "\n\n",
                tied=steps or follows or _TURNS.match(text) is not None,
                leans=_POINTS_BACK.match(text) is not None,
                safety=_SAFETY.search(text) is not None,
            )
        )


def _withdraw_promise(pieces: list[Piece]) -> None:
    """Take away what announces something that is not shown, and what cannot stand without it."""
    while pieces and pieces[-1].promises:
        while pieces.pop().tied and pieces:
            pass


def _unmarked(text: str, known: frozenset[int]) -> str:
    """The text without its reference markers."""

    def left(marker: regex.Match[str]) -> str:
        written = marker[0].translate(_RAISED)
        numbers = {int(number) for number in _NUMBER.findall(written)}
        # ¹² is the twelfth reference, or else the first and the second.
        raised = {int(digit) for digit in written} if written.isdecimal() else numbers
        return "" if numbers <= known or raised <= known else marker[0]

    return unicodedata.normalize("NFC", _MARKER.sub(left, text).strip())


# --- What fits ------------------------------------------------------------------------------------


def pack(pieces: Sequence[Piece], fits: Callable[[Sequence[Piece]], bool]) -> tuple[Piece, ...]:
    """As many pieces in a row as fit, from the first that can open, with those on safety.

    Where both cannot be had, the pieces on safety give way: alone they would say nothing of the
    section.

    Args:
        pieces: In order; may be empty.
        fits: Whether a choice may go out; what fits must also fit with less.
    """
    safety = _whole(pieces, [i for i, piece in enumerate(pieces) if piece.safety])
    for must in (safety, frozenset[int]()):
        chosen = _row(pieces, must, fits)
        if chosen - must:
            return tuple(pieces[i] for i in sorted(chosen))
    return ()


def _row(
    pieces: Sequence[Piece], must: frozenset[int], fits: Callable[[Sequence[Piece]], bool]
) -> frozenset[int]:
    ends = [i for i in range(1, len(pieces) + 1) if i == len(pieces) or not pieces[i].tied]

    def choice(start: int, end: int) -> frozenset[int]:
        return must.union(range(start, end))

    def too_long(start: int, end: int) -> bool:
        return not fits([pieces[i] for i in sorted(choice(start, end))])

    openers = [i for i, piece in enumerate(pieces) if not i or not (piece.tied or piece.leans)]
    for start in openers[:LOOK]:
        reach = ends[bisect_left(ends, start + 1) :]
        kept = bisect_left(reach, True, key=partial(too_long, start))
        if kept:
            return choice(start, reach[kept - 1])
    return must


def _whole(pieces: Sequence[Piece], wanted: Iterable[int]) -> frozenset[int]:
    """The wanted places with all that must stand beside them."""
    whole: set[int] = set()
    for place in wanted:
        first, end = place, place + 1
        # "Call us." says nothing without the "If your hand is numb" before it.
        while first and (pieces[first].tied or pieces[first].leans or pieces[first].gap == " "):
            first -= 1
        while end < len(pieces) and pieces[end].tied:
            end += 1
        whole.update(range(first, end))
    return frozenset(whole)


def body(pieces: Sequence[Piece]) -> str:
    """The pieces as text; an empty line stands where something was left out."""
    said: list[str] = []
    before = -1
    for piece in pieces:
        gap = piece.gap if piece.place == before + 1 else "\n\n"
        said += [gap if said else "", piece.sign.replace("{}", piece.text)]
        before = piece.place
    return "".join(said)


_QUOTES = ("“", "„", "«", "「", "『", '"')
_LIST = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*"
# A raised number behind a digit is a power, behind a unit an area: both belong to the sentence.
_MARKER = regex.compile(rf"\s?\[{_LIST}\]|(?<!\d|\b[cdkm]?m)[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}}")
_NUMBER = regex.compile(r"\d+")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _openers(*words: str) -> "regex.Pattern[str]":
    alternatives = "|".join(" ".join(words).replace("_", r"\s").split())
    return regex.compile(rf"[\s“„«‘\"'(]*(?:{alternatives})\b", regex.IGNORECASE)


# What follows takes back or limits what was said.
_TURNS = _openers(
    "but however unless except only yet still nor otherwise instead even_so",
    "do_not don['’]t please_do_not please_don['’]t",
    "pero sin_embargo salvo excepto solo sólo mais cependant toutefois sauf pourtant",
    "aber jedoch allerdings außer nur doch 단 다만 하지만 그러나 그렇지만",
)
_POINTS_BACK = _openers(
    "this that these those it its they them their he his she her such so then also therefore thus",
    "hence and or both neither either",
    "esto esta este estos estas eso esa ese ello ellos ellas además así",
    "cela ceci ce cette ces il elle ils elles ainsi donc",
    "dies diese dieser dieses er sie es daher deshalb damit",
    "이것은 이것이 이는 이런 이러한 이",
    "그것은 그것이 그런 그러한 그 저 그래서 따라서 또한 그리고 즉",
)
_SAFETY = regex.compile(
    r"\b(?:call|ask|tell|see)\s(?:us|a|your)\b|\bemergenc|\bdoctor\b|\ballerg|\b(?:911|112|119|999)\b"
    r"|\burgencias?\b|\bmédico\b|\balergi|\bArzt\b|\bNotruf|\bmédecin\b|응급|알레르기|의사|전화",
    regex.IGNORECASE,
)
