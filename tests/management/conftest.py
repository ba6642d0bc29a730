"""The command line, called in this process."""

from pathlib import Path

import pytest

from pipeline.management import front
from tests.home import Home
from tests.management.steps import Meridian, Said, make_small


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
