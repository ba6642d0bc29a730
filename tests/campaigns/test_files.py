"""The files of the home, read as they are."""

from pathlib import Path

import pytest

from pipeline.campaigns.files import read_file
from pipeline.errors import SourceError


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\r\n\0")
    assert read_file(path) == b"\xff\r\n\0"


def test_a_file_that_cannot_be_read_is_told_with_the_reason(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "x", "No such file or directory"),
    ):
        with pytest.raises(SourceError) as caught:
            read_file(path)
        assert str(caught.value) == (
            f"{path}: the file cannot be read: {reason}. Look at its name and rights."
        )
