"""Writing down what was decided of a stretch of a list, in the transaction it was decided in."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder

from pipeline.audience.imports import bulk
from pipeline.audience.imports.decide import Decision, Outcome
from pipeline.audience.imports.known import Known
from pipeline.audience.imports.terms import Terms
from pipeline.audience.lists.entries import Entry
from pipeline.audience.lists.states import OptOut
from pipeline.audience.models import (
    Consent,
    Import,
    ImportChange,
    Subscriber,
    Subscription,
)
from pipeline.audience.suppression import is_graver, suppress, suppress_unheard

_NEW = json.dumps({"subscription": None})


class Decided(NamedTuple):
    """A row with what becomes of it."""

    entry: Entry
    digest: str
    known: Known
    decision: Decision


def write(rows: Sequence[Decided], *, terms: Terms, source: Import, now: datetime) -> None:
    """Write what is decided of the rows, with a consent for each who may be written to anew (L5).

    Raises:
        IntegrityError: Somebody came in by another way at the same moment; decide anew.
    """
    joining = [row for row in rows if row.decision.outcome == Outcome.ADDED]
    new = [row for row in joining if not row.known.number]
    old = [row for row in joining if row.known.number]
    # In the order of the index that is the largest: neighbours are written together.
    new.sort(key=attrgetter("digest"))
    _Writer(terms, source, now).add(new, old)
    updated = [row for row in rows if row.decision.outcome == Outcome.UPDATED]
    _Writer(terms, source, now).change(updated)
    _opt_out([row for row in rows if row.decision.outcome == Outcome.OPTED_OUT], terms, now=now)


@dataclass(slots=True)
class _Writer:
    terms: Terms
    source: Import
    now: datetime

    def add(self, new: Sequence[Decided], old: Sequence[Decided]) -> None:
        """Subscribe people: new ones, and known ones who had no subscription or an ended one."""
        numbers = bulk.numbers(Subscriber, len(new)) if new else []
        self._insert_people(new, numbers)
        came = list(zip(numbers, (row.digest for row in new), strict=True))
        knew = [(row.known.number, row.digest) for row in old]
        bulk.insert_for(
            ImportChange,
            ("subscriber_id",),
            came,
            same={"source_id": self.source.pk, "created": True, "before": _NEW},
        )
        fresh = [
            person for person, row in zip(knew, old, strict=True) if not row.decision.subscription
        ]
        self._subscribe(came + fresh)
        self._consent(came + knew)
        self._change_known(old)

    def change(self, rows: Sequence[Decided]) -> None:
        """Give known people on the list what it has of them."""
        renewed = [row for row in rows if row.decision.renewed]
        self._consent([(row.known.number, row.digest) for row in renewed])
        self._change_known(rows)

    def _insert_people(self, rows: Sequence[Decided], numbers: Sequence[int]) -> None:
        moment = bulk.stamp(self.now)
        bulk.insert(
            Subscriber,
            ("id", "address", "address_hash", "name", "language", "time_zone", "fields",
             "created_at"),
            [
                (
                    number, entry.address, digest, entry.name, entry.language, entry.time_zone,
                    _json(entry.fields) if entry.fields else "{}", moment,
                )
                for number, (entry, digest, _, _) in zip(numbers, rows, strict=True)
            ],
        )  # fmt: skip

    def _subscribe(self, people: Sequence[bulk.Person]) -> None:
        moment = bulk.stamp(self.now)
        same = {
            "newsletter": self.terms.newsletter.key,
            "state": Subscription.State.ACTIVE.value,
            "changed_at": moment,
            "joined_at": moment,
            "until": bulk.stamp(self.terms.until),
        }
        bulk.insert_for(Subscription, ("subscriber_id",), people, same=same)

    def _consent(self, people: Sequence[bulk.Person]) -> None:
        terms = self.terms
        same = {
            "newsletter": terms.newsletter.key,
            "basis": terms.basis,
            "until": bulk.stamp(terms.until),
            "source": self.source.file_name[:200],
            "actor": terms.actor,
            "import_id": self.source.pk,
            "created_at": bulk.stamp(self.now),
        }
        bulk.insert_for(Consent, ("subscriber_id", "address_hash"), people, same=same)

    def _change_known(self, rows: Sequence[Decided]) -> None:
        moment = bulk.stamp(self.now)
        people, ties, changes = [], [], []
        for row in rows:
            known, decision = row.known, row.decision
            if decision.person:
                people.append(_person(known, decision))
            if decision.subscription:
                joined = moment if "state" in decision.subscription else None
                ties.append((joined, bulk.stamp(self.terms.until), moment, known.subscription))
            changes.append((self.source.pk, known.number, False, _before(known, decision)))
        bulk.update(Subscriber, ("name", "language", "time_zone", "fields"), people)
        active = [row for row in ties if row[0]]
        bulk.update(
            Subscription,
            ("state", "joined_at", "until", "changed_at"),
            [(Subscription.State.ACTIVE.value, *row) for row in active],
        )
        longer = [row[1:] for row in ties if not row[0]]
        bulk.update(Subscription, ("until", "changed_at"), longer)
        columns = ("source_id", "subscriber_id", "created", "before")
        bulk.insert(ImportChange, columns, changes)


def _person(known: Known, decision: Decision) -> tuple[Any, ...]:
    now = {**known.values, "fields": known.fields}
    now |= {name: new for name, (_, new) in decision.person.items()}
    return (now["name"], now["language"], now["time_zone"], _json(now["fields"]), known.number)


def _before(known: Known, decision: Decision) -> str:
    told: dict[str, Any] = {"person": decision.person} if decision.person else {}
    if decision.subscription:
        told["subscription"] = decision.subscription
    elif not known.subscription:
        told["subscription"] = None
    return _json(told)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _opt_out(rows: Sequence[Decided], terms: Terms, *, now: datetime) -> None:
    """Keep what a list says against writing to somebody, and end what is theirs here."""
    scopes: dict[tuple[str, str], str] = {}
    for row, out in _outs(rows):
        newsletter = "" if out.everything else terms.newsletter.key
        heard = scopes.get((row.digest, newsletter))
        if row.decision.again:
            suppress(
                address_hash=row.digest,
                newsletter=newsletter,
                reason=out.reason,
                source="import",
                now=now,
            )
        elif heard is None or is_graver(out.reason, heard):
            scopes[row.digest, newsletter] = out.reason
    suppress_unheard(scopes, source="import", now=now)
    _end(rows, terms, now=now)


def _outs(rows: Sequence[Decided]) -> Iterator[tuple[Decided, OptOut]]:
    return ((row, row.entry.out) for row in rows if row.entry.out)


def _end(rows: Sequence[Decided], terms: Terms, *, now: datetime) -> None:
    standing = [Subscription.State.PENDING, Subscription.State.ACTIVE]
    mine = Subscription.objects.filter(state__in=standing)
    known = [(row.known.number, out) for row, out in _outs(rows) if row.known.number]
    all_of = [number for number, out in known if out.everything]
    this_of = [number for number, out in known if not out.everything]
    mine.filter(subscriber_id__in=all_of).update(state=Subscription.State.LEFT, changed_at=now)
    mine.filter(subscriber_id__in=this_of, newsletter=terms.newsletter.key).update(
        state=Subscription.State.LEFT, changed_at=now
    )
