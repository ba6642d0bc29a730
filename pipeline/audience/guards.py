"""Guards of the append-only tables: triggers that refuse UPDATE, DELETE, REPLACE and TRUNCATE.

They are put in place after every migration, for SQLite rebuilds a table to alter it and drops its
triggers without a word. What is in place already is made anew: it costs nothing, and heals.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

_TOLD = "{table} is append-only: nothing in it is changed or taken out"

# REPLACE deletes without firing a DELETE trigger unless recursive_triggers is on, and that is a
# setting of each connection; the trigger before INSERT refuses it on any.
_SQLITE = {
    "update": "BEFORE UPDATE ON {table}",
    "delete": "BEFORE DELETE ON {table}",
    "replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
}
_POSTGRESQL = {
    "change": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
    "truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
_FUNCTION = """
CREATE OR REPLACE FUNCTION meridian_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: nothing in it is changed or taken out', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def append_only() -> list[type[models.Model]]:
    """The tables that say of themselves, by ``append_only = True``, that they are."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def install(*, using: str = "default", **_: Any) -> None:
    """Put every guard in place; a receiver of Django's ``post_migrate``, safe to call at any time.

    A table that this point of the history has not yet is passed over.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for statement in _statements(connection.vendor, there):
            cursor.execute(statement)


def _statements(vendor: str, there: set[str]) -> list[str]:
    made = [] if vendor == "sqlite" else [_FUNCTION]
    for name, table, when in _each(vendor):
        if table not in there:
            continue
        if vendor == "sqlite":
            told = _TOLD.format(table=table)
            made.append(f"DROP TRIGGER IF EXISTS {name}")
            made.append(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{told}'); END")
        else:
            made.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            made.append(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION meridian_append_only()")
    return made


def _each(vendor: str) -> list[tuple[str, str, str]]:
    """Name, table and event of every guard."""
    events = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    return [
        (f"append_only_{table}_{event}", table, when.format(table=table))
        for table in (model._meta.db_table for model in append_only())
        for event, when in events.items()
    ]


def missing(*, using: str = "default") -> list[str]:
    """The names of the guards that are not in place, or switched off."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = _in_place(cursor, connection.vendor)
    return [name for name, _, _ in _each(connection.vendor) if name not in there]


def _in_place(cursor: CursorWrapper, vendor: str) -> set[str]:
    if vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled <> 'D'"
            " AND relnamespace = current_schema()::regnamespace"
        )
    return {name for (name,) in cursor.fetchall()}
