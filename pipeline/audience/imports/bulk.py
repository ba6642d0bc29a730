"""Many rows into a table at once: what bulk_create does, in a tenth of the time."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

Row = tuple[Any, ...]
_ROOM = 48_000  # kibibytes


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
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{_ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


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
    rest = [
        field
        for field in model._meta.concrete_fields
        if field.column and field.column not in columns and not field.primary_key
    ]
    same = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    every = [*columns, *(str(field.column) for field in rest)]
    named = ", ".join(map(connection.ops.quote_name, every))
    _insert(model._meta.db_table, named, [row + same for row in rows], len(every))


def _insert(table: str, named: str, rows: Sequence[Row], width: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", rows)  # noqa: S608 (names of ours)
            return
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set columns of rows; the number of the row comes last."""
    if rows:
        settings = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
        statement = f"UPDATE {model._meta.db_table} SET {settings} WHERE id = %s"  # noqa: S608 (names of ours)
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
