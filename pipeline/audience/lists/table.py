"""A list as it stands in a file: a line of names, and rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass

# What one row may be: a person is a few hundred letters. More was made to fill the memory.
LONGEST_ROW = 1_000_000
MOST_COLUMNS = 1_000

Cells = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list that is read while it is walked through, once.

    Attributes:
        told: What it was taken for: "CSV in UTF-8, separated by commas".
        header: The names of its columns.
        line: The line of the header.
        rows: Each row with the line it begins on, counted from 1.
    """

    told: str
    header: Cells
    line: int
    rows: Iterator[tuple[int, Cells]]
