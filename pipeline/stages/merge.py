"""Merge fields: what differs from reader to reader, kept out of the approved bytes.

Staff write ``{{ first_name | default("friend") }}``: a name of a closed list and at most one
default. That is the whole grammar; no template engine ever sees their words, so no text can call
for anything else. A rendered issue holds a mark in its place, ``@@first_name.667269656e64@@``: the
default in hexadecimal, so that neither HTML nor an attribute, a header or the end of a line can
break it. One rendering serves any number of readers: a channel puts the values in itself
(:class:`Form`) or translates the marks to its provider's own (:func:`translate`).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from markupsafe import escape

LINKS = ("unsubscribe_url", "preferences_url", "view_url")
FIELDS = ("first_name", "language", *LINKS, "postal_address")
"""What staff may write. ``postal_address`` is the same for all, so it never becomes a mark."""

MARKED = ("first_name", "language", *LINKS, "archive_url")
"""What a rendering may hold. ``archive_url`` is ours alone: paths of pages stand behind it."""
NOTICED = ("confirm_url", "preferences_url", "approve_url")
"""What a notice may hold: nothing that a stranger may have typed."""

ADDRESSES = (*LINKS, "archive_url", "confirm_url", "approve_url")

LONGEST_DEFAULT = 40

_KNOWN = frozenset({*MARKED, *NOTICED})
_MARK = re.compile(r"@@([a-z_]+)(?:\.((?:[0-9a-f]{2})+))?@@")
# Word processors turn straight quotes into curly ones; both mean the same.
_DEFAULT = "|".join(
    rf"{begin}([^{begin}{end}{{}}\x00-\x1f\x7f-\x9f\u2028\u2029]{{0,{LONGEST_DEFAULT}}}){end}"
    for begin, end in ('""', "''", "“”", "‘’")
)
_FIELD = re.compile(
    rf"\{{\{{\s{{0,9}}({'|'.join(FIELDS)})\s{{0,9}}"
    rf"(?:\|\s{{0,9}}default\(\s{{0,9}}(?:{_DEFAULT})\s{{0,9}}\)\s{{0,9}})?\}}\}}"
)
_BRACES = re.compile(r"\{\{([^{}]{1,200})\}\}?")
_NAME = re.compile(r"\s*([A-Za-z_][\w -]*)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value of the reader, and what stands there for a reader who has none."""

    field: str
    default: str = ""

    @property
    def key(self) -> str:
        """A name that no other slot has: ``first_name_667269656e64``."""
        return f"{self.field}_{self.default.encode().hex()}" if self.default else self.field

    @property
    def mark(self) -> str:
        """The mark that stands for it."""
        return f"@@{self.field}{self.default and '.' + self.default.encode().hex()}@@"

    def value(self, values: Mapping[str, str]) -> str:
        """What this reader gets.

        Raises:
            KeyError: The field is missing, not merely empty.
        """
        return values[self.field] or self.default


@dataclass(frozen=True, slots=True)
class Slip:
    """Braces that were surely meant as a merge field and are none.

    Attributes:
        written: As it stands in the text: ``{{ frist_name }}``.
        span: Where, in characters.
        meant: The field that is most like it, or "".
    """

    written: str
    span: tuple[int, int]
    meant: str


class Mark(str):
    """A mark as a template prints it; ``mark | default("friend")`` gives one with a default."""

    __slots__ = ()

    def default(self, words: str) -> "Mark":
        """The same field with a default.

        Raises:
            ValueError: It is no line of a few words.
        """
        if len(words) > LONGEST_DEFAULT or not words.isprintable():
            raise ValueError(f"a default is one line of {LONGEST_DEFAULT} characters at most")
        return Mark(Slot(_slot(self).field, str(words)).mark)


class Form:
    """A text split once at its marks, to be filled for any number of readers."""

    __slots__ = ("_pieces", "_slots")

    def __init__(self, text: str, *, html: bool) -> None:
        self._pieces: list[bytes] = []
        self._slots: list[tuple[int, Slot, Callable[[str], str]]] = []
        for piece in pieces(text):
            if isinstance(piece, Slot):
                self._slots.append((len(self._pieces), piece, escape if html else str))
            self._pieces.append(b"" if isinstance(piece, Slot) else piece.encode())

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The text for one reader, in UTF-8; in HTML, a value can be nothing but words.

        Raises:
            KeyError: A field has no value.
        """
        pieces = self._pieces.copy()
        for place, slot, write in self._slots:
            pieces[place] = write(slot.value(values)).encode()
        return b"".join(pieces)


@lru_cache(maxsize=32)
def form(text: str, *, html: bool) -> Form:
    """The text, split; kept, since a batch fills the same few texts for each of its readers."""
    return Form(text, html=html)


def mark(field: str) -> str:
    """The mark that stands for a field: ``@@unsubscribe_url@@``."""
    return Slot(field).mark


def for_templates() -> dict[str, Mark]:
    """The marks by field, as templates print them."""
    return {field: Mark(mark(field)) for field in MARKED}


def marks(text: str) -> list[str]:
    """The names of all marks in a text, in order, known or not."""
    return [found[1] for found in _MARK.finditer(text)]


def unknown(text: str, known: Collection[str] = MARKED) -> list[str]:
    """The names of all marks in a text that none of these fields has, in order."""
    return [name for name in marks(text) if name not in known]


def pieces(text: str) -> Iterator[str | Slot]:
    """The text in pieces, words and slots by turns; an unknown mark is words."""
    place = 0
    for found in _MARK.finditer(text):
        if found[1] in _KNOWN:
            yield text[place : found.start()]
            yield _slot(found[0])
            place = found.end()
    yield text[place:]


def slots(text: str) -> list[Slot]:
    """The places for values in a text, in order."""
    return [piece for piece in pieces(text) if isinstance(piece, Slot)]


def translate(text: str, to: Callable[[Slot], str]) -> str:
    """The text with each known mark replaced by ``to(slot)``; an unknown one stays as it is."""
    return "".join(to(piece) if isinstance(piece, Slot) else piece for piece in pieces(text))


def merge(text: str, values: Mapping[str, str], *, html: bool = False) -> str:
    """The text with each mark replaced by this reader's value.

    Raises:
        KeyError: A field has no value.
    """
    return form(text, html=html).fill(values).decode()


def write(text: str, *, postal_address: str = "") -> str:
    """The words of staff with each merge field as a mark; all other braces stay as they are."""
    return _FIELD.sub(lambda found: _written(found, postal_address), text)


def plainly(text: str, *, postal_address: str = "") -> str:
    """The words of staff as everybody may read them: with defaults, and links left out."""
    return unmarked(write(text, postal_address=postal_address))


def unmarked(text: str) -> str:
    """A text with marks as everybody may read it: with defaults, and links left out."""
    return translate(text, lambda slot: "" if slot.field in ADDRESSES else slot.default)


def link(target: str) -> str:
    """The mark that the target of a link stands for, if it is one field of a link; else ""."""
    field = _FIELD.fullmatch(target.strip())
    return mark(field[1]) if field and field[1] in LINKS else ""


def spans(text: str) -> list[tuple[int, int]]:
    """Where the marks of a text stand."""
    return [found.span() for found in _MARK.finditer(text)]


def fields(text: str) -> list[tuple[Slot, tuple[int, int]]]:
    """The merge fields staff wrote, each with its span."""
    return [(_field(found), found.span()) for found in _FIELD.finditer(text)]


def slips(text: str) -> Iterator[Slip]:
    """Braces that look like a merge field and are none: misspelt, unknown, or with more in them.

    ``{{ 7 * 7 }}``, ``{{ a.b }}`` and ``{% … %}`` are nobody's merge field, and are printed as they
    stand.
    """
    for found in _BRACES.finditer(text):
        name = _NAME.match(found[1])
        if name is None or _FIELD.match(text, found.start()):
            continue
        said = re.sub(r"[\W_]+", "_", name[1].strip().lower())
        meant = next(iter(get_close_matches(said, FIELDS, 1, 0.82)), "")
        rest = found[1][name.end() :]
        if meant or not rest or rest.startswith("|"):
            yield Slip(found[0], found.span(), meant)


def _slot(mark: str) -> Slot:
    found = _MARK.fullmatch(mark)
    assert found is not None  # noqa: S101 (only marks are handed over)
    # Someone may have written these digits by hand.
    return Slot(found[1], bytes.fromhex(found[2] or "").decode(errors="replace"))


def _field(found: re.Match[str]) -> Slot:
    return Slot(found[1], next(filter(None, found.groups()[1:]), ""))


def _written(found: re.Match[str], postal_address: str) -> str:
    slot = _field(found)
    return slot.mark if slot.field in MARKED else postal_address or slot.default
