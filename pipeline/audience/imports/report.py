"""The report of an import: a CSV beside the list, a row for each row of it, in its order."""

import csv
import os
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.audience.imports.decide import Outcome
from pipeline.audience.lists.formulas import marked
from pipeline.errors import OutboxError

_HEADER = ("line", "address", "outcome", "reason")


class Told(NamedTuple):
    """What became of a row of the list."""

    line: int
    address: str
    outcome: Outcome
    reason: str = ""


class Report:
    """The file, open. It holds addresses, so its owner alone may read it (0600).

    Attributes:
        path: Where it is.
        length: How many of its bytes are committed.
    """

    def __init__(self, path: Path, *, keep: int = 0) -> None:
        """Open it.

        Args:
            path: Where it is to be.
            keep: How many of its bytes are committed; what a crash left behind them is cut off.

        Raises:
            OutboxError: It cannot be written.
        """
        self.path = path
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            self._stream: BinaryIO = os.fdopen(os.open(path, flags, 0o600), "r+b")
            path.chmod(0o600)
        except OSError as error:
            raise self._unwritable(error) from error
        # Without the mark Excel takes it for Western letters.
        self.length = keep or self._write([_HEADER], after=0, mark=b"\xef\xbb\xbf")

    def add(self, rows: Iterable[Told]) -> int:
        """Write rows behind ``length``, durably, and give how long the file is then.

        Whoever commits them sets ``length``; until then the next call writes over them.

        Raises:
            OutboxError: It cannot be written.
        """
        told = ((row.line, marked(row.address), row.outcome, row.reason) for row in rows)
        return self._write(told, after=self.length)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _write(self, rows: Iterable[tuple[object, ...]], *, after: int, mark: bytes = b"") -> int:
        text = StringIO(newline="")
        csv.writer(text).writerows(rows)
        try:
            self._stream.seek(after)
            self._stream.truncate()
            self._stream.write(mark + text.getvalue().encode("utf-8", "replace"))
            self._stream.flush()
            os.fsync(self._stream.fileno())
            return self._stream.tell()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> OutboxError:
        told = f"the report cannot be written: {error.strerror or error}"
        mend = "Make room for it, or say --report where it may be. What it lacks is not read in."
        return OutboxError(told, mend=mend, path=self.path)
