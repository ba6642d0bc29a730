"""Words of providers without the addresses in them (P8)."""

import re

# However it is written: plain, in brackets, encoded for an address of a page.
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]*(?:@|%40|=40)[^\s<>\"'(),;]*", re.IGNORECASE)


def scrubbed(text: str, *, longest: int = 500) -> str:
    """One printable line that names no email address."""
    return _ADDRESS.sub("…", " ".join(printable(text).split()))[:longest]


def printable(text: str) -> str:
    """The text with a space for whatever no database or terminal takes."""
    return "".join(char if char.isprintable() else " " for char in text)
