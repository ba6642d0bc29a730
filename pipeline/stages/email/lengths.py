"""Colours and lengths as CSS writes them, in numbers."""

import re
from functools import lru_cache

from tinycss2.color3 import RGBA, parse_color

from pipeline.stages.design.colours import Colour, mix

_LENGTH = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(px|pt|pc|in|cm|mm|em|rem|ex|ch|%)?"
)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78}
_NAMED_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}


@lru_cache(maxsize=1024)
def colour(value: str) -> tuple[Colour, float] | None:
    """The first colour in a value and how opaque it is, or None if it names none."""
    for word in re.findall(r"[#\w-]+(?:\([^)]*\))?", value):
        found = parse_color(word)
        if isinstance(found, RGBA):
            red, green, blue, alpha = found
            return (red, green, blue), alpha
    return None


def laid(value: str, ground: Colour) -> Colour | None:
    """The colour of a value laid over a ground, or None if it names none."""
    found = colour(value)
    return mix(ground, found[0], min(found[1], 1)) if found else None


def written(colour: Colour) -> str:
    """A colour as ``#rrggbb``."""
    return f"#{''.join(f'{round(255 * part):02x}' for part in colour)}"


def pixels(value: str, size: float) -> float | None:
    """A length in CSS pixels, or None if it is none.

    Args:
        value: "17px", "1.2em", "80%".
        size: What ``em`` and ``%`` are counted from, in pixels.
    """
    found = _LENGTH.fullmatch(value)
    if not found:
        return None
    count, unit = float(found[1]), found[2] or ""
    if unit in _PIXELS:
        return count * _PIXELS[unit]
    shares = {"em": size, "rem": 16.0, "%": size / 100, "ex": size / 2, "ch": size / 2}
    return count * shares[unit]


def font_size(value: str, size: float) -> float:
    """The size a ``font-size`` or ``font`` makes of the size around it, in CSS pixels."""
    if value in ("smaller", "larger"):
        return size * (5 / 6 if value == "smaller" else 1.2)
    # In the shorthand the size stands before the slash of the line height.
    for word in re.split(r"[\s/]+", value):
        if word in _NAMED_SIZES:
            return _NAMED_SIZES[word]
        found = pixels(word, size)
        # A bare number is a weight: "font: 700 16px serif".
        if found is not None and (found == 0 or not word.replace(".", "").isdigit()):
            return max(found, 0)
    return size
