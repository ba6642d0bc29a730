"""CSV and TSV of any program read the same (S27)."""

from pathlib import Path

import pytest

from pipeline.audience.lists import open_list
from pipeline.audience.lists.encoding import encoding_of
from pipeline.errors import SourceError

ROWS = [["email", "name"], ["ana@example.com", "Ana Beltrán"], ["kim@example.com", "김민준, Jr."]]
WESTERN = [["email", "name"], ["ana@example.com", "Álvaro Núñez"], ["b@example.com", "Zoë"]]
KOREAN = [["email", "name"], ["kim@example.com", "김민준"], ["lee@example.com", "이서연"]]


def written(rows: list[list[str]], separator: str = ",", end: str = "\n") -> str:
    """Rows with every cell in quotes that needs them."""
    return "".join(
        separator.join(f'"{cell}"' if separator in cell else cell for cell in row) + end
        for row in rows
    )


def read(path: Path, content: bytes | str, name: str = "list.csv") -> tuple[str, list[list[str]]]:
    """What a list is taken for, and its rows with the header."""
    file = path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    table = open_list(file)
    return table.told, [table.header, *(cells for _, cells in table.rows)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_letters_of_every_kind(tmp_path: Path, codec: str, end: str) -> None:
    assert read(tmp_path, written(ROWS, end=end).encode(codec))[1] == ROWS


def test_western_letters_of_old_windows(tmp_path: Path) -> None:
    told, rows = read(tmp_path, written(WESTERN).encode("cp1252"))
    assert told == "Western (Windows-1252), separated by commas"
    assert rows == WESTERN


@pytest.mark.parametrize("codec", ["cp949", "euc-kr"])
def test_korean_letters_of_old_windows(tmp_path: Path, codec: str) -> None:
    told, rows = read(tmp_path, written(KOREAN).encode(codec))
    assert told.startswith("Korean (CP949)")
    assert rows == KOREAN


def test_a_western_name_that_is_korean_by_chance(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("email,name\na@example.com,Álvaro\n".encode("cp1252"))
    path.read_bytes().decode("cp949")
    assert encoding_of(path) == "windows-1252"


@pytest.mark.parametrize(
    ("separator", "told"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_any_separator(tmp_path: Path, separator: str, told: str) -> None:
    assert read(tmp_path, written(ROWS, separator)) == (f"UTF-8, separated by {told}", ROWS)


def test_a_separator_in_quotes_is_none(tmp_path: Path) -> None:
    rows = read(tmp_path, '"name; first, and last, too";email\nAna;a@example.com\n')[1]
    assert rows[0] == ["name; first, and last, too", "email"]


def test_what_excel_says_of_the_separator(tmp_path: Path) -> None:
    told, rows = read(tmp_path, "sep=;\nemail;name\na@example.com;Ana\n")
    assert (told, rows[0]) == ("UTF-8, separated by semicolons", ["email", "name"])


def test_mixed_line_ends_and_rows_are_called_by_the_line_they_begin_on(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b'email,name\r\na@example.com,"A\nB"\rb@example.com,\n\n\nc@example.com,C')
    table = open_list(path)
    assert table.line == 1
    assert list(table.rows) == [
        (2, ["a@example.com", "A\nB"]),
        (4, ["b@example.com", ""]),
        (7, ["c@example.com", "C"]),
    ]


def test_nul_is_a_letter_like_any_other(tmp_path: Path) -> None:
    assert read(tmp_path, "email\na\0@example.com\n")[1] == [["email"], ["a\0@example.com"]]


def test_an_empty_list(tmp_path: Path) -> None:
    assert read(tmp_path, "")[1] == [[]]


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('email,name\na@example.com,"Ana\n' + "b@example.com,Ben\n" * 20_000, "utf-8")
    with pytest.raises(SourceError) as caught:
        list(open_list(path).rows)
    assert (caught.value.path, caught.value.line) == (path, 2)
    assert caught.value.mend == "Look for a quotation mark that is opened and never closed."


def test_a_row_without_end(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email\n" + '"a","b\n"' * 200_000, "utf-8")
    with pytest.raises(SourceError, match="a row is longer than 1,000,000 letters"):
        list(open_list(path).rows)


def test_what_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="this is no list that can be read in"):
        open_list(tmp_path / "list.pdf")
    with pytest.raises(SourceError, match=r"cannot be read: No such file.* Look at its name"):
        open_list(tmp_path / "list.csv")


def test_a_million_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a," * 400_000 + "\n", "utf-8")
    with pytest.raises(SourceError, match=r"line 1: the list has 400,001 columns"):
        open_list(path)
