"""Reading a list in: in stretches, each one transaction, with a report of every row.

The list is first walked through to its end, so that what cannot be read is told before anything
is written. A stretch, its report and how far the import is are committed together; after a crash
the same command goes on behind the last of them, or ``undo`` takes back what is there.
"""

import gc
import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline.audience.imports.bulk import roomy
from pipeline.audience.imports.decide import Outcome
from pipeline.audience.imports.repeats import Seen
from pipeline.audience.imports.report import Report, Told
from pipeline.audience.imports.stretch import Act
from pipeline.audience.imports.terms import Terms
from pipeline.audience.lists import open_list
from pipeline.audience.lists.columns import Columns, recognise
from pipeline.audience.lists.entries import Entry, Refused, reading
from pipeline.audience.models import Import
from pipeline.errors import SourceError

# Rows in one transaction: beside a million people it keeps other writers of SQLite waiting for up
# to a third of a second (benchmarks/import.md).
STRETCH = 8_000
_SHOWN = 10

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A list that can be read in.

    Attributes:
        told: What the file was taken for.
        rows: How many it has.
    """

    path: Path
    told: str
    columns: Columns
    rows: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Result:
    """What became of a list.

    Attributes:
        number: Of the import, for ``undo``; 0 if nothing was written down.
        resumed: Whether it went on behind a crash.
        counts: How many rows had which outcome.
        examples: The first rows of each outcome.
    """

    plan: Plan
    number: int
    report: Path
    resumed: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[Outcome, list[Told]] = field(default_factory=dict)

    def note(self, told: list[Told]) -> None:
        """Count rows, and keep the first of each outcome."""
        self.counts.update(row.outcome.value for row in told)
        for outcome in Outcome:
            shown = self.examples.setdefault(outcome, [])
            if len(shown) < _SHOWN:
                alike = (row for row in told if row.outcome is outcome)
                shown += islice(alike, _SHOWN - len(shown))


def look_at(
    path: Path, terms: Terms, *, mapping: Mapping[str, str], allowed: Mapping[str, str]
) -> Plan:
    """Walk through a list to its end, and find out what its columns mean.

    Args:
        path: The list.
        terms: On what right it is read in.
        mapping: What columns mean, as ``columns.recognise`` takes it.
        allowed: Columns that look clinical and are left in the file unread, with the reason.

    Raises:
        SourceError: It cannot be read. Names the line.
        SettingError: The mapping is wrong.
    """
    table = open_list(path)
    try:
        columns = recognise(table.header, terms.newsletter, mapping=mapping, allowed=allowed)
    except SourceError as error:
        raise SourceError(error.message, mend=error.mend, path=path, line=table.line) from error
    rows = sum(1 for _ in table.rows)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Plan(path=path, told=table.told, columns=columns, rows=rows, sha256=digest)


def import_list(
    plan: Plan,
    terms: Terms,
    *,
    report: Path | None = None,
    dry_run: bool = False,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Result:
    """Read a list in, or tell what that would change.

    Args:
        plan: What ``look_at`` gave.
        terms: On what right.
        report: Where the report goes; beside the list, if None.
        dry_run: Whether nothing but the report is written.
        now: The time.
        progress: Called with the number of rows that are done.

    Raises:
        OutboxError: The report cannot be written; what it lacks is not read in.
        SettingError: Another process reads the same list in at this moment.
    """
    record = None if dry_run else _record(plan, terms, now=now)
    done = record.progress if record else {}
    path = report or _beside(plan.path, record)
    length = done.get("report", 0) if path.exists() else 0
    result = Result(plan=plan, number=record.pk if record else 0, report=path)
    result.resumed = bool(done.get("line"))
    result.counts.update(record.counts if record else {})
    written = Report(path, keep=length)
    try:
        with roomy(), _settled_heap(), Seen() as seen:
            act = Act(terms=terms, record=record, report=written, seen=seen, now=now)
            for entries in _stretches(plan, terms):
                result.note(act.stretch(entries))
                progress(len(entries))
    finally:
        written.close()
    if record is not None:
        kept = {"options": record.progress["options"]}
        Import.objects.filter(pk=record.pk).update(finished_at=now, progress=kept)
    return result


@contextmanager
def _settled_heap() -> Iterator[None]:
    """Let the collector pass over what is loaded: a list makes it walk through all of it often."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _stretches(plan: Plan, terms: Terms) -> Iterator[list[Entry | Refused]]:
    read = reading(plan.columns, terms.newsletter)
    rows = open_list(plan.path).rows
    while stretch := [read(line, cells) for line, cells in islice(rows, STRETCH)]:
        yield stretch


def _beside(path: Path, record: Import | None) -> Path:
    what = f"import-{record.pk}" if record else "dry-run"
    return path.with_name(f"{path.stem}.{what}.csv")


def _record(plan: Plan, terms: Terms, *, now: datetime) -> Import:
    """The row of this import: of one that a crash ended, or a new one."""
    columns = [list(pair) for pair in plan.columns.told()]
    allowed = dict(plan.columns.allowed)
    options = {**terms.as_options(), "columns": columns, "allowed": allowed}
    unfinished = Import.objects.filter(
        newsletter=terms.newsletter.key,
        sha256=plan.sha256,
        finished_at=None,
        undone_at=None,
        progress__options=options,
    )
    record = unfinished.order_by("pk").last() or Import(
        newsletter=terms.newsletter.key,
        file_name=plan.path.name[-255:],
        sha256=plan.sha256,
        basis=terms.basis,
        actor=terms.actor,
        begun_at=now,
        progress={"options": options, "line": 0, "report": 0},
    )
    record.progress["owner"] = uuid.uuid4().hex
    record.save()
    return record
