"""OpenDocument texts that were made to harm, or are broken: a clear line, nothing outside asked."""

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from tests.stages.read.hostile import in_a_child
from tests.stages.read.opendocument import NAMES, frame, lines, p, packed, texts, told, ul
from tests.stages.read.packing import archive, with_parts

SAVE = "Open it in LibreOffice and save it again as .odt."
BROKEN = f"a.odt: this OpenDocument text is broken. {SAVE}"
LARGE = (
    "a.odt: this OpenDocument text unpacks to more than an article can be. "
    "Copy the article into a new document and save that."
)
DECLARES = (
    f"a.odt: this OpenDocument text declares a document type, which LibreOffice never does. {SAVE}"
)
GOOD = packed(p("Words"))


def with_content(content: str | bytes) -> bytes:
    """A good file with another content."""
    return with_parts(GOOD, {"content.xml": content})


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(with_content(b"<a>" + b"a" * 40_000_000), LARGE, id="bomb"),
        pytest.param(
            with_content(f'<!DOCTYPE w [<!ENTITY l0 "ha">{LAUGHS}]><w>&l11;</w>'),
            DECLARES,
            id="billion laughs",
        ),
        pytest.param(
            with_content('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'),
            DECLARES,
            id="file entity",
        ),
        pytest.param(with_content("<w>" + "<p/>" * 500_000 + "</w>"), LARGE, id="elements"),
    ],
)
def test_a_bomb_is_refused_with_little_memory(tmp_path: Path, content: bytes, message: str) -> None:
    assert in_a_child(tmp_path, "a.odt", content, good=GOOD) == [message, []]
    assert told(content) == message


def test_nothing_outside_is_read_or_fetched(tmp_path: Path) -> None:
    picture = frame('<draw:image xlink:href="file:///etc/passwd"/><svg:desc>A</svg:desc>')
    linked = '<text:section><text:section-source xlink:href="http://127.0.0.1:9/"/></text:section>'
    content = with_parts(packed(p(f"Words{picture}") + linked), {"../../outside.xml": "<x/>"})
    assert in_a_child(tmp_path, "a.odt", content, good=GOOD) == [["Words", "A"], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.odt"]


@pytest.mark.parametrize("depth", [100, 900, 5000])
def test_lists_at_any_depth_are_read_or_refused(depth: int) -> None:
    body = p("Words")
    for _ in range(depth):
        body = ul(body, style="")
    assert read_or_told(packed(body)) in (["Words"], "told")
    boxes = f"{'<draw:frame><draw:text-box><text:p>' * depth}Words"
    boxes += "</text:p></draw:text-box></draw:frame>" * depth
    assert read_or_told(packed(p(boxes))) in (["Words"], "told")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.odt: the file is empty. Write the article into it."),
        (
            b"Only text",
            "a.odt: this is not an OpenDocument text. Save the article as .odt, .md or .txt.",
        ),
        (GOOD[:-30], BROKEN),
        (b"PK", BROKEN),
        (with_content("<a"), BROKEN),
        (
            archive({"a.txt": "x"}),
            f"a.odt: there is no text in this OpenDocument file. {SAVE}",
        ),
        (
            with_parts(GOOD, {"Basic/Standard/Module1.xml": "<x/>"}),
            "a.odt: this OpenDocument text carries macros. Save it without macros.",
        ),
        (
            with_parts(
                GOOD,
                {
                    "META-INF/manifest.xml": f"<manifest:manifest {NAMES}><manifest:file-entry>"
                    "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
                },
            ),
            "a.odt: this OpenDocument text is locked. Save it as .odt without a password.",
        ),
    ],
)
def test_a_broken_file_is_one_line(content: bytes, message: str) -> None:
    assert told(content) == message


def test_damage_anywhere_is_a_line_or_a_reading() -> None:
    for place in range(0, len(GOOD), 7):
        damaged = GOOD[:place] + bytes([GOOD[place] ^ 0x5A]) + GOOD[place + 1 :]
        assert read_or_told(damaged) in (["Words"], "told")


def read_or_told(content: bytes) -> object:
    """The words that are read, or that an error was told."""
    try:
        return ["".join(run.text for run in line.text) for line in lines(content)]
    except SourceError:
        return "told"


def test_a_file_without_styles_or_manifest_is_read() -> None:
    body = f"<office:document-content {NAMES}><office:body><office:text>{p('Words', 'B')}"
    body += "</office:text></office:body></office:document-content>"
    assert [line.size for line in lines(archive({"content.xml": body}))] == [12]
    assert texts(p("Words", "no such style")) == ["Words"]
