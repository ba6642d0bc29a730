"""``meridian split``: how articles are understood, and why."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from pipeline.campaigns.files import read_file
from pipeline.management import show
from pipeline.management.command import MeridianCommand
from pipeline.stages.check import check_article
from pipeline.stages.decisions import decisions
from pipeline.stages.prediction import predict
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.stages.splitting.explain import Decision
from pipeline.stages.splitting.plainly import weighed
from pipeline.values import Source, plain


class Command(MeridianCommand):
    """Read and split; changes nothing."""

    help = (
        "Shows the parts of articles, or with --explain why each heading is one; "
        "--jsonl prints one JSON object per article and line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the files and the format."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--explain", action="store_true", help="why each heading is one, and how sure that is"
        )
        parser.add_argument("--jsonl", action="store_true", help="one JSON object per article")
        parser.add_argument("--language", default="en", help="where the file does not say it")

    def act(self, **options: Any) -> int:
        """Print each article."""
        for path in options["files"]:
            source = read(path, read_file(path))
            if options["jsonl"]:
                language = options["language"]
                explained = options["explain"]
                made = _explained(source) if explained else predict(source, language=language)
                # In pieces: a long article as one string would be the largest thing in memory.
                json.dump({**made, "id": path.stem}, sys.stdout, ensure_ascii=False)
                print()
            else:
                self._show(source, **options)
        return 0

    def _show(self, source: Source, **options: Any) -> None:
        article = split(source, language=options["language"])
        if options["explain"]:
            self.console.print(show.decided(article.title, decisions(source)))
        else:
            self.console.print(show.outline(article))
        show.findings(self.console, check_article(source))


def _explained(source: Source) -> dict[str, object]:
    return {"lines": [_decision(decision) for decision in show.told(decisions(source))]}


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "line": decision.line.number,
        "text": plain(decision.line.text),
        "taken_for": show.taken_for(decision),
        "probability": round(decision.probability, 3),
        "unsure": decision.unsure,
        "grounds": list(decision.grounds),
        "reasons": [
            {"why": why, "log_odds": round(odds, 3)} for why, odds in weighed(decision.reasons)
        ],
    }
