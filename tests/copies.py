"""Copies of a test's database: begin anew, keep one, put it back as a restore does."""

import os
import shutil
from pathlib import Path

import psycopg
from django.db import connection


class Copies:
    """Ways to change the whole database under the running test.

    Args:
        template: The migrated database, as the fixture ``template_database`` names it.
    """

    def __init__(self, template: str) -> None:
        self._template = template
        self._current = str(connection.settings_dict["NAME"])
        self._kept = f"{self._current}_kept"

    def begin(self) -> None:
        """An empty database in the place of this one."""
        _copy(self._template, self._current)

    def keep(self) -> None:
        """A backup: it takes the place of the one before."""
        _copy(self._current, self._kept)

    def restore(self) -> None:
        """The backup in the place of this database."""
        _copy(self._kept, self._current)

    def close(self) -> None:
        """Drop the backup."""
        connection.close()
        if connection.vendor == "postgresql":
            _postgres(f"DROP DATABASE IF EXISTS {self._kept}")
        else:
            Path(self._kept).unlink(missing_ok=True)


def _copy(source: str, target: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        _postgres(
            f"DROP DATABASE IF EXISTS {target}", f"CREATE DATABASE {target} TEMPLATE {source}"
        )
        return
    for ending in ("-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    shutil.copy(source, target)


def _postgres(*statements: str) -> None:
    with psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement.encode())
