"""What every test may use: an own database and an own home.

The database of a test is a copy of a migrated template, so each begins clean, may commit, and may
be shared with child processes. ``--database=postgresql`` runs the same tests there. Processes that
share the tests (``-n``) have a template each, so none waits for another.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.home import Home
from tests.postgres import Server

# No test is timed: a busy machine is no defect.
hypothesis.settings.register_profile("meridian", deadline=None)
hypothesis.settings.load_profile("meridian")

_MARKS = {"database", "browser", "faults", "wheel"}
# A disk is most of the time of a test that has a database of its own, and nothing of it is kept.
_MEMORY, _ENOUGH = "/dev/shm", 4 * 2**30  # noqa: S108 (folders in it are made by mkdtemp)
_in_memory = "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK)
if _in_memory and shutil.disk_usage(_MEMORY).free >= _ENOUGH:
    os.environ["TMPDIR"] = tempfile.tempdir = _MEMORY
_SCRATCH = Path(tempfile.mkdtemp(prefix="meridian-tests-"))
_server: Server | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the tests run on."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Settle the environment before any test module is imported."""
    global _server  # noqa: PLW0603 (pytest gives no other place that outlives this hook)
    for name in list(os.environ):
        if name.startswith(("MERIDIAN_", "ANYMAIL_", "DATABASE_URL", "EMAIL_")):
            del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "pipeline.settings"
    os.environ["MERIDIAN_HOME"] = str(_SCRATCH)
    os.environ["MERIDIAN_SIGNING_KEYS"] = "a-signing-key-for-tests-of-enough-length"
    os.environ["MERIDIAN_ADDRESS_KEY"] = "an-address-key-for-tests-of-enough-length"
    os.environ["DATABASE_URL"] = f"sqlite:///{_SCRATCH}/template.sqlite3"
    if config.getoption("--database") == "postgresql":
        _server = Server()
        os.environ["DATABASE_URL"] = _server.url
        # Those who share the tests (pytest -n) share this server too.
        os.environ["TEST_POSTGRES_URL"] = _server.url
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if _server is not None:
        if _admin.cache_info().currsize:
            _admin().close()
        _server.stop()
    shutil.rmtree(_SCRATCH, ignore_errors=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass by the files in which the mark that is asked for does not stand.

    To read hundreds of them takes each process longer than some of these runs.
    """
    asked, _, more = config.option.markexpr.partition(" ")
    if asked not in _MARKS or " or " in f" {more}" or collection_path.suffix != ".py":
        return None
    return f"mark.{asked}" not in collection_path.read_text("utf-8") or None


@pytest.fixture(scope="session")
def template_database() -> Iterator[str]:
    """A migrated database that is copied and never written to again."""
    name = f"meridian_template_{os.getpid()}"
    if connection.vendor == "postgresql":
        _postgres(f"CREATE DATABASE {name}")
        _use(name)
    else:
        name = str(_SCRATCH / "template.sqlite3")
        _use(name)
    call_command("migrate", verbosity=0)
    connection.close()
    yield name
    if connection.vendor == "postgresql":
        _postgres(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(
    template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database of the test's own; gives its address for child processes."""
    monkeypatch.setattr(settings, "MERIDIAN_HOME", tmp_path)
    if connection.vendor == "postgresql":
        name = f"meridian_test_{os.getpid()}"
        _postgres(f"CREATE DATABASE {name} TEMPLATE {template_database}{_quickly()}")
        assert _server is not None
        url = _server.url.rsplit("/", 1)[0] + f"/{name}"
    else:
        name = str(tmp_path / "meridian.sqlite3")
        shutil.copy(template_database, name)
        url = f"sqlite:///{name}"
    _use(name)
    yield url
    connection.close()
    if connection.vendor == "postgresql":
        _postgres(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def home(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with the example content, the test's database, and a way to run commands in it."""
    made = Home(tmp_path / "home", database)
    monkeypatch.setattr(settings, "MERIDIAN_HOME", made.path)
    return made


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _postgres(statement: str) -> None:
    _admin().execute(statement.encode())


def _quickly() -> str:
    """The way to copy a database that is the quicker where nothing waits for a disk."""
    return " STRATEGY file_copy" if _admin().info.server_version >= 150_000 else ""


@cache
def _admin() -> psycopg.Connection:
    """A connection that makes and drops databases, for all tests of this process."""
    assert _server is not None
    return psycopg.connect(_server.url, autocommit=True)
