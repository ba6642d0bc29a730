"""``meridian test``: an issue as it stands, sent to somebody of the staff."""

from argparse import ArgumentParser
from typing import Any

from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.trying import issue_named, send_test
from pipeline.engine.passes import now
from pipeline.management.command import actor
from pipeline.management.home_command import HomeCommand


class Command(HomeCommand):
    """Has one issue sent to one address of the staff."""

    help = "Has an issue sent to somebody of the staff, as it stands, approved or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add which issue and to whom."""
        super().add_arguments(parser)
        parser.add_argument("issue", help="the article's slug, or slug/2 for its second part")
        parser.add_argument(
            "--to", required=True, metavar="ADDRESS", help="an address of staff or practitioners"
        )
        parser.add_argument("--by", default=actor(), metavar="NAME", help="who asks for it")

    def act(self, **options: Any) -> int:
        """Write the test down; `meridian send` or `up` sends it."""
        issue = issue_named(options["issue"])
        send_test(
            issue,
            to=options["to"],
            configuration=current_configuration(),
            actor=options["by"],
            now=now(),
        )
        if options["json"]:
            self.print_json({"issue": str(issue), "content_hash": issue.content_hash})
        else:
            self.console.print(
                f"{issue}: goes out with `meridian send --until-empty`", markup=False
            )
        return 0
