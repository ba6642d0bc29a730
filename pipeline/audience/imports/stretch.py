"""A stretch of a list: decided, written and reported in one transaction, or not at all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from pipeline.audience.imports.decide import Decision, Outcome, decide
from pipeline.audience.imports.known import NOBODY, known
from pipeline.audience.imports.repeats import Hashed, Seen, repeats
from pipeline.audience.imports.report import Report, Told
from pipeline.audience.imports.terms import Terms
from pipeline.audience.imports.write import Decided, write
from pipeline.audience.keys import address_hashes
from pipeline.audience.lists.entries import Entry, Refused
from pipeline.audience.models import Import
from pipeline.errors import SettingError

_TRIES = 5


@dataclass(frozen=True, slots=True)
class _Committed:
    """How far an import is: bytes of the report, sums, and what its record says."""

    report: int
    counts: dict[str, int] = field(default_factory=dict)
    progress: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Act:
    """One import on its way; without a record it only tells what it would do."""

    terms: Terms
    record: Import | None
    report: Report
    seen: Seen
    now: datetime

    def stretch(self, entries: Sequence[Entry | Refused]) -> list[Told]:
        """What became of the rows; those that a run before a crash has settled are left out."""
        done = self.record.progress["line"] if self.record else 0
        people = [row for row in entries if isinstance(row, Entry)]
        hashed = list(zip(people, address_hashes(entry.address for entry in people), strict=True))
        before = [(entry, digest) for entry, digest in hashed if entry.line <= done]
        left = [row for row in entries if row.line > done]
        # Noted before the transaction, so that others wait less: a note twice is a note once.
        repeats(before, self.seen)
        hashed = hashed[len(before) :]
        repeated = repeats(hashed, self.seen)
        fresh = [pair for pair in hashed if pair[0].line not in repeated]
        for attempt in range(_TRIES):
            try:
                with transaction.atomic():
                    told, committed = self._settle(left, fresh, repeated)
            except IntegrityError:
                # Somebody came in by a form at the same moment: look again, and decide anew.
                if attempt == _TRIES - 1:
                    raise
            else:
                self._note(committed)
                return told
        raise AssertionError

    def _settle(
        self,
        left: Sequence[Entry | Refused],
        fresh: Hashed,
        repeated: Mapping[int, Decision],
    ) -> tuple[list[Told], _Committed]:
        decided = self._decided(fresh)
        if self.record is not None:
            write(decided, terms=self.terms, source=self.record, now=self.now)
        decisions = {**repeated, **{row.entry.line: row.decision for row in decided}}
        told = []
        for row in left:
            if isinstance(row, Refused):
                told.append(Told(row.line, row.said, Outcome.REFUSED, row.reason))
            else:
                decision = decisions[row.line]
                told.append(Told(row.line, row.address, decision.outcome, decision.reason))
        return told, self._kept(told)

    def _decided(self, hashed: Hashed) -> list[Decided]:
        facts = known([digest for _, digest in hashed], self.terms.newsletter.key)
        return [
            Decided(entry, digest, person, decide(entry, person, self.terms))
            for entry, digest in hashed
            for person in (facts.get(digest, NOBODY),)
        ]

    def _kept(self, told: Sequence[Told]) -> _Committed:
        """The report first: no row is committed that it lacks."""
        length = self.report.add(told)
        record = self.record
        if record is None or not told:
            return _Committed(length)
        progress = {**record.progress, "line": told[-1].line, "report": length}
        counts = dict(Counter(record.counts) + Counter(row.outcome.value for row in told))
        mine = Import.objects.filter(pk=record.pk, progress__owner=progress["owner"])
        if not mine.update(counts=counts, progress=progress):
            raise SettingError(
                f"import {record.pk} is gone on with by another process",
                mend="Let that one end; this one has stopped.",
            )
        return _Committed(length, counts, progress)

    def _note(self, committed: _Committed) -> None:
        self.report.length = committed.report
        if self.record is not None and committed.progress:
            self.record.counts = committed.counts
            self.record.progress = committed.progress
