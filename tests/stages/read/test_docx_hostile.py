"""Word files that were made to harm: a clear line, little memory, nothing read, nothing fetched."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from tests.stages.read import hostile
from tests.stages.read.packing import (
    CONTENT_TYPES,
    NAMES,
    archive,
    p,
    packed,
    relation,
    shown,
    texts,
    told,
    with_parts,
)

SAVE = "Open it in Word and save it again as .docx."
BROKEN = f"a.docx: this Word file is broken. {SAVE}"
LARGE = (
    "a.docx: this Word file unpacks to more than an article can be. "
    "Copy the article into a new document and save that."
)
OLD = (
    "a.docx: this is an old Word file, or one locked with a password. "
    "Open it in Word and save it as .docx without a password."
)
DECLARES = f"a.docx: this Word file declares a document type, which Word never does. {SAVE}"
GOOD = packed(p("Words"))


def in_a_child(tmp_path: Path, content: bytes) -> list[object]:
    """What reading a Word file gives in a process with little memory and time."""
    return hostile.in_a_child(tmp_path, "a.docx", content, good=GOOD)


def with_part(name: str, content: str | bytes) -> bytes:
    """A good file with one part replaced."""
    return with_parts(GOOD, {name: content})


def bomb(size: int) -> bytes:
    """A file whose text unpacks to ``size`` bytes of one letter."""
    head = f"<w:document {NAMES}><w:body><w:p><w:r><w:t>".encode()
    return with_part("word/document.xml", head + b"a" * size + b"</w:t></w:r></w:p></w:body>")


def declared(content: bytes, size: int) -> bytes:
    """The file with a false size in each entry of its list of parts."""
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", changed, place + 24, size)
        place = changed.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
FALSE_LAUGHS = f'<!DOCTYPE w [<!ENTITY l0 "ha">{LAUGHS}]><w>&l11;</w>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
REMOTE = '<!DOCTYPE w SYSTEM "http://127.0.0.1:9/a.dtd"><w/>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(bomb(40_000_000), LARGE, id="bomb"),
        pytest.param(declared(bomb(60_000_000), 1000), BROKEN, id="bomb that lies of its size"),
        pytest.param(with_part("word/document.xml", FALSE_LAUGHS), DECLARES, id="billion laughs"),
        pytest.param(
            with_part("word/document.xml", FALSE_LAUGHS.encode("utf-16")), DECLARES, id="in UTF-16"
        ),
        pytest.param(with_part("word/document.xml", OUTSIDE), DECLARES, id="file entity"),
        pytest.param(with_part("_rels/.rels", REMOTE), DECLARES, id="remote type"),
        pytest.param(
            with_part("word/document.xml", "<w>" + "<p/>" * 1_500_000 + "</w>"),
            LARGE,
            id="elements",
        ),
        pytest.param(
            with_part("word/document.xml", "<w " + " ".join(f'a{n}=""' for n in range(2_000_000))),
            LARGE,
            id="attributes",
        ),
    ],
)
def test_a_bomb_is_refused_with_little_memory(tmp_path: Path, content: bytes, message: str) -> None:
    assert in_a_child(tmp_path, content) == [message, []]
    assert told(content) == message


def test_a_million_entries_are_refused_unseen(tmp_path: Path) -> None:
    name = b"word/document.xml"
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *[0] * 9, len(name), *[0] * 6) + name
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, len(directory), 0, 0)
    assert in_a_child(tmp_path, b"PK" + directory + end) == [LARGE, []]


def test_the_long_form_of_a_list_is_refused() -> None:
    place = GOOD.rfind(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)
    assert told(GOOD[:place] + locator + GOOD[place:]) == LARGE


def test_nothing_outside_is_read_or_fetched(tmp_path: Path) -> None:
    relations = (
        relation("i", "image", "file:///etc/passwd", outside=True)
        + relation("h", "hyperlink", "http://127.0.0.1:9/", outside=True)
        + relation("s", "styles", "../../../../etc/passwd")
        + relation("n", "numbering", "file:///etc/passwd", outside=True)
        + relation("t", "attachedTemplate", "http://127.0.0.1:9/a.dotm", outside=True)
    )
    picture = '<w:r><w:drawing><wp:docPr descr="A"/><a:blip r:link="i"/></w:drawing></w:r>'
    body = p("Words") + f"<w:p>{picture}</w:p>"
    extra: dict[str, str | bytes] = {"../../outside.xml": "<x/>", "/etc/passwd": "<x/>"}
    content = with_parts(packed(body, relations=relations), extra)
    assert in_a_child(tmp_path, content) == [["Words", "A"], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx"]


def nested(depth: int) -> bytes:
    """Frames in frames."""
    return packed("<w:sdt>" * depth + p("Words") + "</w:sdt>" * depth)


def test_frames_nested_too_deep_are_one_line() -> None:
    assert texts(nested(100)) == ["Words"]
    assert told(nested(100_000)) == LARGE
    assert told(nested(5_000)) == BROKEN


def test_frames_at_any_depth_are_read_or_refused(tmp_path: Path) -> None:
    nested_too_deep = f"a.docx: tables or boxes are nested too deep in this Word file. {SAVE}"
    answers = [in_a_child(tmp_path, nested(depth))[0] for depth in (200, 900, 1800)]
    assert all(answer in (["Words"], BROKEN, nested_too_deep) for answer in answers)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.docx: the file is empty. Write the article into it."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            OLD,
        ),
        (
            b"Only text",
            "a.docx: this is not a Word file. Save the article as .docx, .md or .txt.",
        ),
        (GOOD[:-30], BROKEN),
        (GOOD[: len(GOOD) // 2], BROKEN),
        (b"PK", BROKEN),
        (archive({"a.txt": "x"}), f"a.docx: there is no Word document in this file. {SAVE}"),
        (with_part("word/document.xml", "<w:document"), BROKEN),
        (with_part("word/document.xml", "<document/>"), BROKEN),
        (with_part("word/document.xml", b"\xff\xfe\xfd"), BROKEN),
        (with_part("word/document.xml", '<?xml version="1.0" encoding="zz"?><a/>'), BROKEN),
        (
            packed("<w:altChunk/>"),
            f"a.docx: a part of this Word file is in another format. {SAVE}",
        ),
    ],
)
def test_a_broken_file_is_one_line(content: bytes, message: str) -> None:
    assert told(content) == message


MACROS = "a.docx: this Word file carries macros. Save it as a Word document without macros, .docx."


def test_macros_are_refused() -> None:
    assert told(with_part("word/vbaProject.bin", b"x")) == MACROS
    enabled = CONTENT_TYPES.replace(
        "document.main", "application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    assert told(with_part("[Content_Types].xml", enabled)) == MACROS


def flagged(offset: int, flag: int) -> bytes:
    """The good file with a flag set in each entry of its list of parts."""
    changed = bytearray(GOOD)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + offset] = flag
        place = changed.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


def test_a_locked_part_and_an_odd_packing_are_refused() -> None:
    assert told(flagged(8, 1)) == (
        "a.docx: this Word file is locked. Save it as .docx without a password."
    )
    assert told(flagged(10, 12)) == BROKEN


def test_damage_anywhere_is_a_line_or_a_reading() -> None:
    whole = shown(GOOD)
    for place in range(0, len(GOOD), 7):
        damaged = GOOD[:place] + bytes([GOOD[place] ^ 0x5A]) + GOOD[place + 1 :]
        assert read_or_told(damaged) in (whole, "told")


def read_or_told(content: bytes) -> object:
    """What is read, or that an error was told."""
    try:
        return shown(content)
    except SourceError:
        return "told"


def test_a_file_without_a_list_of_types_is_read() -> None:
    with zipfile.ZipFile(BytesIO(GOOD)) as good:
        parts: dict[str, str | bytes] = {
            key: good.read(key) for key in good.namelist() if "Types" not in key
        }
    assert texts(archive(parts)) == ["Words"]
