"""The fields a newsletter declares: what may be kept of a person beside name and language (P5)."""

import datetime as dt
import unicodedata
from collections.abc import Mapping

from pipeline.errors import SourceError
from pipeline.stages.text.clinical import holds_clinical
from pipeline.values import CustomField

LONGEST = 200


def checked(declared: tuple[CustomField, ...], given: Mapping[str, str]) -> dict[str, str]:
    """The values of the declared fields, as they are kept; what is empty is left out.

    Args:
        declared: The fields of the newsletter.
        given: Values by key, as typed; keys that are not declared are left alone.

    Raises:
        SourceError: A value is none its field can have, or looks like a person's health.
    """
    kept = {}
    for field in declared:
        value = " ".join(unicodedata.normalize("NFC", given.get(field.key, "")).split())
        if value:
            kept[field.key] = _checked(field, value)
    return kept


def _checked(field: CustomField, value: str) -> str:
    if len(value) > LONGEST or any(unicodedata.category(char) == "Cc" for char in value):
        mend = f"Write one line of at most {LONGEST} characters."
        raise SourceError(f"{field.label} is too long, or holds a control character", mend=mend)
    if holds_clinical(value):
        mend = "Leave it out: health stays in the clinic's own records."
        raise SourceError(f"{field.label} holds what looks like a patient's data", mend=mend)
    return {"text": _text, "choice": _choice, "date": _date}[field.kind](field, value)


def _text(_: CustomField, value: str) -> str:
    return value


def _choice(field: CustomField, value: str) -> str:
    """One of the answers, however its letters are cased."""
    answers = {answer.casefold(): answer for answer in field.choices}
    if value.casefold() not in answers:
        raise SourceError(
            f"{field.label}: {value[:80]!r} is none of the answers",
            mend=f"Choose one of: {', '.join(field.choices)}.",
        )
    return answers[value.casefold()]


def _date(field: CustomField, value: str) -> str:
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise SourceError(
            f"{field.label}: {value[:80]!r} is no day", mend="Write it as 2026-03-31."
        ) from error
