"""The files people keep in the home, read as they are."""

from pathlib import Path

from pipeline.errors import SourceError


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        SourceError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(
            f"the file cannot be read: {reason}", mend="Look at its name and rights.", path=path
        ) from error
