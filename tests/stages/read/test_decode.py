"""Bytes become text, or an error that says what they are."""

import codecs
from pathlib import PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read.decode import decode

PATH = PurePath("a.md")
WORDS = "“Café” – 침 치료"


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode(),
        codecs.BOM_UTF8 + WORDS.encode(),
        WORDS.encode("utf-16"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
    ],
)
def test_decode_reads_unicode_with_and_without_mark(content: bytes) -> None:
    assert decode(PATH, content) == WORDS


def test_decode_takes_all_else_for_windows() -> None:
    assert decode(PATH, "“Café” – ½".encode("windows-1252")) == "“Café” – ½"


def test_decode_gives_one_sign_for_every_line_end() -> None:
    written = "a\r\nb\rc\nd\u2028e\u2029f\vg\fh\x85i"
    assert decode(PATH, written.encode()) == "a\nb\nc\nd\ne\nf\ng\nh\ni"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 text", "a PDF"),
        (b"PK\x03\x04 text", "a Word or ZIP file"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"GIF89a", "a picture"),
        (b"\xd0\xcf\x11\xe0", "an old Word file"),
        (b"{\\rtf1 text}", "a rich text file"),
        (b"\x1f\x8b\x08", "a compressed file"),
    ],
)
def test_decode_says_what_a_binary_file_is(content: bytes, kind: str) -> None:
    with pytest.raises(SourceError) as error:
        decode(PATH, content)
    assert str(error.value) == (
        f"a.md: this is {kind}, not text. Save the article as plain text in UTF-8."
    )


@pytest.mark.parametrize("content", [b"a\0b", b"\x01\x02\x03 text", WORDS.encode("utf-32")])
def test_decode_refuses_what_is_no_text(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^a.md: this is not text\."):
        decode(PATH, content)


def test_decode_forgives_a_stray_control_character() -> None:
    assert decode(PATH, b"word " * 50 + b"\x02") == "word " * 50 + "\x02"


def test_decode_names_the_line_of_a_byte_that_is_no_letter() -> None:
    with pytest.raises(SourceError, match=r"^a.md, line 3: there are bytes"):
        decode(PATH, b"one\ntwo\n\x81\xe9")
    with pytest.raises(SourceError, match="bytes here that are no letters"):
        decode(PATH, codecs.BOM_UTF16_LE + b"a\0b")
