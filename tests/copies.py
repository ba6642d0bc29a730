"""States of a test's database: keep one, and put it back as the restore of a backup does.

All of it is kept within the connection that runs, for a test that restores a thousand times has no
time for files, new connections and new databases.
"""

import sqlite3
from collections.abc import Iterable

from django.db import connection, transaction


class Copies:
    """Kept states of the running test's database, by name; a name again takes the old one's place.

    A state is every row, and the numbers that were given, as a backup has them.
    """

    def __init__(self) -> None:
        self._kept: dict[str, sqlite3.Connection] = {}
        self._tables: list[str] = []

    def __enter__(self) -> "Copies":
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            there = connection.introspection.table_names()
            self._tables = [name for name in there if name.startswith("pipeline_")]
        return self

    def __exit__(self, *_: object) -> None:
        for kept in self._kept.values():
            kept.close()

    def keep(self, name: str) -> None:
        """Keep the database as it is now."""
        if connection.vendor == "postgresql":
            self._make_room(name)
            numbers = _moved("numbers", target=name, rows=_NUMBERS)
            _run([*numbers, *self._all_moved(source="public", target=name)])
        else:
            kept = self._kept.setdefault(name, sqlite3.connect(":memory:"))
            connection.connection.backup(kept)

    def restore(self, name: str) -> None:
        """Put the kept state in the place of this database."""
        if connection.vendor == "postgresql":
            # The guards of append-only tables, and references, stand aside for a restore alone.
            role = "SET LOCAL session_replication_role = replica"
            given = f"SELECT setval(name::regclass, last, given) FROM {name}.numbers"  # noqa: S608 (names of ours)
            _run([role, *self._all_moved(source=name, target="public"), given])
        else:
            self._kept[name].backup(connection.connection)

    def _all_moved(self, *, source: str, target: str) -> list[str]:
        return [
            statement
            for table in self._tables
            for statement in _moved(table, target=target, rows=f"TABLE {source}.{table}")
        ]

    def _make_room(self, name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name])
            if cursor.fetchone() is not None:
                return
        tables = [f"CREATE TABLE {name}.{table} (LIKE public.{table})" for table in self._tables]
        numbers = f"CREATE TABLE {name}.numbers (name text, last bigint, given boolean)"
        _run([f"CREATE SCHEMA {name}", *tables, numbers])


# The numbers that were given, in every table's sequence.
_NUMBERS = """
SELECT format('%I.%I', schemaname, sequencename),
    COALESCE(last_value, start_value), last_value IS NOT NULL
FROM pg_sequences WHERE schemaname = 'public'
"""


def _moved(table: str, *, target: str, rows: str) -> tuple[str, str]:
    return f"DELETE FROM {target}.{table}", f"INSERT INTO {target}.{table} {rows}"  # noqa: S608 (names of ours)


@transaction.atomic
def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))
