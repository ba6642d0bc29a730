"""From bytes to text: the encodings that word processors write, and what is not text at all."""

import codecs
import re
from pathlib import PurePath

from pipeline.errors import SourceError

# The first bytes of files that people give a wrong suffix.
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word or ZIP file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"{\\rtf": "a rich text file",
    b"\x1f\x8b": "a compressed file",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# CR LF, CR, the line breaks of Unicode, and Word's own (vertical tab, form feed).
_LINE_END = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


def decode(path: PurePath, content: bytes) -> str:
    r"""The text of a file with ``\n`` for every line end.

    UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252.

    Raises:
        SourceError: The bytes are not text.
    """
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            raise _not_text(path, f"this is {kind}, not text")
    text = _LINE_END.sub("\n", _decoded(path, content))
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > len(text) / 100:
        raise _not_text(path, "this is not text")
    return text


def _decoded(path: PurePath, content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(path, content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(path, content, "windows-1252")


def _strictly(path: PurePath, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _not_text(path, "there are bytes here that are no letters", line=line) from error


def _not_text(path: PurePath, message: str, *, line: int = 0) -> SourceError:
    mend = "Save the article as plain text in UTF-8."
    return SourceError(message, mend=mend, path=path, line=line)
