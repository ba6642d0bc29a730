"""What is append-only refuses every other verb, on every connection, after every migration."""

import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from pipeline.audience import guards
from pipeline.audience.models import Consent, Rejoin, Subscriber, Suppression
from pipeline.audience.suppression import readmit, suppress
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

TABLES = ["pipeline_consent", "pipeline_suppression", "pipeline_rejoin"]
REPLACING = {
    "sqlite": [
        "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET id = 0",
    ],
    "postgresql": [
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = 0",
    ],
}


@pytest.fixture
def filled() -> Subscriber:
    """A row in each of the tables."""
    ana = subscriber()
    Consent.objects.create(
        subscriber_id=ana.pk,
        address_hash=ana.address_hash,
        newsletter="weekly",
        basis="express",
        source="form",
        actor="subscriber",
        created_at=NOW,
    )
    suppress(address_hash=ana.address_hash, newsletter="weekly", reason="unsubscribed", now=NOW)
    readmit(subscriber=ana, newsletter="weekly", how="confirmed", now=NOW)
    return ana


def rows() -> list[list[tuple[object, ...]]]:
    """Everything that stands in the three tables."""
    return [list(kind.objects.values_list()) for kind in (Consent, Suppression, Rejoin)]


def refused(statement: str) -> None:
    """Hold that the database refuses a statement and says why."""
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "verb",
    [
        "UPDATE {table} SET created_at = created_at",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id > 0",
    ],
)
def test_no_row_is_changed_or_taken_out(filled: Subscriber, table: str, verb: str) -> None:
    before = rows()
    assert all(before)
    refused(verb.format(table=table))
    assert rows() == before


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced_or_the_table_emptied(filled: Subscriber, table: str) -> None:
    before = rows()
    for verb in REPLACING[connection.vendor]:
        refused(verb.format(table=table))
    assert rows() == before


def test_a_row_is_not_replaced_by_one_of_the_same_meaning(filled: Subscriber) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows no REPLACE")
    before = rows()
    refused(
        "REPLACE INTO pipeline_suppression"
        " (address_hash, newsletter, number, reason, source, created_at)"
        " SELECT address_hash, newsletter, number, reason, source, created_at"
        " FROM pipeline_suppression"
    )
    assert rows() == before


def test_a_connection_without_our_settings_replaces_nothing(
    filled: Subscriber, database: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such setting of a connection")
    connection.close()
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as stranger:
        stranger.execute("PRAGMA recursive_triggers = OFF")
        for table in TABLES:
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                stranger.execute(REPLACING["sqlite"][0].format(table=table))


def test_every_guard_is_there_after_all_migrations() -> None:
    assert guards.missing() == []


def test_a_guard_that_was_lost_comes_back_with_the_next_migration() -> None:
    with connection.cursor() as cursor:
        for name, table, _ in guards._each(connection.vendor):
            place = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {name}{place}")
    each = [name for name, _, _ in guards._each(connection.vendor)]
    assert guards.missing() == each
    call_command("migrate", verbosity=0)
    assert guards.missing() == []


def test_a_guard_that_is_switched_off_is_missing() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite cannot switch a trigger off")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pipeline_consent DISABLE TRIGGER USER")
    assert len(guards.missing()) == 2


def test_an_altered_table_gets_its_guards_back(filled: Subscriber) -> None:
    before = rows()
    altered = Suppression._meta.get_field("source")
    wider = altered.clone()
    wider.set_attributes_from_name("source")
    wider.max_length = 201
    wider.model = Suppression
    # SQLite takes no schema change while foreign keys are held.
    with connection.schema_editor() as editor:
        editor.alter_field(Suppression, altered, wider)
    guards.install()
    assert guards.missing() == []
    assert rows() == before
    refused("DELETE FROM pipeline_suppression")
