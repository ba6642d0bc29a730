"""Words of providers without the addresses in them (P8)."""

import re

# However it is written: plain, in brackets, encoded for an address of a page.
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]*(?:@|%40|=40)[^\s<>\"'(),;]*", re.IGNORECASE)


def scrubbed(text: str, *, longest: int = 500) -> str:
    """One printable line that names no email address."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _ADDRESS.sub("…", line)[:longest]
