"""Many rows into a table at once: what bulk_create does, in a tenth of the time."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from pipeline.audience.models import Subscriber

Row = tuple[Any, ...]
Person = tuple[int, str]
"""The number of a subscriber, and the hash of their address."""
_ROOM = {"main": 48_000, "temp": 16_000}  # kibibytes
_AT_ONCE = 500  # rows in one statement


def numbers(model: type[models.Model], count: int) -> list[int]:
    """Numbers for new rows, never given before; within a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The transaction is the only one that writes, so nobody takes the next numbers.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            last = row[0] if row else 0
            return list(range(last + 1, last + count + 1))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def among(values: Sequence[str] | Sequence[int]) -> RawSQL:
    """Many values as one parameter, for ``__in``: a placeholder for each would take longer."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(values)])
    kind = "bigint" if values and isinstance(values[0], int) else "text"
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611 (names of ours)


@contextmanager
def roomy() -> Iterator[None]:
    """Give SQLite room for the indexes of a million people, of which each row touches any page."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {}
        for schema, room in _ROOM.items():
            cursor.execute(f"PRAGMA {schema}.cache_size")
            (before[schema],) = cursor.fetchone()
            cursor.execute(f"PRAGMA {schema}.cache_size = -{room}")
        try:
            yield
        finally:
            for schema, room in before.items():
                cursor.execute(f"PRAGMA {schema}.cache_size = {room}")


def stamp(moment: datetime | None) -> Any:
    """A time as the database's driver takes it."""
    return None if moment is None else connection.ops.adapt_datetimefield_value(moment)


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows; a column that is not named gets the default of its field.

    Args:
        model: The table.
        columns: Names of database columns.
        rows: Their values, as the driver takes them: JSON as text, times by ``stamp``.
    """
    if not rows:
        return
    same = _defaults(model, columns)
    rest = tuple(same.values())
    into = _into(model, (*columns, *same))
    rows = [row + rest for row in rows]
    if connection.vendor == "sqlite":
        _executed(f"INSERT INTO {into}", rows)
        return
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {into} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def insert_for(
    model: type[models.Model],
    columns: Sequence[str],
    people: Sequence[Person],
    *,
    same: Mapping[str, Any],
) -> None:
    """Insert a row for each of many people, all alike but for who they are: one statement.

    Args:
        model: The table.
        columns: The columns of who it is: of the number, then maybe of the hash.
        people: Numbers and hashes of subscribers, who are in their table already.
        same: What all rows have in the other columns, as the driver takes it; a column that is not
            named gets the default of its field.
    """
    if not people:
        return
    same = {**same, **_defaults(model, (*columns, *same))}
    source, parameters = _people(people)
    wanted = ", ".join(("number", "digest")[: len(columns)])
    marks = ", ".join(["%s"] * len(same))
    into = f"INSERT INTO {_into(model, (*columns, *same))}"
    statement = f"{into} SELECT {wanted}, {marks} FROM ({source}) people ORDER BY number"  # noqa: S608 (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same.values(), *parameters])


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set columns of rows; the number of the row comes last."""
    if rows:
        settings = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
        statement = f"UPDATE {model._meta.db_table} SET {settings} WHERE id = %s"  # noqa: S608 (names of ours)
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _defaults(model: type[models.Model], named: Sequence[str]) -> dict[str, Any]:
    """What the columns get that are not named."""
    rest = (field for field in model._meta.concrete_fields if not field.primary_key)
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in rest
        if field.column not in named
    }


def _into(model: type[models.Model], columns: Sequence[str]) -> str:
    return f"{model._meta.db_table} ({', '.join(map(connection.ops.quote_name, columns))})"


def _people(people: Sequence[Person]) -> tuple[str, list[Any]]:
    """A statement that gives numbers and hashes, and its parameters."""
    numbers = [number for number, _ in people]
    if connection.vendor == "sqlite":
        table = Subscriber._meta.db_table
        listed = among(numbers)
        source = (
            f"SELECT id AS number, address_hash AS digest FROM {table} WHERE id IN ({listed.sql})"  # noqa: S608 (names of ours)
        )
        return source, list(listed.params)
    source = "SELECT * FROM unnest(%s::bigint[], %s::text[]) AS listed (number, digest)"
    return source, [numbers, [digest for _, digest in people]]


def insert_new(table: str, rows: Sequence[tuple[int, int]]) -> int:
    """Insert pairs of numbers but those whose first is there already; gives how many were not."""
    if connection.vendor == "sqlite":
        into = f"INSERT OR IGNORE INTO {table}"
        return _executed(into, rows)
    into = f"INSERT INTO {table} SELECT * FROM unnest(%s::bigint[], %s::bigint[])"  # noqa: S608 (ours)
    with connection.cursor() as cursor:
        cursor.execute(f"{into} ON CONFLICT DO NOTHING", list(map(list, zip(*rows, strict=True))))
        return int(cursor.rowcount)


def _executed(into: str, rows: Sequence[Row]) -> int:
    """Some hundred rows with a statement: SQLite begins and ends each with work of its own."""
    width = len(rows[0])
    one = f"({', '.join('?' * width)})"
    done = 0
    # Past the cursor of Django, which would rewrite every mark of these long statements.
    with connection.wrap_database_errors:
        marks = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        at_once = min(_AT_ONCE, marks // width)
        for begin in range(0, len(rows), at_once):
            some = rows[begin : begin + at_once]
            statement = f"{into} VALUES {', '.join([one] * len(some))}"
            values = list(chain.from_iterable(some))
            done += connection.connection.execute(statement, values).rowcount
    return done
