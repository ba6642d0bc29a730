"""Excel sheets (.xlsx), read row by row; archives that were made to burst are refused."""

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from pipeline.audience.lists.table import MOST_COLUMNS, Cells, Table
from pipeline.errors import SourceError

# Excel's own limit of rows. Bytes of XML: a sheet is streamed, all else is held in memory.
MOST_ROWS = 1_048_576
_LARGEST_SHEET = 500_000_000
_LARGEST_PART = 64_000_000
_MOST_PARTS = 1_000
# How much smaller a part may be in the archive: what is packed tighter was made to burst.
_TIGHTEST = 250
_SMALL = 1_000_000
_HEAD = 65_536
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError,
    IndexError, AttributeError, RuntimeError, SyntaxError, ArithmeticError,
)  # fmt: skip
_SAVE = "Open it in Excel and save it as CSV UTF-8."


def read_sheet(path: Path) -> Table:
    """The first sheet of a workbook; formulas count as what they gave when it was saved.

    Raises:
        SourceError: It is no workbook, locked, broken or hostile.
    """
    stream = path.open("rb")
    try:
        _refuse_hostile(path, stream)
        with _quietly():
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        stream.close()
        raise SourceError("this workbook is broken or locked", mend=_SAVE, path=path) from error
    except BaseException:
        stream.close()
        raise
    rows = _rows(path, book, stream)
    line, header = next(rows, (1, []))
    return Table(told="an Excel sheet", header=header, line=line, rows=rows)


def _refuse_hostile(path: Path, stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        for info in parts:
            most = _LARGEST_SHEET if "worksheets/" in info.filename else _LARGEST_PART
            # zipfile gives no byte more than the archive says there are.
            tight = info.file_size > max(_SMALL, _TIGHTEST * info.compress_size)
            if info.file_size > most or tight or len(parts) > _MOST_PARTS:
                raise SourceError(
                    "this workbook unpacks to more than a list can be", mend=_SAVE, path=path
                )
            if info.filename.endswith((".xml", ".rels")):
                _refuse_declarations(path, _head(archive, info))


def _head(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as part:
        return part.read(_HEAD)


def _refuse_declarations(path: Path, head: bytes) -> None:
    """Refuse a part with a document type: only there can entities multiply or reach out."""
    begun = False

    def begin(*_: object) -> None:
        nonlocal begun
        begun = True

    def refuse(*_: object) -> None:
        told = "this workbook declares a document type, which Excel never does"
        raise SourceError(told, mend=_SAVE, path=path)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(head, False)
    except expat.ExpatError as error:
        raise ValueError from error
    if not begun:
        # The root must be in sight: what stands before it could hide a declaration.
        refuse()


def _rows(path: Path, book: Workbook, stream: BinaryIO) -> Iterator[tuple[int, Cells]]:
    try:
        sheet = book.worksheets[0]
        # A workbook may say that it is larger than it is, and be padded to that.
        sheet.reset_dimensions()
        walked = sheet.iter_rows(values_only=True)
        for line in count(1):
            with _quietly():
                row = next(walked, None)
            if row is None:
                return
            if line > MOST_ROWS or len(row) > MOST_COLUMNS:
                told = f"a sheet has at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns here"
                raise SourceError(told, mend=_SAVE, path=path, line=line)
            cells = [_text(value) for value in row]
            if any(cells):
                yield line, cells
    except _BROKEN as error:
        raise SourceError("this workbook is broken", mend=_SAVE, path=path) from error
    finally:
        stream.close()


@contextmanager
def _quietly() -> Iterator[None]:
    """Of what it leaves out, styles and pictures, openpyxl warns. Nobody misses them here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _text(value: object) -> str:
    """A cell as people read it: a day without its hour, a number without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
