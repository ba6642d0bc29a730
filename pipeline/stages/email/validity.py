"""Whether MJML is valid: the strict validator, asked only where there is something new to judge.

It judges each element by its name, its attributes and what it stands in. The letters of a design
are made of the same few elements over and over, so what it has once let pass is not asked about
again: that halves the time a letter takes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from mjml import validate
from mjml.errors import ValidationError

# An element as the validator judges it: what it stands in, its name, its attributes.
_Place = tuple[str, str, str]

# Here and below, what is never closed goes to the end: else each beginning would be read to it.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Attributes that take any text at all, which therefore says nothing of validity.
_FREE = re.compile(r"""\b(href|src|alt|title|css-class)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ATTRIBUTES = r"""((?:[^<>"'/]++|/(?!>)|"[^"]*"|'[^']*')*+)"""
# A tag; or a whole element that holds HTML, which the validator passes over.
_TAG = re.compile(
    rf"<(mj-(?:button|preview|raw|style|table|text|title))(?![\w-]){_ATTRIBUTES}>"
    r"[^<]*+(?:<(?!/\1\s*>)[^<]*+)*+(?:</\1\s*>|\Z)"
    rf"|<(/?)([a-zA-Z][\w-]*){_ATTRIBUTES}(/?)>",
    re.DOTALL,
)
# No home has so many different elements; a template that counts up would fill the memory.
_MOST = 10_000
_passed: set[_Place] = set()


def faults(source: str) -> list[ValidationError]:
    """What the validator finds in MJML; it finds nothing in what is made of valid elements alone.

    Raises:
        Exception: It cannot be read at all; an alpha, the validator raises anything.
    """
    places = set(_places(source))
    if places and places <= _passed:
        return []
    found = list(validate(source))
    if not found:
        if len(_passed) > _MOST:
            _passed.clear()
        _passed.update(places)
    return found


def _places(source: str) -> Iterator[_Place]:
    """Each element with what it stands in. The document is the first, and stands in nothing."""
    within = [""]
    found = _TAG.findall(_COMMENT.sub("", source))
    for whole, its_attributes, close, name, attributes, alone in found:
        if whole:
            yield within[-1], whole, _judged(its_attributes)
        elif close and name == within[-1]:
            within.pop()
        else:
            yield within[-1], close + name, _judged(attributes)
            if not (close or alone):
                within.append(name)


@lru_cache(maxsize=1024)
def _judged(attributes: str) -> str:
    """The attributes without what the validator takes as it comes."""
    return _FREE.sub(r"\1", attributes)
