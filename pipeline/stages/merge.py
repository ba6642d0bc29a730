"""Merge fields: what differs from reader to reader, kept out of the approved bytes.

A rendered issue holds ``@@name@@`` where a value of the reader goes. The names are a closed list,
so one rendering serves any number of readers and no text can call for anything else. A channel
either puts the values in itself (:func:`merge`) or translates the marks to its provider's own.
"""

import re
from collections.abc import Callable, Mapping

FIELDS = ("unsubscribe_url",)

_MARK = re.compile(r"@@([a-z_]+)@@")


def mark(field: str) -> str:
    """The mark that stands for a field: ``@@unsubscribe_url@@``."""
    return f"@@{field}@@"


def marks(text: str) -> list[str]:
    """The names of all marks in a text, in order, known or not."""
    return _MARK.findall(text)


def translate(text: str, to: Callable[[str], str]) -> str:
    """The text with each known mark replaced by ``to(name)``; an unknown one stays as it is."""
    return _MARK.sub(lambda m: to(m[1]) if m[1] in FIELDS else m[0], text)


def merge(text: str, values: Mapping[str, str]) -> str:
    """The text with each mark replaced by this reader's value.

    Raises:
        KeyError: A field has no value.
    """
    return translate(text, values.__getitem__)


def unknown(text: str) -> list[str]:
    """The names of all marks in a text that no field has, in order."""
    return [name for name in marks(text) if name not in FIELDS]
