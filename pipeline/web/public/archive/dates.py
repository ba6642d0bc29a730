"""Dates as people read them."""

import datetime as dt

from babel import Locale, UnknownLocaleError
from babel.dates import format_date


def told(day: dt.date, language: str) -> str:
    """A date in words: "March 3, 2026", "2026년 3월 3일".

    Args:
        day: The date.
        language: A BCP 47 tag; one that nobody knows gets English.
    """
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(day, "long", locale)
