"""The home: the folder a Meridian lives in, made ready before anything else runs."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pipeline.audience.keys import make_keys
from pipeline.errors import OutboxError, SettingError

PACKAGE = Path(__file__).resolve().parents[1]


def example() -> Path:
    """The example home's ``content/``: in the checkout, or in the installed package."""
    checkout, installed = PACKAGE.parent / "content", PACKAGE / "_example"
    return installed if installed.is_dir() else checkout


def prepare(home: Path) -> bool:
    """Make the folders and keys of a home, and the example content if it is empty.

    Runs before Django is set up: the settings read the keys.

    Returns:
        True if the example was put there.

    Raises:
        OutboxError: The home cannot be written.
    """
    try:
        (home / ".meridian").mkdir(parents=True, exist_ok=True)
        (home / ".meridian").chmod(0o700)
        (home / "outbox").mkdir(exist_ok=True)
        make_keys(home / ".meridian" / "keys.toml")
        return _put_example(home / "content")
    except OSError as error:
        raise OutboxError(
            f"the home cannot be made ready: {error.strerror or error}",
            mend="Make room, mend the folder's rights, or set MERIDIAN_HOME to another folder.",
            path=error.filename or home,
        ) from error


def _put_example(content: Path) -> bool:
    if content.exists():
        return False
    # Copied beside and renamed, so that a copy cut short does not look like a home.
    unfinished = content.with_name(".content.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(example(), unfinished)
    unfinished.rename(content)
    return True


def prepare_database(home: Path, *, now: datetime) -> None:
    """Bring the database up to date: on SQLite by itself, after a backup.

    Raises:
        SettingError: It is another database and has migrations to run.
    """
    if not pending_migrations():
        return
    if connection.vendor != "sqlite":
        raise SettingError(
            "the database is older than this Meridian", mend="Run `meridian migrate` once."
        )
    back_up(home / ".meridian" / "backups", now=now)
    call_command("migrate", verbosity=0)


def pending_migrations() -> bool:
    """True if this program knows tables that the database has not."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def back_up(folder: Path, *, now: datetime) -> Path | None:
    """Copy an SQLite database with its backup API, which other writers do not disturb.

    Returns:
        The copy, or None if there was nothing to copy.
    """
    source = Path(str(connection.settings_dict["NAME"]))
    if not connection.introspection.table_names():
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-migration-{now:%Y%m%dT%H%M%S}.sqlite3"
    with sqlite3.connect(source) as old, sqlite3.connect(copy) as new:
        old.backup(new)
    old.close()
    new.close()
    return copy
