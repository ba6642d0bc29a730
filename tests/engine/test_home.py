"""The home, made ready: the example, the keys, the database and its backup."""

import datetime as dt
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from pipeline.audience.keys import read_keys
from pipeline.campaigns.models import Campaign
from pipeline.engine.home import (
    PACKAGE,
    back_up,
    example,
    pending_migrations,
    prepare,
    prepare_database,
)
from pipeline.errors import OutboxError, SettingError
from tests import factories
from tests.factories import NOW
from tests.home import CHECKOUT, Home
from tests.management.steps import files, unfinished


@pytest.fixture
def sqlite_home(home: Home) -> Path:
    """A home whose database is a file."""
    if connection.vendor != "sqlite":
        pytest.skip("backups are made of SQLite files; PostgreSQL has tools of its own")
    (home.path / ".meridian").mkdir(parents=True)
    return home.path


def grow_old() -> None:
    """Take the database back to before our tables, with a table of somebody's in it."""
    call_command("migrate", "pipeline", "zero", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (text varchar(20))")
        cursor.execute("INSERT INTO note VALUES ('kept')")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_empty_folder_gets_the_example_and_keys(tmp_path: Path) -> None:
    assert prepare(tmp_path) is True

    made = {name: content for name, (_, content) in files(tmp_path / "content").items()}
    given = {name: content for name, (_, content) in files(CHECKOUT / "content").items()}
    assert made == given
    assert mode(tmp_path / ".meridian") == 0o700
    assert mode(tmp_path / ".meridian" / "keys.toml") == 0o600
    assert (tmp_path / "outbox").is_dir()


def test_made_ready_again_nothing_changes(tmp_path: Path) -> None:
    prepare(tmp_path)
    before = files(tmp_path)

    assert prepare(tmp_path) is False
    assert files(tmp_path) == before


def test_content_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()

    assert prepare(tmp_path) is False
    assert list((tmp_path / "content").iterdir()) == []


def test_rights_that_were_too_wide_are_narrowed(tmp_path: Path) -> None:
    (tmp_path / ".meridian").mkdir(mode=0o755)

    prepare(tmp_path)

    assert mode(tmp_path / ".meridian") == 0o700


def test_a_copy_cut_short_before_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / ".content.part").mkdir()
    (tmp_path / ".content.part" / "clinic.toml").write_text("half", "utf-8")

    assert prepare(tmp_path) is True
    assert "half" not in (tmp_path / "content" / "clinic.toml").read_text("utf-8")
    assert unfinished(tmp_path) == []


def test_each_home_gets_keys_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MERIDIAN_SIGNING_KEYS", "MERIDIAN_ADDRESS_KEY"):
        monkeypatch.delenv(name)
    homes = [tmp_path / "a", tmp_path / "b"]
    for home in homes:
        prepare(home)

    first, second = (read_keys(home / ".meridian" / "keys.toml") for home in homes)

    assert first is not None
    assert second is not None
    assert set(first.signing) & set(second.signing) == set()
    assert first.address != second.address


@pytest.mark.parametrize("name", [".meridian", "outbox"])
def test_a_file_where_a_folder_must_be_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a file", "utf-8")

    with pytest.raises(OutboxError) as caught:
        prepare(tmp_path)

    assert (caught.value.path, caught.value.message) == (
        str(tmp_path / name),
        "the home cannot be made ready: File exists",
    )


def test_the_example_is_the_checkouts_or_the_packages() -> None:
    assert example() == PACKAGE.parent / "content"
    assert (example() / "clinic.toml").is_file()


@pytest.mark.database
def test_a_database_that_is_up_to_date_is_left_alone(home: Home) -> None:
    prepare_database(home.path, now=NOW)

    assert not (home.path / ".meridian").exists()


@pytest.mark.database
def test_a_server_is_not_migrated_unasked(home: Home) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is migrated by itself")
    grow_old()

    with pytest.raises(SettingError, match="Run `meridian migrate` once"):
        prepare_database(home.path, now=NOW)

    assert pending_migrations()


def test_an_older_file_is_migrated_after_a_backup(sqlite_home: Path) -> None:
    grow_old()

    prepare_database(sqlite_home, now=NOW)

    assert not pending_migrations()
    assert Campaign.objects.count() == 0
    backup = sqlite_home / ".meridian" / "backups" / "before-migration-20260303T150000.sqlite3"
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT text FROM note").fetchall() == [("kept",)]
        tables = copy.execute("SELECT name FROM sqlite_master WHERE name LIKE 'pipeline_%'")
        assert tables.fetchall() == []
    assert mode(backup.parent) == 0o700
    assert unfinished(sqlite_home) == []


def test_a_new_file_needs_no_backup(sqlite_home: Path, tmp_path: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(tmp_path / "new.sqlite3")

    prepare_database(sqlite_home, now=NOW)

    assert not pending_migrations()
    assert not (sqlite_home / ".meridian" / "backups").exists()


def test_a_backup_holds_what_another_connection_has_just_written(sqlite_home: Path) -> None:
    """In WAL mode the newest rows are not in the main file: copying that alone would lose them."""
    factories.campaign()

    copy = back_up(sqlite_home / ".meridian" / "backups", now=NOW)

    assert copy is not None
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*) FROM pipeline_campaign").fetchone() == (1,)


def test_without_a_backup_nothing_is_migrated(sqlite_home: Path) -> None:
    grow_old()
    (sqlite_home / ".meridian" / "backups").write_text("a file", "utf-8")

    with pytest.raises(OutboxError) as caught:
        prepare_database(sqlite_home, now=NOW)

    assert "the backup cannot be written: " in str(caught.value)
    assert "the database was not touched" in str(caught.value)
    assert pending_migrations()


def test_two_backups_a_second_apart_are_two_files(sqlite_home: Path) -> None:
    folder = sqlite_home / ".meridian" / "backups"
    for moment in (NOW, NOW + dt.timedelta(seconds=1)):
        back_up(folder, now=moment)

    assert len(list(folder.iterdir())) == 2
