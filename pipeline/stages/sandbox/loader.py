"""Where templates are read from: the template folders, and nowhere a link or a name leads to."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateNotFound

from pipeline.stages.sandbox.budget import TooMuchError

LONGEST = 64_000
"""A longer file is no part of a letter; in bytes."""


class ConfinedLoader(FileSystemLoader):
    """Reads templates from folders. What lies elsewhere is not there, whether it exists or not.

    Attributes:
        lengths: The length of each template read so far, in characters.
    """

    def __init__(self, folders: Sequence[str | Path]) -> None:
        super().__init__([str(folder) for folder in folders])
        self.lengths: dict[str | None, int] = {}

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 (as Jinja2 calls it)
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template.

        Raises:
            TemplateNotFound: No folder has it.
            TooMuchError: It is too long to be one.
        """
        found = within(map(Path, self.searchpath), template)
        if found is None:
            raise TemplateNotFound(template)
        if found.stat().st_size > LONGEST:
            raise TooMuchError(f"{template} is longer than {LONGEST:,} bytes")
        text, written = found.read_text(self.encoding), _written(found)
        self.lengths[template] = len(text)
        return text, str(found), lambda: _written(found) == written


def _written(file: Path) -> int:
    """When a file was last written, in nanoseconds; 0 if it is gone. Asked for at each include."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def within(folders: Iterable[Path], name: str) -> Path | None:
    """The file of this name in the first folder that has it.

    If a link on the way leads out of the folder it is nowhere: whether there is such a file
    elsewhere must not make a difference.
    """
    parts = name.split("/")
    if not all(parts) or {".", ".."} & set(parts) or "\\" in name or "\0" in name:
        return None
    for folder in folders:
        file = folder.joinpath(*parts)
        if not file.resolve().is_relative_to(folder.resolve()):
            return None
        if file.is_file():
            return file
    return None
