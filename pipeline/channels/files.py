"""Writing files whole or not at all: under a temporary name, then renamed."""

import os
import secrets
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import OutboxError


def write_whole(path: Path, content: bytes) -> bool:
    """Write a file so that nobody ever sees half of it, and a power cut loses none of it.

    Returns:
        False if the file already held exactly these bytes.

    Raises:
        OutboxError: The disk is full, or the folder may not be written.
    """
    # A name of one's own: two processes that write the same file must not share a half of it.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        if path.exists() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(temporary, content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise OutboxError(
            f"the file cannot be written: {error.strerror or error}",
            mend="Make room on the disk, or mend the folder's rights, and run it again.",
            path=path,
        ) from error
    return True


def sweep(paths: Iterable[Path]) -> None:
    """Remove the halves of these files that a process left when it was killed.

    Asked for after they were written whole; one look at each folder, however many files it holds.
    """
    names: dict[Path, set[str]] = defaultdict(set)
    for path in paths:
        names[path.parent].add(path.name)
    for folder, whole in names.items():
        for half in folder.glob(".*.part"):
            if half.name[1:].rsplit(".", 2)[0] in whole:
                half.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
