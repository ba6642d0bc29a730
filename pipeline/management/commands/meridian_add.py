"""``meridian add``: a text becomes an article file."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.campaigns.files import read_file
from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.files import write_whole
from pipeline.errors import SourceError
from pipeline.management import show
from pipeline.management.home_command import HomeCommand
from pipeline.stages.check import check_article
from pipeline.stages.format import to_markdown
from pipeline.stages.read import read
from pipeline.stages.split import split


class Command(HomeCommand):
    """Read, split, show the split, write ``content/articles/<slug>.md``."""

    help = "Turns a text into content/articles/<slug>.md and shows how it is split."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="write over an article that is there"
        )

    def act(self, **options: Any) -> int:
        """Write the article; an existing one only if asked."""
        path: Path = options["file"]
        configuration = file_configuration(self.home / "content" / "clinic.toml")
        source = read(path, read_file(path))
        article = split(source, language=configuration.clinic.language)
        target = self.home / "content" / "articles" / f"{article.slug}.md"
        content = to_markdown(article).encode()
        if target.exists() and target.read_bytes() != content and not options["replace"]:
            raise SourceError(
                "this article is there already and says something else",
                mend="Rename the file you add, or say --replace.",
                path=target,
            )
        write_whole(target, content)
        if options["json"]:
            sections = [
                {"level": section.level, "number": section.number, "heading": section.heading}
                for section in article.sections
            ]
            found = [asdict(finding) for finding in check_article(source)]
            self.print_json(
                {"file": target, "title": article.title, "sections": sections, "findings": found}
            )
        else:
            self.console.print(show.outline(article))
            show.findings(self.console, check_article(source))
            show.paths(self.console, ("Written", target))
        return 0
