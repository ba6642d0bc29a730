"""Everybody who asks whom to write to, asked."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from django.db import connection

from pipeline.audience.exporting import ACTIVE, export_list
from pipeline.audience.leaving import received
from pipeline.audience.models import Notice, Subscriber
from pipeline.audience.notices import held_back
from pipeline.audience.reach import reachable
from pipeline.audience.segments import Filter, count, members
from tests.audience.lists.test_columns import WEEKLY
from tests.audience.operations.saying import DAY, Model, Tie, whose

LETTERS = {"weekly": WEEKLY, "monthly": replace(WEEKLY, key="monthly")}
# A tie that pauses now is written to when the pause ends: it must be right by then, too.
LATER = 100 * DAY


class Reach:
    """Whom issues would go to, asked after every act.

    Django takes far longer to compose the statement than a database to answer it, so it is composed
    once, with a moment that never is in place of the time.
    """

    NEVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)

    def __init__(self) -> None:
        composed = (reachable(key, now=self.NEVER) for key in LETTERS)
        rows = [each.values_list("subscriber__address", "newsletter") for each in composed]
        self._statements = [each.query.sql_with_params() for each in rows]
        self._never = connection.ops.adapt_datetimefield_value(self.NEVER)

    def found_wrong(self, model: Model, now: dt.datetime) -> list[str]:
        """Whoever an issue would go to although it may not, now or when pauses are over."""
        at_once = [tie for tie in self._reached(now) if not model.may_be_written_to(tie, now)]
        in_time = [tie for tie in self._reached(now + LATER) if model.is_barred(tie)]
        return [f"an issue: {tie}" for tie in (*at_once, *in_time)]

    def _reached(self, now: dt.datetime) -> Iterator[Tie]:
        moment = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            for statement, parameters in self._statements:
                values = [moment if value == self._never else value for value in parameters]
                cursor.execute(statement, values)
                yield from ((whose(address), key) for address, key in cursor.fetchall())


def found_wrong(model: Model, folder: Path, now: dt.datetime) -> list[str]:
    """Whoever any other reader would write to although nobody may; empty if all is well."""
    asked: list[tuple[str, Iterator[Tie], Callable[[Tie], bool]]] = [
        ("a segment", _chosen(now), lambda tie: model.may_be_written_to(tie, now)),
        ("a list out", _exported(folder, now), lambda tie: model.may_be_on_list(tie, now)),
        ("preferences", _received(now), lambda tie: model.may_be_on_list(tie, now)),
        ("a confirmation", _noticed("confirm", now), lambda tie: not model.complained(tie[0])),
        ("a notice", _noticed("known", now), lambda tie: model.may_be_on_list(tie, now)),
    ]
    return [f"{reader}: {tie}" for reader, ties, may in asked for tie in ties if not may(tie)]


def _chosen(now: dt.datetime) -> Iterator[Tie]:
    for key, letter in LETTERS.items():
        chosen = members(Filter(), letter, now=now)
        addresses = list(chosen.values_list("subscriber__address", flat=True))
        total = count(Filter(), letter, now=now)
        assert total.adds_up()
        assert total.reached == len(addresses)
        yield from ((whose(address), key) for address in addresses)


def _exported(folder: Path, now: dt.datetime) -> Iterator[Tie]:
    path = folder / "out.csv"
    path.unlink(missing_ok=True)
    export_list(path, list(LETTERS.values()), statuses=[ACTIVE], now=now)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            yield whose(row["address"]), row["newsletter"]


def _received(now: dt.datetime) -> Iterator[Tie]:
    for person in Subscriber.objects.exclude(address=""):
        yield from ((whose(person.address), key) for key in received(person, now=now))


def _noticed(kind: str, now: dt.datetime) -> Iterator[Tie]:
    waiting = Notice.objects.filter(kind=kind, state=Notice.State.PENDING)
    free = waiting.annotate(held=held_back(now=now)).filter(held="")
    for address, key in free.values_list("subscriber__address", "newsletter"):
        yield whose(address), key
