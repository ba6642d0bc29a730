"""Whether MJML is valid: the strict validator, asked only where there is something new to judge.

It judges each element by its name, its attributes and what it stands in. The letters of a design
are made of the same few elements over and over, so what it has once let pass is not asked about
again: that halves the time a letter takes.
"""

import re
from collections.abc import Iterator

from mjml import validate
from mjml.errors import ValidationError

# An element as the validator judges it: what it stands in, its name, its attributes.
_Place = tuple[str, str, str]

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"""<(/?)([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>""")
# Attributes that take any text at all, which therefore says nothing of validity.
_FREE = re.compile(r"""\b(href|src|alt|title|css-class)\s*=\s*(?:"[^"]*"|'[^']*')""")
# What stands in these is HTML, which the validator passes over.
_HOLD_HTML = frozenset(
    {"mj-button", "mj-preview", "mj-raw", "mj-style", "mj-table", "mj-text", "mj-title"}
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
    for close, name, attributes, alone in _TAG.findall(_COMMENT.sub("", source)):
        if within[-1] in _HOLD_HTML and not (close and name == within[-1]):
            continue
        if close and name == within[-1]:
            within.pop()
            continue
        yield within[-1], close + name, _FREE.sub(r"\1", attributes)
        if not (close or alone):
            within.append(name)
