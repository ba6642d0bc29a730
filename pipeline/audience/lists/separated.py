"""CSV and TSV, as any program writes them: separators and letters are found out."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pipeline.audience.lists.encoding import encoding_of, name_of
from pipeline.audience.lists.table import LONGEST_ROW, Cells, Table
from pipeline.errors import SourceError

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_QUOTES = "Look for a quotation mark that is opened and never closed."


def read_separated(path: Path) -> Table:
    r"""A list separated by commas, semicolons, tabs or bars.

    Line ends may be mixed, texts in quotes may hold them, and cells may hold NUL.

    Raises:
        SourceError: It cannot be read, or a row (while it is walked through) is too long.
    """
    codec = encoding_of(path)
    # A byte that is no letter in it becomes a mark that no name and no address may hold.
    stream = path.open(encoding=codec, newline="", errors="replace")
    lines = _Lines(path, stream)
    try:
        first = next(lines, "")
        told = first.strip().lower()
        separator = ""
        if told.startswith("sep=") and len(told) == 5:
            # Excel's own way to say it.
            separator, first = told[4], next(lines, "")
        separator = separator or max(_SEPARATORS, key=_outside_quotes(first).count)
        lines.put_back(first)
        rows = _rows(path, lines, separator)
        line, header = next(rows, (1, []))
    except BaseException:
        stream.close()
        raise
    kind = f"{name_of(codec)}, separated by {_SEPARATORS.get(separator, repr(separator))}"
    return Table(told=kind, header=header, line=line, rows=rows)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


@dataclass
class _Lines:
    """The lines of a stream, none and no row of which may be without end.

    Attributes:
        number: Of the line that was given last, from 1.
        taken: Letters given since the row began.
    """

    path: Path
    stream: TextIO
    number: int = 0
    taken: int = 0
    _waiting: list[str] = field(default_factory=list)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else self.stream.readline(LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        if self.taken > LONGEST_ROW:
            told = f"a row is longer than {LONGEST_ROW:,} letters"
            raise SourceError(told, mend=_QUOTES, path=self.path, line=self.number)
        return line

    def put_back(self, line: str) -> None:
        """Give the line once more."""
        if line:
            self._waiting.append(line)
            self.number -= 1


def _rows(path: Path, lines: _Lines, separator: str) -> Iterator[tuple[int, Cells]]:
    with lines.stream:
        yield from _read(path, lines, separator)


def _read(path: Path, lines: _Lines, separator: str) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(lines, delimiter=separator)
    while True:
        line, lines.taken = lines.number + 1, 0
        try:
            row = next(reader, None)
        except csv.Error as error:
            told = f"a row cannot be read: {error}"
            raise SourceError(told, mend=_QUOTES, path=path, line=line) from error
        if row is None:
            return
        if row:
            yield line, row
