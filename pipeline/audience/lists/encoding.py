"""Which letters the bytes of a list are: UTF-8, UTF-16, Korean of Windows, or Western Windows."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1_000_000
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp949": "Korean (CP949)",
    "windows-1252": "Western (Windows-1252)",
}
_PAIR = re.compile(rb"[\x81-\xfe][\x41-\x5a\x61-\x7a\x81-\xfe]")
_COMMON_PAIR = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")  # the 2,350 syllables of everyday Korean


def encoding_of(path: Path) -> str:
    """The codec a text file can be read by; the whole file is looked at, in blocks."""
    with path.open("rb") as stream:
        head = stream.read(_BLOCK)
        for mark, codec in _MARKS.items():
            if head.startswith(mark):
                return codec
        if head[1::2].count(0) > len(head) / 4:
            return "utf-16-le"
        if head[::2].count(0) > len(head) / 4:
            return "utf-16-be"
        for codec in ("utf-8", "cp949"):
            if _decodes(stream, codec):
                break
        else:
            return "windows-1252"
        return "utf-8-sig" if codec == "utf-8" else _korean_or_western(stream)


def name_of(codec: str) -> str:
    """What people call it."""
    return _NAMES[codec]


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(_BLOCK):
        yield block


def _decodes(stream: BinaryIO, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for block in _blocks(stream):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _korean_or_western(stream: BinaryIO) -> str:
    """``Álvaro`` in Windows-1252 is Korean by chance, of a syllable nobody writes."""
    common = pairs = 0
    for block in _blocks(stream):
        common += len(_COMMON_PAIR.findall(block))
        pairs += len(_PAIR.findall(block))
    return "cp949" if common > pairs / 2 else "windows-1252"
