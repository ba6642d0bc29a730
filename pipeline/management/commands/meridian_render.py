"""``meridian render``: an article as files, without keeping or sending anything."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.files import write_whole
from pipeline.channels.folder import edition_files
from pipeline.management import show
from pipeline.management.home_command import HomeCommand
from pipeline.run import run
from pipeline.stages.templates import Templates, folders


class Command(HomeCommand):
    """Write issues, posts and cards into a folder."""

    help = "Writes an article's issues, posts and cards as files. Keeps and sends nothing."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the folder."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--to", type=Path, required=True, metavar="DIR")

    def act(self, **options: Any) -> int:
        """Render one file."""
        path: Path = options["file"]
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        templates = Templates(folders(self.home))
        edition = run(path, read_file(path), configuration=configuration, templates=templates)
        for name, content in edition_files(edition).items():
            write_whole(options["to"] / name, content)
        show.findings(self.console, edition.findings)
        self.console.print(show.weights(edition.issues))
        show.paths(self.console, ("Written into", options["to"]))
        return 0
