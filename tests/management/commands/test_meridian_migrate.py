"""`meridian migrate`: explicit on PostgreSQL, by itself on SQLite."""

import pytest
from django.core.management import call_command
from django.db import connection

from pipeline.engine.home import pending_migrations
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database


def test_a_database_that_is_up_to_date_is_left_alone(home: Home, meridian: Meridian) -> None:
    said = meridian("migrate")

    assert (said.status, said.out, said.err) == (0, "The database is up to date.\n", "")
    assert not (home.path / ".meridian" / "backups").exists()


def test_an_older_one_is_brought_up_to_date_after_a_backup(home: Home, meridian: Meridian) -> None:
    call_command("migrate", "pipeline", "zero", verbosity=0)

    said = meridian("migrate")

    assert (said.status, said.out) == (0, "The database was brought up to date.\n")
    assert not pending_migrations()
    backups = list((home.path / ".meridian").glob("backups/*.sqlite3"))
    assert len(backups) == (1 if connection.vendor == "sqlite" else 0)


def test_other_commands_do_it_by_themselves_on_sqlite_alone(
    small: Home, meridian: Meridian
) -> None:
    call_command("migrate", "pipeline", "zero", verbosity=0)

    said = meridian("outbox", "--json")

    if connection.vendor == "sqlite":
        assert (said.status, said.out) == (0, "[]\n")
        assert not pending_migrations()
    else:
        assert said.refusal() == (
            "the database is older than this Meridian. Run `meridian migrate` once."
        )
        assert pending_migrations()
