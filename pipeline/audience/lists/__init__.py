"""Lists of people as other programs write them: read row by row, in little memory."""

from pathlib import Path

from pipeline.audience.lists.cards import read_cards
from pipeline.audience.lists.separated import read_separated
from pipeline.audience.lists.sheet import read_sheet
from pipeline.audience.lists.table import MOST_COLUMNS, Table
from pipeline.errors import SourceError

_READERS = {
    ".csv": read_separated,
    ".tsv": read_separated,
    ".txt": read_separated,
    ".tab": read_separated,
    ".xlsx": read_sheet,
    ".vcf": read_cards,
}


def open_list(path: Path) -> Table:
    """A list of people, by the ending of its name.

    Raises:
        SourceError: It is of no kind that is read, or cannot be read. Rows that cannot be read
            raise it while they are walked through.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        mend = f"Save it as one of: {', '.join(_READERS)}."
        raise SourceError("this is no list that can be read in", mend=mend, path=path)
    try:
        table = reader(path)
    except OSError as error:
        raise SourceError(
            f"the list cannot be read: {error.strerror or error}",
            mend="Look at its name and rights.",
            path=path,
        ) from error
    if len(table.header) > MOST_COLUMNS:
        told = f"the list has {len(table.header):,} columns"
        raise SourceError(
            told, mend=f"Keep at most {MOST_COLUMNS:,} of them.", path=path, line=table.line
        )
    return table
