"""``meridian correct``: a person says which lines are headings."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from pipeline.campaigns.files import read_file
from pipeline.channels.files import write_whole
from pipeline.management import show
from pipeline.management.command import MeridianCommand
from pipeline.stages.check import check_article
from pipeline.stages.correct import correct
from pipeline.stages.read import read
from pipeline.stages.split import split


class Command(MeridianCommand):
    """Write the answers into the article's front matter, and show what becomes of it."""

    help = "Writes into an article's front matter which of its lines are headings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the lines."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        told = {"heading": "a line that is a heading", "not-heading": "a line that is none"}
        for name, meaning in told.items():
            parser.add_argument(
                f"--{name}",
                action="append",
                default=[],
                metavar="TEXT",
                help=f"{meaning}, by its words; may be said again",
            )

    def act(self, **options: Any) -> int:
        """Correct one file."""
        path: Path = options["file"]
        headings, not_headings = options["heading"], options["not_heading"]
        if not headings and not not_headings:
            raise CommandError("say --heading or --not-heading, with the words of a line")
        content = correct(path, read_file(path), headings=headings, not_headings=not_headings)
        source = read(path, content)
        article = split(source, language="en")
        found = check_article(source)
        write_whole(path, content)
        if options["json"]:
            sections = [section.heading for section in article.sections]
            findings = [asdict(finding) for finding in found]
            self.print_json({"file": path, "headings": sections, "findings": findings})
        else:
            self.console.print(show.outline(article))
            show.findings(self.console, found)
            show.paths(self.console, ("Written", path))
        return 0
