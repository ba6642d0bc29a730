"""The command line, called in this process."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.management import front
from tests.home import Home
from tests.management.steps import Meridian, Said, child, make_small
from tests.weights import simple_weights

__all__ = ["simple_weights"]


@pytest.fixture
def meridian(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Meridian:
    """``meridian("run")`` in the test's home; gives exit status, output and errors."""
    monkeypatch.setenv("MERIDIAN_HOME", str(home.path))
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str | Path) -> Said:
        capsys.readouterr()
        status = front.run([str(argument) for argument in arguments])
        return Said(status, *capsys.readouterr())

    return call


@pytest.fixture
def small(home: Home) -> Home:
    """The home with one short article of two parts and one account: quick to make."""
    make_small(home)
    return home


@pytest.fixture
def careful(small: Home) -> Home:
    """The small home where a practitioner must approve."""
    small.change("clinic.toml", 'approval = "none"', 'approval = "practitioner"')
    return small


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A home with one short article that no database fixture knows."""
    home = Home(tmp_path / "own")
    make_small(home)
    return home.path


@pytest.fixture(scope="package")
def once_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a home after one run; to be looked at, not touched."""
    home = Home(tmp_path_factory.mktemp("once") / "own")
    make_small(home)
    assert child(home.path, "run", "--json").status == 0
    return home.path


@pytest.fixture
def folder(once_run: Path, tmp_path: Path) -> Path:
    """A copy of it, times of files and all, that takes itself for the only one."""
    own = Path(shutil.copytree(once_run, tmp_path / "own"))
    (own / ".meridian" / "instance.toml").unlink()
    with closing(sqlite3.connect(own / ".meridian" / "meridian.sqlite3")) as database:
        database.execute("DELETE FROM pipeline_instance")
        database.commit()
    return own
