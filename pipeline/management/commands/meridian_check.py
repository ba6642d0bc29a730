"""``meridian check``: what the checks find."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.links import ask_links
from pipeline.management import show_findings
from pipeline.management.home_command import HomeCommand
from pipeline.run import answered, run
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.templates import Templates, folders
from pipeline.values import Edition


class Command(HomeCommand):
    """Make an article's edition without keeping it, and show the findings."""

    help = "Shows what the checks find in an article; exit status 1 if one is an error."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, and whether its links are tried."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--links",
            action="store_true",
            help="try each link and picture on the network, once, without cookies",
        )

    def act(self, **options: Any) -> int:
        """Check one file."""
        path: Path = options["file"]
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        templates = Templates(folders(self.home))
        edition = run(path, read_file(path), configuration=configuration, templates=templates)
        if options["links"]:
            edition = answered(edition, configuration, self._answers(edition))
        if options["json"]:
            findings = [asdict(finding) for finding in edition.findings]
            self.print_json({"file": path, "findings": findings})
        else:
            show_findings.grouped(self.console, edition.findings)
        return int(any(finding.level == "error" for finding in edition.findings))

    def _answers(self, edition: Edition) -> Mapping[str, LinkAnswer]:
        # Standard output is for the findings: programs read it.
        with self.errors.status("Trying the links …") as status:
            return ask_links(
                [issue.html for issue in edition.issues],
                own=settings.MERIDIAN_URL,
                told=lambda url: status.update(f"Tried {url[:60]}"),
            )
