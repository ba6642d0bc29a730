"""Which column of a list means what: by its name, by the program it comes from, or as told."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.audience.lists.states import KINDS
from pipeline.errors import SettingError, SourceError
from pipeline.stages.text.clinical import is_clinical
from pipeline.values import Newsletter

IGNORED = "-"
# What people call these, in the languages of clinics and of the programs lists come from.
_NAMES = {
    "address": "address, email, e-mail, email address, e-mail address, mail, correo, "
    "correo electrónico, 이메일, 이메일 주소, 메일",
    "name": "name, full name, display name, nombre, nombre completo, 이름, 성명, fn",
    "first_name": "first name, firstname, given name, fname, nombre de pila",
    "last_name": "last name, lastname, family name, surname, lname, apellido, apellidos",
    "language": "language, lang, locale, idioma, lengua, 언어",
    "time_zone": "time zone, timezone, tz, zona horaria, 시간대",
    "status": "status, state, subscription status, subscriber status, estado, 상태",
    "subscribed": "subscribed, subscribed to emails, email opt in, opt in, suscrito, 구독",
    "switched_off": "email disabled, unsubscribed, opted out, opt out, do not email, 수신거부",
    "left_at": "unsub time, unsubscribed at, cancelled at",
    "left_why": "unsub reason, unsub reason other",
    "cleaned_at": "clean time, cleaned at, bounced at",
}
_MEANING = {name.strip(): field for field, names in _NAMES.items() for name in names.split(",")}
# Of these a list may have several; of every other field one.
_STATES = frozenset(KINDS)
FIELDS = tuple(_NAMES)

# A program is known by columns that only its exports have together.
_PROGRAMS = {
    "Mailchimp": {"leid", "euid"},
    "Substack": {"active subscription", "email disabled"},
    "listmonk": {"uuid", "attributes"},
    "Ghost": {"subscribed to emails", "complimentary plan"},
    "Kit": {"email", "created at", "status", "tags"},
    "Meridian": {"address", "newsletter", "status", "joined"},
}
# What a program means by a name that others use in another way.
_OWN = {
    "Ghost": {"deleted at": "left_at"},
    "Kit": {"state": IGNORED},
    "Substack": {"active subscription": IGNORED, "status": IGNORED},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where in a row what stands.

    Attributes:
        program: The program the list comes from, or "".
        places: Fields and where they stand, counted from 0; names of custom fields among them.
        states: Kinds of states and where they stand.
        header: The names of all columns.
        allowed: Columns that look clinical and were let through, with the reason.
    """

    program: str
    places: Mapping[str, int]
    states: tuple[tuple[str, int], ...]
    header: tuple[str, ...]
    allowed: Mapping[str, str]

    def told(self) -> list[tuple[str, str]]:
        """Each column and what it is taken for, "" if it is not read."""
        meaning = {place: name for name, place in (*self.places.items(), *self.states)}
        return [(name, meaning.get(place, "")) for place, name in enumerate(self.header)]


def recognise(
    header: Sequence[str],
    newsletter: Newsletter,
    *,
    mapping: Mapping[str, str],
    allowed: Mapping[str, str],
) -> Columns:
    """Find out what each column means.

    Args:
        header: The names of the columns.
        newsletter: Whose custom fields may be among them, by key or label.
        mapping: A column's name, or "#3" for the third, and the field it is; "-" to leave it out.
        allowed: Columns that look clinical and are left in the file, and why. They are not read.

    Raises:
        SettingError: A mapping names a column or a field that is not there.
        SourceError: There is no address, two columns are one field, or one looks clinical.
    """
    names = [_plain(name) for name in header]
    told = _mapped(header, names, newsletter, mapping)
    _refuse_clinical(header, allowed)
    program = next((name for name, has in _PROGRAMS.items() if has <= set(names)), "")
    meanings = {**_MEANING, **_custom(newsletter), **_OWN.get(program, {})}
    found = [told.get(place) or meanings.get(name, "") for place, name in enumerate(names)]
    if found.count("address") > 1 and "address" not in told.values():
        # Beside a column of emails, "Address" is where somebody lives.
        found = [
            "" if name == "address" else field for name, field in zip(names, found, strict=True)
        ]
    found = [IGNORED if header[place] in allowed else field for place, field in enumerate(found)]
    states = tuple((field, place) for place, field in enumerate(found) if field in _STATES)
    return Columns(
        program=program,
        places=_places(header, found),
        states=states,
        header=tuple(header),
        allowed=dict(allowed),
    )


def _plain(name: str) -> str:
    """A name as it is compared: ``Email_Address`` and ``EMAIL ADDRESS`` are one."""
    text = unicodedata.normalize("NFC", name).replace("\0", "").replace("\ufeff", "")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[_\s]+", " ", spaced).strip().lower().split())


def _custom(newsletter: Newsletter) -> dict[str, str]:
    asked = newsletter.fields
    return {_plain(name): each.key for each in asked for name in (each.key, each.label)}


def _mapped(
    header: Sequence[str], names: list[str], newsletter: Newsletter, mapping: Mapping[str, str]
) -> dict[int, str]:
    fields = [*FIELDS, *(field.key for field in newsletter.fields), IGNORED]
    found = {}
    for column, field in mapping.items():
        if field not in fields:
            mend = f"Fields are: {', '.join(fields)} (to leave it out)."
            raise SettingError(f"--map {column}={field} names no field", mend=mend)
        for place in _named(column, header, names):
            found[place] = field
    return found


def _named(column: str, header: Sequence[str], names: list[str]) -> list[int]:
    number = re.fullmatch(r"#(\d{1,4})", column)
    if number and 0 < int(number[1]) <= len(header):
        return [int(number[1]) - 1]
    places = [place for place, name in enumerate(names) if name == _plain(column)]
    if not places:
        shown = ", ".join(name[:40] for name in header[:20])
        raise SettingError(f"--map: there is no column {column!r}", mend=f"There are: {shown}.")
    return places


def _refuse_clinical(header: Sequence[str], allowed: Mapping[str, str]) -> None:
    """P5: a file with a diagnosis in it does not belong here, even if nobody reads the column."""
    clinical = [name for name in header if is_clinical(name) and name not in allowed]
    if clinical:
        shown = ", ".join(repr(name[:40]) for name in clinical[:5])
        raise SourceError(
            f"columns look as if they held a patient's data: {shown}",
            mend="Take them out of the file. If they are harmless, "
            f"--allow-column '{clinical[0][:40]}=why' leaves them unread.",
            line=1,
        )


def _places(header: Sequence[str], found: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, field in enumerate(found):
        if not field or field == IGNORED or field in _STATES:
            continue
        if field in places:
            told = f"the columns {header[places[field]][:40]!r} and {header[place][:40]!r}"
            raise SourceError(
                f"{told} (#{places[field] + 1} and #{place + 1}) are both taken for {field}",
                mend=f"Leave one out: --map '#{place + 1}={IGNORED}'.",
                line=1,
            )
        places[field] = place
    if "address" not in places:
        raise SourceError(
            "no column holds addresses",
            mend="Put names over the columns, as email,name; or say --map 'COLUMN=address'.",
            line=1,
        )
    return places
