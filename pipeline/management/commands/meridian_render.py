"""``meridian render``: an article as files, without keeping or sending anything."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.files import write_whole
from pipeline.channels.folder import edition_files
from pipeline.management import show
from pipeline.management.home_command import HomeCommand
from pipeline.run import run
from pipeline.stages.email.parts import weigh_parts
from pipeline.stages.email.weight import weigh
from pipeline.stages.render import source_of
from pipeline.stages.templates import Recording, folders
from pipeline.values import Edition


class Command(HomeCommand):
    """Write issues, posts and cards into a folder."""

    help = "Writes an article's issues, posts and cards as files. Keeps and sends nothing."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the folder."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--to", type=Path, required=True, metavar="DIR")

    def act(self, **options: Any) -> int:
        """Render one file."""
        path: Path = options["file"]
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        templates = Recording(folders(self.home))
        edition = run(path, read_file(path), configuration=configuration, templates=templates)
        for name, content in edition_files(edition).items():
            write_whole(options["to"] / name, content)
        parts = list(map(weigh_parts, templates.filled[source_of(edition.newsletter)]))
        if options["json"]:
            self.print_json({"file": path, "to": options["to"], **_told(edition, parts)})
            return 0
        show.findings(self.console, edition.findings)
        self.console.print(show.weights(edition.issues))
        self.console.print(show.part_weights(parts))
        show.paths(self.console, ("Written into", options["to"]))
        return 0


def _told(edition: Edition, parts: list[dict[str, int]]) -> dict[str, object]:
    """The bytes of each email, by what they are for and by the parts of its template."""
    issues = [
        {"part": issue.part, "bytes": asdict(weigh(issue.html)), "parts": by_part}
        for issue, by_part in zip(edition.issues, parts, strict=True)
    ]
    return {"issues": issues, "findings": [asdict(finding) for finding in edition.findings]}
