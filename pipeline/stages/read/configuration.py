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

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import SettingError
from pipeline.stages.read.places import line_of
from pipeline.stages.read.ranges import check_ranges
from pipeline.stages.read.wrong import Loc, WrongError
from pipeline.values import (
    Account,
    Brand,
    Calendar,
    Checks,
    Clinic,
    Configuration,
    CustomField,
    Newsletter,
    Practitioner,
    Season,
)

_TABLES = {
    "clinic": Clinic,
    "brand": Brand,
    "practitioners": Practitioner,
    "newsletters": Newsletter,
    "accounts": Account,
    "checks": Checks,
    "calendar": Calendar,
}
_LARGEST = 1_000_000
_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What no header holds may have more than one line.
_LONG = ("note",)
_TOML_PLACE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")


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
        check_ranges(configuration)
    except ValidationError as error:
        first = error.errors()[0]
        loc = tuple(part for part in first["loc"] if part != "function-plain")
        raise _wrong(path, text, loc=loc, message=_told(loc, first["msg"])) from None
    except WrongError as error:
        raise _wrong(path, text, loc=error.loc, message=str(error), mend=error.mend) from None
    return _complete(configuration)


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
                raise WrongError((*key, name), f"there is no setting {name}", mend)


def _each_table(values: Mapping[str, Any]) -> Iterable[tuple[Loc, type]]:
    yield (), Configuration
    for name, kind in _TABLES.items():
        yield from _tables_at(values, (name,), kind)
    for index in range(len(_listed(values.get("newsletters")))):
        newsletter = values["newsletters"][index]
        if isinstance(newsletter, Mapping):
            yield from _tables_at(values, ("newsletters", index, "fields"), CustomField)
    if isinstance(values.get("calendar"), Mapping):
        yield from _tables_at(values, ("calendar", "seasons"), Season)


def _tables_at(values: Mapping[str, Any], loc: Loc, kind: type) -> Iterable[tuple[Loc, type]]:
    table = _at(values, loc[:-1]).get(loc[-1])
    yield from (((*loc, index), kind) for index in range(len(_listed(table))))
    if isinstance(table, Mapping):
        yield loc, kind


def _listed(table: Any) -> Sequence[Any]:
    return table if isinstance(table, list) else ()


def _at(values: Any, loc: Loc) -> Any:
    for part in loc:
        values = values[part]
    return values


def _told(loc: Loc, message: str) -> str:
    name = next((part for part in reversed(loc) if isinstance(part, str)), "clinic.toml")
    if message == "Field required" or message.startswith("Missing required"):
        return f"{name} is missing"
    told = re.sub(r"a dictionary or an instance of \w+", "a table", message)
    return f"{name}: {told[0].lower()}{told[1:]}".replace("a valid tuple", "a list")


def _wrong(path: PurePath, text: str, *, loc: Loc, message: str, mend: str = "") -> SettingError:
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
                raise WrongError((*loc, setting.name), f"{setting.name} is empty")


def _needed(setting: Field[Any]) -> bool:
    return setting.default is MISSING and setting.default_factory is MISSING


def _check_text(loc: Loc, text: str, setting: Field[Any]) -> None:
    lines = text.expandtabs().split("\n") if setting.name in _LONG else [text]
    broken = next(filter(None, map(_BREAKING.search, lines)), None)
    if broken:
        told = f"{setting.name} holds the character U+{ord(broken[0]):04X}, which breaks a header"
        raise WrongError(loc, told, "Type it again, on one line.")


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
