"""``meridian check``: what the checks find."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.management import show
from pipeline.management.home_command import HomeCommand
from pipeline.run import run
from pipeline.stages.templates import Templates, folders


class Command(HomeCommand):
    """Make an article's edition without keeping it, and show the findings."""

    help = "Shows what the checks find in an article; exit status 1 if one is an error."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")

    def act(self, **options: Any) -> int:
        """Check one file."""
        path: Path = options["file"]
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        templates = Templates(folders(self.home))
        edition = run(path, read_file(path), configuration=configuration, templates=templates)
        if options["json"]:
            self.print_json([asdict(finding) for finding in edition.findings])
        else:
            show.findings(self.console, edition.findings)
            self.console.print(show.number(len(edition.findings), "finding"))
        return int(any(finding.level == "error" for finding in edition.findings))
