"""A home that is spoilt, full or locked: told in one line, nothing half-written, nothing lost."""

import ctypes
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.home import CHECKOUT
from tests.management.steps import SHORT, child, files, unfinished


def _garbage(folder: Path) -> None:
    (folder / ".meridian" / "meridian.sqlite3").write_bytes(b"not a database at all " * 500)


def _folder_for_database(folder: Path) -> None:
    (folder / ".meridian" / "meridian.sqlite3").unlink()
    (folder / ".meridian" / "meridian.sqlite3").mkdir()


def _outbox_is_a_file(folder: Path) -> None:
    (folder / "outbox").rename(folder / "away")
    (folder / "outbox").write_text("a file", "utf-8")


def _index_is_a_folder(folder: Path) -> None:
    (folder / "outbox" / "index.html").unlink()
    (folder / "outbox" / "index.html").mkdir()


def _meridian_is_a_file(folder: Path) -> None:
    (folder / ".meridian").rename(folder / "away")
    (folder / ".meridian").write_text("a file", "utf-8")


def _keys_are_broken(folder: Path) -> None:
    (folder / ".meridian" / "keys.toml").write_text("signing = [", "utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_garbage, "/.meridian/meridian.sqlite3: the database cannot be used: file is not a"),
        (_folder_for_database, "/.meridian/meridian.sqlite3: the database cannot be used: unable"),
        (_outbox_is_a_file, "/outbox: the home cannot be made ready: File exists. Make room, mend"),
        (_index_is_a_folder, "/outbox/index.html: the file cannot be written: Is a directory."),
        (_meridian_is_a_file, "/.meridian: the home cannot be made ready: File exists."),
        (_keys_are_broken, "/.meridian/keys.toml: the keys cannot be read. Put your copy"),
    ],
)
def test_a_spoilt_home_is_told_with_its_place_and_left_as_it_is(
    folder: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(folder)
    before = files(folder)

    said = child(folder, "run")

    assert said.refusal().startswith(f"{folder}{told}")
    assert files(folder) == before


def test_a_broken_page_of_the_outbox_is_told_and_the_one_before_stays(folder: Path) -> None:
    page = folder / "templates" / "outbox" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("\n{{ nothing.here }}", "utf-8")
    before = files(folder / "outbox")

    told = child(folder, "run").refusal()

    assert told.startswith(f"{page}, line 2: the template asks for something it cannot have")
    assert files(folder / "outbox") == before


def _small_disk(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_an_example_cut_short_by_a_full_disk_is_no_home(tmp_path: Path) -> None:
    told = child(tmp_path, "run", before=_small_disk(2_000)).refusal()

    assert told.startswith(f"{tmp_path}: the home cannot be made ready: File too large. Make room")
    assert not (tmp_path / "content").exists()
    assert unfinished(tmp_path) == []


@pytest.mark.parametrize("size", [100, 1_000, 20_000, 60_000, 250_000])
def test_a_full_disk_is_told_and_nothing_is_lost(short: Path, size: int) -> None:
    """From the first byte of the keys to the middle of the database, wherever it fills."""
    told = child(short, "run", before=_small_disk(size)).refusal()

    assert told.startswith(str(short))
    assert "Make room" in told
    assert unfinished(short) == []
    again = child(short, "run")
    assert (again.status, again.err) == (0, "")
    assert len(list(short.rglob("*.eml"))) == 24


@pytest.mark.parametrize("command", ["tick", "send", "outbox", "add", "render", "up"])
def test_every_command_tells_a_full_disk(tmp_path: Path, command: str) -> None:
    article = str(CHECKOUT / "content" / "articles" / "how-acupuncture-eases-pain.md")
    more = {"add": [article], "render": [article, "--to", str(tmp_path / "to")]}.get(command, [])

    told = child(tmp_path, command, *more, before=_small_disk(1_500)).refusal()

    assert told.startswith(str(tmp_path))
    assert unfinished(tmp_path) == []


def _as_a_plain_user() -> None:
    """Take from root what lets it write where the permissions say no (prctl PR_CAPBSET_DROP)."""
    library = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        library.prctl(24, capability, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="takes root's rights away as Linux does")
def test_a_database_that_may_not_be_written_is_told(folder: Path) -> None:
    database = folder / ".meridian" / "meridian.sqlite3"
    database.chmod(0o400)
    (folder / "content" / "articles" / "feet.md").write_text(SHORT.replace("hands", "feet"))

    told = child(folder, "run", before=_as_a_plain_user).refusal()

    assert told.startswith(f"{database}: the database cannot be used: ")
    assert "mend its rights" in told


@pytest.mark.skipif(sys.platform != "linux", reason="takes root's rights away as Linux does")
def test_a_folder_that_may_not_be_written_is_told(folder: Path) -> None:
    (folder / "outbox" / "index.html").unlink()
    (folder / "outbox").chmod(0o500)

    told = child(folder, "run", before=_as_a_plain_user).refusal()

    assert told.startswith(f"{folder}/outbox/index.html: the file cannot be written: Permission")
    assert "mend the folder's rights" in told
