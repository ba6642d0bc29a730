"""Looking into an XML tree by local names: Word writes the same names in two name spaces."""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

# lxml has no types of its own.
Element: TypeAlias = Any

_NUMBER = re.compile(r"[+-]?\d{1,9}")
_OFF = frozenset({"0", "false", "off", "none"})


def local(element: Element) -> str:
    """The name of an element without its name space."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str:
    """The value of an attribute by its local name, or ""."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of this name, in order."""
    if element is not None:
        yield from (child for child in element if local(child) == name)


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of this name, its first child of the next name, and so on; or None."""
    for name in names:
        element = next(children(element, name), None)
    return element


def value(element: Element | None, *names: str) -> str:
    """The attribute ``val`` of :func:`child`, or ""."""
    return attribute(child(element, *names), "val")


def whole(text: str, default: int) -> int:
    """The whole number a text says, or the default."""
    return int(text) if _NUMBER.fullmatch(text) else default


def switch(element: Element | None, name: str) -> bool | None:
    """Whether a property is on; None where nothing is said of it."""
    found = child(element, name)
    return None if found is None else attribute(found, "val") not in _OFF
