"""``meridian split``: how articles are understood."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from pipeline.campaigns.revisions import read_file
from pipeline.management import show
from pipeline.management.command import MeridianCommand
from pipeline.stages.prediction import to_prediction
from pipeline.stages.read import read
from pipeline.stages.split import split


class Command(MeridianCommand):
    """Read and split; changes nothing."""

    help = "Shows the parts of articles; --jsonl prints one JSON article per line."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the files and the format."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--jsonl", action="store_true", help="one JSON article per line")
        parser.add_argument("--language", default="en", help="where the file does not say it")

    def act(self, **options: Any) -> int:
        """Print each article."""
        for path in options["files"]:
            article = split(read(path, read_file(path)), language=options["language"])
            if options["jsonl"]:
                print(json.dumps({**to_prediction(article), "id": path.stem}, ensure_ascii=False))
            else:
                self.console.print(show.outline(article))
        return 0
