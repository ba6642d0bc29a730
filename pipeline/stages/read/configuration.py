"""Reads clinic.toml into a :class:`~pipeline.values.Configuration`.

Unknown keys are errors: a setting somebody misspelt must not be silently ignored.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, replace
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import SettingError
from pipeline.stages.newsletters import notices_from
from pipeline.stages.read.places import line_of
from pipeline.stages.text.clinical import is_clinical
from pipeline.stages.text.hosts import ascii_domain
from pipeline.stages.text.inline import href
from pipeline.values import (
    Account,
    Brand,
    Checks,
    Clinic,
    Configuration,
    CustomField,
    Newsletter,
    Practitioner,
)

_TABLES = {
    "clinic": Clinic,
    "brand": Brand,
    "practitioners": Practitioner,
    "newsletters": Newsletter,
    "accounts": Account,
    "checks": Checks,
}
_LARGEST = 1_000_000
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_KEY = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What every subscriber has: a field of this name would be a second place for the same thing.
_OWN_FIELDS = frozenset({"address", "email", "name", "first_name", "language", "time_zone"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
# One address that every mail server takes (S15, D23).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL}")
_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What no header holds may have more than one line.
_LONG = ("note",)
_TOML_PLACE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")

_Loc = tuple[int | str, ...]


def read_configuration(path: PurePath, content: bytes) -> Configuration:
    """Read and check clinic.toml.

    Args:
        path: Its name, for messages; it is not opened.
        content: Its bytes, UTF-8.

    Raises:
        SettingError: It is not TOML, a setting is missing, unknown, out of its range, or would
            break a header of a letter. Names the line and the mend.
    """
    text = _decode(path, content)
    values = _parse(path, text)
    try:
        adapter = TypeAdapter(Configuration)
        _forbid_unknown(values)
        configuration = adapter.validate_python(values)
        _check_texts(values)
        _check(configuration)
    except ValidationError as error:
        first = error.errors()[0]
        loc = tuple(part for part in first["loc"] if part != "function-plain")
        raise _wrong(path, text, loc=loc, message=_told(loc, first["msg"])) from None
    except _WrongError as error:
        raise _wrong(path, text, loc=error.loc, message=str(error), mend=error.mend) from None
    return _complete(configuration)


class _WrongError(Exception):
    def __init__(self, loc: _Loc, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.loc = loc
        self.mend = mend


def _decode(path: PurePath, content: bytes) -> str:
    if len(content) > _LARGEST:
        raise SettingError(
            "this is larger than 1 MB", mend="Write articles into content/articles.", path=path
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingError(
            "this is not text in UTF-8", mend="Save the file as UTF-8.", path=path, line=line
        ) from error


def _parse(path: PurePath, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise SettingError(
            "lists or tables stand too deep in each other",
            mend="No setting is a list of lists.",
            path=path,
        ) from error
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.match(str(error))
        line = int(found[2]) if found else text.count("\n") + 1
        raise SettingError(
            f"this is not TOML: {found[1] if found else error}",
            mend="Mend this line: texts stand in quotes, lists in brackets.",
            path=path,
            line=line,
        ) from error


def _forbid_unknown(values: Mapping[str, Any]) -> None:
    """Refuse keys no setting has: nested dataclasses do not inherit pydantic's ``extra``."""
    for key, kind in _each_table(values):
        known = get_type_hints(kind)
        table = _at(values, key)
        for name in table if isinstance(table, Mapping) else ():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                mend = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
                raise _WrongError((*key, name), f"there is no setting {name}", mend)


def _each_table(values: Mapping[str, Any]) -> Iterable[tuple[_Loc, type]]:
    yield (), Configuration
    for name, kind in _TABLES.items():
        yield from _tables_at(values, (name,), kind)
    for index in range(len(_listed(values.get("newsletters")))):
        newsletter = values["newsletters"][index]
        if isinstance(newsletter, Mapping):
            yield from _tables_at(values, ("newsletters", index, "fields"), CustomField)


def _tables_at(values: Mapping[str, Any], loc: _Loc, kind: type) -> Iterable[tuple[_Loc, type]]:
    table = _at(values, loc[:-1]).get(loc[-1])
    yield from (((*loc, index), kind) for index in range(len(_listed(table))))
    if isinstance(table, Mapping):
        yield loc, kind


def _listed(table: Any) -> Sequence[Any]:
    return table if isinstance(table, list) else ()


def _at(values: Any, loc: _Loc) -> Any:
    for part in loc:
        values = values[part]
    return values


def _told(loc: _Loc, message: str) -> str:
    name = next((part for part in reversed(loc) if isinstance(part, str)), "clinic.toml")
    if message == "Field required" or message.startswith("Missing required"):
        return f"{name} is missing"
    told = re.sub(r"a dictionary or an instance of \w+", "a table", message)
    return f"{name}: {told[0].lower()}{told[1:]}".replace("a valid tuple", "a list")


def _wrong(path: PurePath, text: str, *, loc: _Loc, message: str, mend: str = "") -> SettingError:
    return SettingError(
        message,
        mend=mend or "The example home's clinic.toml shows each setting with a comment.",
        path=path,
        line=line_of(text, loc),
    )


def _check_texts(values: Mapping[str, Any]) -> None:
    """Refuse texts that are empty where one is needed, or that would break a header (S14)."""
    for loc, kind in _each_table(values):
        for setting in fields(kind):
            value = _at(values, loc).get(setting.name)
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str):
                    _check_text((*loc, setting.name), text, setting)
            if isinstance(value, str) and not value.strip() and _needed(setting):
                raise _WrongError((*loc, setting.name), f"{setting.name} is empty")


def _needed(setting: Field[Any]) -> bool:
    return setting.default is MISSING and setting.default_factory is MISSING


def _check_text(loc: _Loc, text: str, setting: Field[Any]) -> None:
    lines = text.expandtabs().split("\n") if setting.name in _LONG else [text]
    broken = next(filter(None, map(_BREAKING.search, lines)), None)
    if broken:
        told = f"{setting.name} holds the character U+{ord(broken[0]):04X}, which breaks a header"
        raise _WrongError(loc, told, "Type it again, on one line.")


def _check(configuration: Configuration) -> None:
    """What types alone do not say."""
    if not configuration.newsletters:
        raise _WrongError(
            ("newsletters",), "there is no newsletter", "Add a [[newsletters]] table."
        )
    if not any(line.strip() for line in configuration.clinic.postal_address):
        raise _WrongError(
            ("clinic", "postal_address"),
            "the postal address is empty",
            "Mail law asks for a street address or a PO box in every newsletter.",
        )
    _check_zone(("clinic", "time_zone"), configuration.clinic.time_zone)
    _check_language(("clinic", "language"), configuration.clinic.language)
    for name in ("brand", "accent", "ink", "paper"):
        if not _COLOUR.fullmatch(getattr(configuration.brand, name)):
            raise _WrongError(("brand", name), f"{name} is no colour", "Write it as #2f6f62.")
    seen: set[str] = set()
    for index, newsletter in enumerate(configuration.newsletters):
        _check_newsletter(("newsletters", index), newsletter, seen)
    _check_notices_from(configuration)
    for index, practitioner in enumerate(configuration.practitioners):
        _check_photo(("practitioners", index, "photo"), practitioner.photo)
    _check_accounts(configuration.accounts)


def _check_notices_from(configuration: Configuration) -> None:
    """Refuse notices that would come from a newsletter's address (D14).

    Mail programs judge an address by all it sends: who calls a newsletter spam must not keep
    confirmations out of the inbox.
    """
    given = configuration.clinic.notices_from
    if given and not _is_address(given):
        told = f"{given!r} is no email address"
        raise _WrongError(("clinic", "notices_from"), told, "Write it as name@clinic.example.")
    taken = {notices_from(configuration, each).lower() for each in configuration.newsletters}
    for index, newsletter in enumerate(configuration.newsletters):
        if newsletter.from_address.lower() in taken:
            loc = ("clinic", "notices_from") if given else ("newsletters", index, "from_address")
            told = f"a newsletter and notices would both come from {newsletter.from_address}"
            mend = "Write another address of yours as notices_from under [clinic]."
            raise _WrongError(loc, told, mend)


def _check_photo(loc: _Loc, photo: str) -> None:
    if photo and not (photo.startswith("https://") and href(photo)):
        raise _WrongError(
            loc,
            f"photo is {photo!r}, which no mail program would show",
            "Write the https address of a square picture, at least 144 dots wide.",
        )


def _check_accounts(accounts: tuple[Account, ...]) -> None:
    for index, account in enumerate(accounts):
        loc = ("accounts", index, "handle")
        if account in accounts[:index]:
            raise _WrongError(loc, f"{account.handle!r} is here twice", "Remove one of the two.")
        if len(account.handle) > 255:
            raise _WrongError(loc, "handle is longer than 255 characters", "Shorten it.")


def _check_newsletter(loc: _Loc, newsletter: Newsletter, seen: set[str]) -> None:
    if not _KEY.fullmatch(newsletter.key):
        raise _WrongError(
            (*loc, "key"), f"{newsletter.key!r} is no key", "Write it like this: weekly-letter."
        )
    if newsletter.key in seen:
        raise _WrongError(
            (*loc, "key"), f"two newsletters have the key {newsletter.key}", "Rename one."
        )
    seen.add(newsletter.key)
    for name in ("from_address", "reply_to"):
        address = getattr(newsletter, name)
        if not (_is_address(address) or (name == "reply_to" and not address)):
            raise _WrongError(
                (*loc, name), f"{address!r} is no email address", "Write it as name@clinic.example."
            )
    time = newsletter.time
    if time.tzinfo is not None or time.second or time.microsecond:
        raise _WrongError(
            (*loc, "time"), f"{time} is no time of a slot", "Write it as 10:00:00, without a zone."
        )
    if newsletter.time_zone:
        _check_zone((*loc, "time_zone"), newsletter.time_zone)
    if newsletter.language:
        _check_language((*loc, "language"), newsletter.language)
    if not 1 <= newsletter.joins_per_hour <= 100_000:
        raise _WrongError(
            (*loc, "joins_per_hour"),
            f"{newsletter.joins_per_hour} is no number of people",
            "Write 1 to 100000; private = true takes the form away.",
        )
    for index, asked in enumerate(newsletter.fields):
        _check_field((*loc, "fields", index), asked, newsletter.fields[:index])


def _check_field(loc: _Loc, asked: CustomField, earlier: tuple[CustomField, ...]) -> None:
    if not _FIELD.fullmatch(asked.key):
        told = f"{asked.key!r} is no key of a field"
        raise _WrongError((*loc, "key"), told, "Write it like this: nearest_town.")
    if asked.key in {other.key for other in earlier}:
        raise _WrongError((*loc, "key"), f"two fields have the key {asked.key}", "Rename one.")
    if asked.key in _OWN_FIELDS:
        raise _WrongError((*loc, "key"), f"{asked.key} is known already", "Leave it out.")
    for name in ("key", "label"):
        if is_clinical(getattr(asked, name)):
            told = f"a newsletter does not ask about health: {getattr(asked, name)}"
            mend = "Ask for what the letters need: a town, an interest. Health stays in the clinic."
            raise _WrongError((*loc, name), told, mend)
    _check_choices((*loc, "choices"), asked)


def _check_choices(loc: _Loc, asked: CustomField) -> None:
    if (asked.kind == "choice") is not (len(set(asked.choices)) >= 2):
        told = "a choice needs two answers at least, and no other kind has any"
        raise _WrongError(loc, told, 'Write kind = "choice" and choices = ["yes", "no"].')
    if len(set(asked.choices)) < len(asked.choices):
        raise _WrongError(loc, "an answer is here twice", "Remove one of the two.")


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    try:
        spelt = f"{local}@{ascii_domain(domain[:254])}"
    except ValueError:
        return False
    return len(spelt) <= 254 and _ADDRESS.fullmatch(spelt) is not None


def _check_language(loc: _Loc, code: str) -> None:
    if not _LANGUAGE.fullmatch(code):
        raise _WrongError(loc, f"{code!r} is no language", "Write it as en, es or ko.")


def _check_zone(loc: _Loc, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        mend = "Write it as America/New_York or Asia/Seoul."
        raise _WrongError(loc, f"{name!r} is no time zone", mend) from error


def _complete(configuration: Configuration) -> Configuration:
    """Give each newsletter the clinic's zone and language where it names none."""
    clinic = configuration.clinic
    newsletters = tuple(
        replace(
            newsletter,
            time_zone=newsletter.time_zone or clinic.time_zone,
            language=newsletter.language or clinic.language,
        )
        for newsletter in configuration.newsletters
    )
    return replace(configuration, newsletters=newsletters)
