"""The built wheel in an empty environment and an empty folder, as a stranger would use it."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.home import CHECKOUT

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def meridian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script of a new environment: nothing but the wheel and the locked packages."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, cwd=CHECKOUT, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    pip = [str(folder / "venv" / "bin" / "pip"), "install", "--quiet"]
    locked = CHECKOUT / "requirements" / "runtime.txt"
    subprocess.run([*pip, "--require-hashes", "-r", str(locked)], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return folder / "venv" / "bin" / "meridian"


def test_the_wheel_makes_and_runs_an_example_home(meridian: Path, tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MERIDIAN_", "DATABASE_", "DJANGO_", "PYTHONPATH"))
    }

    done = subprocess.run(
        [meridian, "run", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    campaigns = json.loads(done.stdout)["campaigns"]
    assert [len(campaign["issues"]) for campaign in campaigns] == [4, 5]
    assert (tmp_path / "content" / "clinic.toml").exists()
    assert (tmp_path / "outbox" / "index.html").exists()
    assert len(list(tmp_path.glob("outbox/*/messages/*.eml"))) == 24


def test_the_wheel_holds_no_test_and_no_local_file(meridian: Path) -> None:
    (package,) = meridian.parents[1].glob("lib/python*/site-packages/pipeline")

    assert (package / "_templates" / "email").is_dir()
    assert (package / "_example" / "clinic.toml").is_file()
    assert not (package.parent / "tests").exists()
