"""A file is there whole or not at all."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.channels.files import sweep, write_whole
from pipeline.errors import OutboxError

# A child process may write no file beyond 4,096 bytes: the kernel then refuses as on a full disk.
FULL_DISK = """
import resource, sys
from pathlib import Path
from pipeline.channels.files import sweep, write_whole
from pipeline.errors import OutboxError
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_whole(Path(sys.argv[1]), b"n" * 10_000)
except OutboxError as error:
    print(error)
"""


def on_a_full_disk(path: Path) -> str:
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return child.stdout


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_write_whole_makes_the_file_and_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "issue.txt"
    assert write_whole(path, b"words")
    assert path.read_bytes() == b"words"
    assert names(path.parent) == ["issue.txt"]


def test_write_whole_of_the_same_bytes_does_nothing(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    write_whole(path, b"words")
    before = path.stat()
    assert write_whole(path, b"words") is False
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_write_whole_replaces_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    write_whole(path, b"old words that were longer")
    assert write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_write_whole_leaves_rights_to_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    old = os.umask(0o027)
    try:
        write_whole(path, b"words")
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o640


def test_full_disk_leaves_no_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    told = on_a_full_disk(path)
    assert told == (
        f"{path}: the file cannot be written: File too large. "
        "Make room on the disk, or mend the folder's rights, and run it again.\n"
    )
    assert names(tmp_path) == []


def test_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    write_whole(path, b"old words")
    assert "cannot be written" in on_a_full_disk(path)
    assert path.read_bytes() == b"old words"
    assert names(tmp_path) == ["issue.txt"]


def test_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_bytes(b"a file")
    with pytest.raises(OutboxError, match="cannot be written") as failed:
        write_whole(tmp_path / "outbox" / "issue.txt", b"words")
    assert failed.value.path == tmp_path / "outbox" / "issue.txt"
    assert (tmp_path / "outbox").read_bytes() == b"a file"


def test_folder_in_the_way_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "issue.txt").mkdir()
    with pytest.raises(OutboxError, match="cannot be written"):
        write_whole(tmp_path / "issue.txt", b"words")
    assert names(tmp_path) == ["issue.txt"]


def test_half_a_file_of_a_killed_process_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    (tmp_path / ".issue.txt.0badcafe.part").write_bytes(b"hal")
    assert write_whole(path, b"words")
    assert path.read_bytes() == b"words"


def test_limit_of_the_test_is_one_of_the_child_alone() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_halves_of_a_killed_process_are_swept_and_nothing_else(tmp_path: Path) -> None:
    whole = tmp_path / "a.eml"
    write_whole(whole, b"whole")
    halves = [tmp_path / ".a.eml.0123abcd.part", tmp_path / ".a.eml.4567cdef.part"]
    others = [tmp_path / ".b.eml.0123abcd.part", tmp_path / "a.eml.part", tmp_path / ".keep"]
    for path in (*halves, *others):
        path.write_bytes(b"ha")

    sweep([whole])

    assert sorted(tmp_path.iterdir()) == sorted([whole, *others])
