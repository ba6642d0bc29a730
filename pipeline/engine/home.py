"""The home: the folder a Meridian lives in, made ready before anything else runs."""

import shutil
import sqlite3
from contextlib import closing
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
    try:
        _copy(example(), unfinished)
        unfinished.rename(content)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy a folder; unlike ``shutil.copytree``, end at the first fault and tell it alone."""
    target.mkdir()
    for path in source.iterdir():
        if path.is_dir():
            _copy(path, target / path.name)
        else:
            (target / path.name).write_bytes(path.read_bytes())


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

    Raises:
        OutboxError: It cannot be written; then nothing may be migrated.
    """
    source = Path(str(connection.settings_dict["NAME"]))
    if not connection.introspection.table_names():
        return None
    copy = folder / f"before-migration-{now:%Y%m%dT%H%M%S}.sqlite3"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _copy_database(source, copy)
    except (OSError, sqlite3.Error) as error:
        raise OutboxError(
            f"the backup cannot be written: {getattr(error, 'strerror', None) or error}",
            mend="Make room or mend the folder's rights; the database was not touched.",
            path=copy,
        ) from error
    return copy


def _copy_database(source: Path, copy: Path) -> None:
    unfinished = copy.with_suffix(".part")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(unfinished)) as new:
            old.backup(new)
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)
