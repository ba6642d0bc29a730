"""Reading a file: which reader, and what cannot be read."""

from pathlib import PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read import READERS, read
from pipeline.values import Line, Run, Source


def told(name: str, content: bytes) -> str:
    """The error that reading gives."""
    with pytest.raises(SourceError) as error:
        read(PurePath(name), content)
    return str(error.value)


def test_read_picks_the_reader_by_the_suffix() -> None:
    content = b"# One"
    assert read(PurePath("content/a.md"), content) == Source(
        name="a.md", lines=(Line(number=1, kind="heading", level=1, text=(Run("One"),), gap=True),)
    )
    assert read(PurePath("A.TXT"), content).lines == (
        Line(number=1, text=(Run("# One"),), gap=True),
    )
    assert read(PurePath("a.markdown"), content).lines[0].kind == "heading"


def test_read_keeps_line_numbers_below_front_matter() -> None:
    source = read(PurePath("a.md"), b"---\ntitle: T\ntags: [a]\n---\n\nText\n")
    assert source.matter == {"title": "T", "tags": ("a",)}
    assert [line.number for line in source.lines] == [6]


def test_read_takes_front_matter_from_plain_text_too() -> None:
    source = read(PurePath("a.txt"), b"---\ntitle: T\n---\nText")
    assert (source.matter, source.lines[0].number) == ({"title": "T"}, 4)


@pytest.mark.parametrize("name", ["a.pages", "a", "a.txt.bak"])
def test_read_names_the_suffixes_it_knows(name: str) -> None:
    suffix = PurePath(name).suffix
    assert told(name, b"x") == (
        f"{name}: no reader knows files ending in {suffix!r}. "
        "Save the article as one of: .docx, .htm, .html, .markdown, .md, .odt, .rtf, .txt."
    )
    assert sorted(READERS) == [".docx", ".htm", ".html", ".markdown", ".md", ".odt", ".rtf", ".txt"]


@pytest.mark.parametrize(
    "content", [b"", b" \n\t\n", b"\xef\xbb\xbf\n", "\u2028\xa0\u200b".encode()]
)
def test_read_refuses_an_empty_file(content: bytes) -> None:
    assert told("a.md", content) == "a.md: the file is empty. Write the article into it."


def test_read_of_front_matter_alone_has_no_lines() -> None:
    assert read(PurePath("a.md"), b"---\ntitle: T\n---\n").lines == ()
