"""Everybody who asks whom to write to, asked."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import connection

from pipeline.audience.exporting import ACTIVE, export_list
from pipeline.audience.leaving import received
from pipeline.audience.models import Notice, Subscriber, Subscription
from pipeline.audience.notices import held_back
from pipeline.audience.reach import reachable
from pipeline.audience.segments import Filter, count, members
from tests.audience.lists.test_columns import WEEKLY
from tests.audience.operations.saying import DAY, Model, Tie, whose

LETTERS = {"weekly": WEEKLY, "monthly": replace(WEEKLY, key="monthly")}
# Who pauses, or has agreed for a time, must be right in the middle of it, and after it, too.
MOMENTS = (0 * DAY, 13 * DAY, 100 * DAY)


class Reach:
    """Whom issues would go to, asked after every act.

    Django takes far longer to compose a statement than a database to answer it, so it is composed
    once, with a moment that never is in place of the time.
    """

    NEVER = dt.datetime(1000, 7, 1, tzinfo=dt.UTC)

    def __init__(self) -> None:
        columns = "subscriber__address", "newsletter"
        reached = [reachable(key, now=self.NEVER).values_list(*columns) for key in LETTERS]
        self._reached = [each.query.sql_with_params() for each in reached]
        active = Subscription.objects.filter(state=Subscription.State.ACTIVE)
        listed = active.exclude(subscriber__address="").values_list(*columns)
        self._listed = listed.query.sql_with_params()

    def found_wrong(self, model: Model, now: dt.datetime) -> list[str]:
        """Whoever an issue would go to although it may not, now or later."""
        return [
            f"an issue in {later.days} days: {tie}"
            for later in MOMENTS
            for statement in self._reached
            for tie in self._ties(statement, now + later)
            if not model.may_be_written_to(tie, now + later)
        ]

    def on_lists(self) -> set[Tie]:
        """Who is on a list, as the tables have it, whatever else bars them."""
        return set(self._ties(self._listed, self.NEVER))

    def _ties(self, composed: tuple[str, tuple[Any, ...]], moment: dt.datetime) -> list[Tie]:
        statement, parameters = composed
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._at(value, moment) for value in parameters])
            return [(whose(address), key) for address, key in cursor.fetchall()]

    def _at(self, value: Any, moment: dt.datetime) -> Any:
        if isinstance(value, str) and value.startswith("1000-"):
            value = dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
        if not isinstance(value, dt.datetime):
            return value
        return connection.ops.adapt_datetimefield_value(moment + (value - self.NEVER))


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
