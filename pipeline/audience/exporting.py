"""The list of a newsletter as a file: for a spreadsheet, or to be read in again."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from pipeline.audience.lists.formulas import marked
from pipeline.audience.lists.sheet import MOST_ROWS
from pipeline.audience.models import Subscription
from pipeline.audience.reach import Exclusion, exclusion
from pipeline.errors import OutboxError, SettingError
from pipeline.values import Newsletter

ACTIVE = "active"
# Who pauses is on the list; who is not written to for good must not look as if they were.
_ON_THE_LIST = frozenset({"", Exclusion.MONTHLY, Exclusion.WEEKLY, Exclusion.PAUSED})
STATUSES = (ACTIVE, *(reason.value for reason in Exclusion if reason not in _ON_THE_LIST))
_HEADER = ("address", "name", "language", "time_zone", "newsletter", "status", "joined", "until")


def export_list(
    path: Path, newsletters: Sequence[Newsletter], *, statuses: Iterable[str] = (), now: datetime
) -> int:
    """Write the people of newsletters into a file, row by row.

    A value that a spreadsheet would run begins with ``'`` (S13); reading it in takes that away.

    Args:
        path: A .csv or .xlsx file. It holds addresses, so its owner alone may read it (0600).
        newsletters: Whose lists.
        statuses: Of ``STATUSES``; all, if empty. Whoever was forgotten has no address to write.
        now: The time.

    Returns:
        How many rows it has.

    Raises:
        OutboxError: It cannot be written, or is there already.
        SettingError: The name ends in no kind of file that is written.
    """
    write = {".csv": _write_csv, ".xlsx": _write_sheet}.get(path.suffix.lower())
    if write is None:
        mend = "End its name in .csv or .xlsx."
        raise SettingError("a list is written as CSV or for Excel", mend=mend, path=path)
    fields = list(dict.fromkeys(asked.key for each in newsletters for asked in each.fields))
    wanted = frozenset(statuses) or frozenset(STATUSES)
    rows = (row for each in newsletters for row in _rows(each, fields, wanted, now=now))
    part = path.with_name(f".{path.name}.part")
    try:
        written = write(part, [*_HEADER, *fields], rows)
        part.replace(path)
    except OSError as error:
        told = f"the list cannot be written: {error.strerror or error}"
        raise OutboxError(told, mend="Make room for it, or mend its rights.", path=path) from error
    finally:
        part.unlink(missing_ok=True)
    return written


def _rows(
    newsletter: Newsletter, fields: Sequence[str], wanted: frozenset[str], *, now: datetime
) -> Iterator[list[str]]:
    listed = Subscription.objects.filter(newsletter=newsletter.key).exclude(subscriber__address="")
    listed = listed.annotate(excluded=exclusion(now=now)).order_by("pk")
    columns = ("address", "name", "language", "time_zone", "fields")
    found = listed.values_list(
        *(f"subscriber__{name}" for name in columns), "excluded", "joined_at", "until"
    )
    for *person, values, excluded, joined, until in found.iterator(chunk_size=5_000):
        status = ACTIVE if excluded in _ON_THE_LIST else str(excluded)
        if status in wanted:
            days = [moment.isoformat() if moment else "" for moment in (joined, until)]
            cells = [*person, newsletter.key, status, *days]
            cells += [str(values.get(field, "")) for field in fields]
            yield [marked(cell) for cell in cells]


def _write_csv(part: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # With a mark, or Excel takes it for Western letters.
    with os.fdopen(file, "w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        return sum(bool(writer.writerow(row)) for row in rows)


def _write_sheet(part: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Subscribers")
    sheet.append(list(header))
    count = 0
    try:
        for count, row in enumerate(rows, 1):
            if count >= MOST_ROWS:
                mend = "Write it as .csv."
                raise SettingError(f"an Excel sheet ends at {MOST_ROWS:,} rows", mend=mend)
            sheet.append([_harmless(cell) for cell in row])
    finally:
        sheet.close()
    book.save(part)
    return count


def _harmless(cell: str) -> str:
    """The cell without what XML cannot hold."""
    return "".join(char for char in cell if char >= " " or char in "\t\n")
