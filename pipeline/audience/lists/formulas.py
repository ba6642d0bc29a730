"""Texts that a spreadsheet would run: marked on the way out, unmarked on the way in (S13)."""

import re

# What begins a formula, in the full-width forms of East Asian keyboards too.
_FORMULA = r"\s*[=+\-@\t\r\n\0＝＋－＠]"
_RISKY = re.compile(rf"'*(?:[\t\r\n]|{_FORMULA})")
_MARKED = re.compile(rf"''*(?:[\t\r\n]|{_FORMULA})")


def marked(text: str) -> str:
    """The text as a spreadsheet takes it for a text, whatever it begins with."""
    return f"'{text}" if _RISKY.match(text) else text


def unmarked(text: str) -> str:
    """The text that ``marked`` was given; any other stays as it is."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text
