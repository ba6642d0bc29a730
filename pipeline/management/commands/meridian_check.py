"""``meridian check``: what the checks find, and who answers for what may stand all the same."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management import CommandError

from pipeline.campaigns import waivers
from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.engine.passes import now
from pipeline.errors import SourceError
from pipeline.management import show
from pipeline.management.front import FAILED
from pipeline.management.home_command import HomeCommand
from pipeline.run import run
from pipeline.stages.check.claims.judge import Judged, judge
from pipeline.stages.templates import Templates, folders
from pipeline.values import Edition, Finding


class Command(HomeCommand):
    """Make an article's edition without keeping it, and show the findings."""

    help = (
        "Shows what the checks find in an article; exit status 1 if one is an error that nobody "
        "has waived."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, the sentences, and what a waiver needs."""
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("file", nargs="?", type=Path, metavar="FILE")
        what.add_argument(
            "--sentences",
            metavar="FILE.jsonl",
            help="judge the claims of sentences alone, one JSON object a line (- reads from stdin)",
        )
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--waive", metavar="CODE", help="let a claim of this code stand")
        act.add_argument("--withdraw", metavar="CODE", help="take such a waiver back")
        parser.add_argument("--words", metavar="TEXT", help="the sentence meant, or a part of it")
        parser.add_argument("--by", default="", metavar="NAME", help="who answers for it")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why it may stand")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sentences alone need no database."""
        self.needs_database = options["sentences"] is None
        super().handle(*args, **options)

    def act(self, **options: Any) -> int:
        """Check one file, or judge sentences."""
        if options["sentences"] is not None:
            return _judge_all(options["sentences"])
        code = options["waive"] or options["withdraw"]
        if code and not options["words"]:
            raise CommandError("--words says which sentence is meant")
        edition = self._edition(options["file"])
        slug = edition.article.slug
        found = waivers.applied(edition.findings, article=slug)
        if code:
            _settle(slug, found, **options)
            found = waivers.applied(edition.findings, article=slug)
        self._show(found, as_json=options["json"])
        return int(any(finding.stops for finding in found))

    def _edition(self, path: Path) -> Edition:
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        templates = Templates(folders(self.home))
        return run(path, read_file(path), configuration=configuration, templates=templates)

    def _show(self, found: tuple[Finding, ...], *, as_json: bool) -> None:
        if as_json:
            self.print_json([asdict(finding) for finding in found])
        else:
            show.findings(self.console, found)
            self.console.print(show.number(len(found), "finding"))


def _settle(slug: str, found: tuple[Finding, ...], **options: Any) -> None:
    """Give a waiver or take one back."""
    if options["waive"]:
        waivers.waive(
            article=slug,
            code=options["waive"],
            words=waivers.meant(found, code=options["waive"], words=options["words"]),
            waiver=options["by"],
            reason=options["reason"],
            now=now(),
        )
    else:
        waivers.withdraw(
            article=slug,
            code=options["withdraw"],
            words=waivers.meant(found, code=options["withdraw"], words=options["words"]),
            withdrawer=options["by"],
            now=now(),
        )


def _judge_all(name: str) -> int:
    """Print a verdict a line, as they are read; tell of lines that cannot be."""
    status = 0
    for verdict in _verdicts(name):
        if isinstance(verdict, SourceError):
            print(f"meridian: {verdict}", file=sys.stderr)
            status = FAILED
        else:
            print(json.dumps(verdict, ensure_ascii=False), flush=True)
    return status


def _verdicts(name: str) -> Iterator[Judged | SourceError]:
    with _opened(name) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield judge(line)
            except SourceError as error:
                yield SourceError(error.message, mend=error.mend, path=name, line=number)


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise SourceError(
            f"this cannot be read: {error.strerror}", mend="Check name and rights.", path=name
        ) from error
