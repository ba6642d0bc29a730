"""Queries of the ORM that are compiled once and run often, with other values each time.

What Django does to make SQL of a query costs a few milliseconds, which a sender would pay for each
of its batches: more than all the rest. Nothing is said twice this way: the query stays the ORM's.
"""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ParamSpec, cast

from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

P = ParamSpec("P")

# Stand in a query for what it will be run with.
NOW = dt.datetime(1, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
THEN = dt.datetime(1, 2, 3, 4, 5, 7, tzinfo=dt.UTC)
NUMBERS = "the numbers asked for"
_IN = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT unnest(%s::bigint[])",
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The SQL of a query, and its parameters with the stand-ins among them."""

    sql: str
    parameters: tuple[Any, ...]

    def rows(
        self,
        *,
        now: dt.datetime | None = None,
        then: dt.datetime | None = None,
        numbers: Sequence[int] = (),
    ) -> list[tuple[Any, ...]]:
        """Run it.

        Args:
            now: What stands for ``NOW``.
            then: What stands for ``THEN``.
            numbers: What stands for ``among()``.

        Returns:
            What the database gives, not converted: of an instant, what :func:`moment` reads.
        """
        stands = {
            _adapted(NOW): _adapted(now),
            _adapted(THEN): _adapted(then),
            NUMBERS: _listed(numbers),
        }
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [stands.get(each, each) for each in self.parameters])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def compiled(build: Callable[P, QuerySet[Any, Any]]) -> Callable[P, Compiled]:
    """The query that a function builds, as SQL; built once for the same arguments."""

    @lru_cache(maxsize=64)
    def once(*arguments: Any, **named: Any) -> Compiled:
        query = build(*arguments, **named)
        sql, parameters = query.query.get_compiler(connection.alias).as_sql()
        return Compiled(sql, tuple(parameters))

    return cast("Callable[P, Compiled]", once)


def among(numbers: Sequence[int] | None = None) -> RawSQL:
    """What a column is looked for in, with ``__in``: one parameter, however many numbers.

    Args:
        numbers: None stands for those that a compiled query is run with.
    """
    asked = NUMBERS if numbers is None else _listed(numbers)
    return RawSQL(_IN[connection.vendor], [asked], BigIntegerField())  # noqa: S611 (a constant)


def moment(value: Any) -> dt.datetime | None:
    """An instant out of a row."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=dt.UTC) if found else None


def _adapted(value: dt.datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def _listed(numbers: Sequence[int]) -> Any:
    return json.dumps(list(numbers)) if connection.vendor == "sqlite" else list(numbers)
