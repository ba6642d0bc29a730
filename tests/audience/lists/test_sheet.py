"""Excel sheets, good ones and such as were made to harm (S27)."""

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.audience.lists import open_list
from pipeline.errors import SourceError

HOUR = dt.datetime.fromisoformat("2026-03-01T09:30:00")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, *rows: list[object]) -> Path:
    """A workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path / "list.xlsx")
    return path / "list.xlsx"


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    made = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    path.write_bytes(made.getvalue())
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A small workbook."""
    return workbook(tmp_path, ["email", "name"], ["ana@example.com", "Ana"])


def refusal(path: Path) -> str:
    """The words of the error."""
    with pytest.raises(SourceError) as caught:
        list(open_list(path).rows)
    assert caught.value.path == path
    return caught.value.message


def test_cells_are_read_as_people_see_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["email", "n", "yes", "day", "hour"],
        [],
        ["a@example.com", 3.0, True, dt.date(2026, 3, 1), HOUR],
        ["b@example.com", 2.5, False, None, None],
    )
    table = open_list(path)
    assert table.header == ["email", "n", "yes", "day", "hour"]
    assert list(table.rows) == [
        (3, ["a@example.com", "3", "true", "2026-03-01", "2026-03-01T09:30:00"]),
        (4, ["b@example.com", "2.5", "false"]),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"email,name\n", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert refusal(path) == "this workbook is broken or locked"


def test_a_workbook_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "list.xlsx").startswith("the list cannot be read: No such file")


def test_a_sheet_that_breaks_off(good: Path) -> None:
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    assert refusal(with_part(good, SHEET, head + b"<row><c")) == "this workbook is broken or locked"


def test_a_sheet_that_breaks_off_in_the_middle(good: Path) -> None:
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    head = head.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>')
    rows = b"".join(b'<row r="%d"><c><v>1</v></c></row>' % row for row in range(1, 9_000))
    assert refusal(with_part(good, SHEET, head + rows)) == "this workbook is broken"


def test_a_part_that_bursts(good: Path) -> None:
    path = with_part(good, "xl/styles.xml", b"<a>" + b" " * 70_000_000 + b"</a>")
    assert path.stat().st_size < 200_000
    assert refusal(path) == "this workbook unpacks to more than a list can be"


@pytest.mark.parametrize("hidden", [b"", b"<!--" + b"x" * 70_000 + b"-->"])
def test_a_part_that_declares_entities(good: Path, hidden: bytes) -> None:
    laughs = hidden + b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    told = "this workbook declares a document type, which Excel never does"
    assert refusal(with_part(good, SHEET, laughs)) == told


@pytest.mark.no_cover
def test_a_row_that_says_it_is_the_trillionth(good: Path) -> None:
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999999"><c><v>1</v></c></row>'
    path = with_part(good, SHEET, head + rows + b"</sheetData></worksheet>")
    assert refusal(path).startswith("a sheet has at most 1,048,576 rows")


def test_a_cell_far_to_the_right(good: Path) -> None:
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    row = b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    path = with_part(good, SHEET, head + row + b"</sheetData></worksheet>")
    assert "1,000 columns" in refusal(path)
