"""A row of a list becomes a person to take in, an opt-out to keep, or a refusal with its reason."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import available_timezones

from babel import Locale
from babel.core import UnknownLocaleError

from pipeline.audience.addresses import normalise_address
from pipeline.audience.fields import checked
from pipeline.audience.lists.columns import Columns
from pipeline.audience.lists.doubts import doubt
from pipeline.audience.lists.formulas import unmarked
from pipeline.audience.lists.states import KINDS, OptOut, Verdict, verdict
from pipeline.audience.lists.table import Cells
from pipeline.errors import SourceError
from pipeline.stages.text.clinical import holds_clinical
from pipeline.values import Newsletter

LONGEST_NAME = 200
NOTHING: Mapping[str, str] = MappingProxyType({})
_OWN = ("name", "first_name", "last_name", "language", "time_zone")
_DIGIT = re.compile(r"\d")
_UNPRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_SPOKEN = {
    "english": "en", "inglés": "en", "영어": "en",
    "spanish": "es", "español": "es", "espanol": "es", "castellano": "es", "스페인어": "es",
    "korean": "ko", "coreano": "ko", "한국어": "ko",
}  # fmt: skip


class Entry(NamedTuple):
    """A row that is one person.

    Attributes:
        line: Where it stands.
        address: Normalised.
        note: What of it was left out, and why; or "".
        out: What the list says against writing to them.
    """

    line: int
    address: str
    name: str = ""
    language: str = ""
    time_zone: str = ""
    note: str = ""
    fields: Mapping[str, str] = NOTHING
    out: OptOut | None = None


class Refused(NamedTuple):
    """A row that is none.

    Attributes:
        line: Where it stands.
        said: What stands for its address there.
        reason: Why.
    """

    line: int
    said: str
    reason: str


Reading = Callable[[int, Cells], Entry | Refused]


def reading(columns: Columns, newsletter: Newsletter) -> Reading:
    """The function that reads the rows of a list with these columns."""
    width = len(columns.header)
    address_at = columns.places["address"]
    person = _person(columns, newsletter)

    def read(line: int, cells: Cells) -> Entry | Refused:
        said = unmarked(cells[address_at]) if address_at < len(cells) else ""
        if len(cells) != width:
            if any(cells[width:]):
                told = f"it has {len(cells)} cells, and the head has {width}"
                return Refused(line, said[:320], told)
            cells = cells[:width] + [""] * (width - len(cells))
        try:
            address = normalise_address(said)
            known = _state(columns, cells) if columns.states else ""
            if isinstance(known, OptOut):
                return Entry(line, address, out=known)
            reason = known or doubt(address)
            if reason:
                return Refused(line, said, reason)
            return person(line, address, cells)
        except SourceError as error:
            return Refused(line, said[:320], error.message)

    return read


def _state(columns: Columns, cells: Cells) -> Verdict:
    return verdict([KINDS[kind](unmarked(cells[place])) for kind, place in columns.states])


def _person(columns: Columns, newsletter: Newsletter) -> Callable[[int, str, Cells], Entry]:
    """The function that makes a person of an address and a row; all that can be is done before."""
    places, declared = columns.places, newsletter.fields
    # What the list does not have stands behind its last column, and is empty.
    own = itemgetter(*(places.get(name, len(columns.header)) for name in _OWN))

    def person(line: int, address: str, cells: Cells) -> Entry:
        said = own([*cells, ""])
        if "'" in "".join(said):
            said = tuple(map(unmarked, said))
        name, first, last, language, zone = said
        tag, where, note = _placed(language, zone)
        fields = NOTHING
        if declared:
            values = {key: unmarked(cells[place]) for key, place in places.items()}
            fields = checked(declared, values)
        return Entry(line, address, _name(name or f"{first} {last}"), tag, where, note, fields)

    return person


def _name(text: str) -> str:
    """A name on one line.

    Raises:
        SourceError: It holds what would break a header (S14), or looks like a patient's data (P5).
    """
    name = " ".join(text.split())
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    if len(name) > LONGEST_NAME:
        raise SourceError(f"the name is longer than {LONGEST_NAME} characters")
    if not name.isprintable() and _UNPRINTED.intersection(map(unicodedata.category, name)):
        raise SourceError("the name holds a control character")
    if "\ufffd" in name:
        raise SourceError("the name holds letters that were lost; save the list as UTF-8")
    # Nothing of a patient's data is without a digit.
    if _DIGIT.search(name) and holds_clinical(name):
        raise SourceError("the name holds what looks like a patient's data")
    return name


@lru_cache(maxsize=4_000)
def _placed(language: str, zone: str) -> tuple[str, str, str]:
    """Language, time zone, and what of them was left out and why."""
    tag, unknown = _language(language)
    where, nowhere = _zone(zone)
    return tag, where, "; ".join(filter(None, (unknown, nowhere)))


def _language(said: str) -> tuple[str, str]:
    """A tag such as ``es-MX``, and what is left out if it is none."""
    word = said.strip()
    if not word:
        return "", ""
    tag = _SPOKEN.get(word.lower(), word.replace("_", "-"))
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return "", f"its language {word[:40]!r} is not known"
    return tag, ""


def _zone(said: str) -> tuple[str, str]:
    """A name such as ``Asia/Seoul``, and what is left out if it is none."""
    word = said.strip()
    if not word or word in available_timezones():
        return word, ""
    return "", f"its time zone {word[:40]!r} is not known"
