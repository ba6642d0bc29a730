"""``meridian check``: what the checks find, and who answers for what may stand all the same."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from pipeline.campaigns import waivers
from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.links import ask_links
from pipeline.engine.passes import now
from pipeline.management import sentences, show_findings
from pipeline.management.home_command import HomeCommand
from pipeline.run import answered, run
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.templates import Templates, folders
from pipeline.values import Edition, Finding


class Command(HomeCommand):
    """Make an article's edition without keeping it, and show the findings."""

    help = (
        "Shows what the checks find in an article; exit status 1 if one is an error that nobody "
        "has waived."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, the sentences, whether links are tried, and what a waiver needs."""
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("file", nargs="?", type=Path, metavar="FILE")
        what.add_argument(
            "--sentences",
            metavar="FILE.jsonl",
            help="judge the claims of sentences alone, one JSON object a line (- reads from stdin)",
        )
        parser.add_argument(
            "--links",
            action="store_true",
            help="try each link and picture on the network, once, without cookies",
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
            return sentences.judge_all(options["sentences"])
        code = options["waive"] or options["withdraw"]
        if code and not options["words"]:
            raise CommandError("--words says which sentence is meant")
        edition = self._edition(options["file"], links=options["links"])
        slug = edition.article.slug
        found = waivers.applied(edition.findings, article=slug)
        if code:
            _settle(slug, found, **options)
            found = waivers.applied(edition.findings, article=slug)
        if options["json"]:
            findings = [asdict(finding) for finding in found]
            self.print_json({"file": options["file"], "findings": findings})
        else:
            show_findings.grouped(self.console, found)
        return int(any(finding.stops for finding in found))

    def _edition(self, path: Path, *, links: bool) -> Edition:
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        templates = Templates(folders(self.home))
        edition = run(path, read_file(path), configuration=configuration, templates=templates)
        return answered(edition, configuration, self._answers(edition)) if links else edition

    def _answers(self, edition: Edition) -> Mapping[str, LinkAnswer]:
        # Standard output is for the findings: programs read it.
        with self.errors.status("Trying the links …") as status:
            return ask_links(
                [issue.html for issue in edition.issues],
                own=settings.MERIDIAN_URL,
                told=lambda url: status.update(f"Tried {url[:60]}"),
            )


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
