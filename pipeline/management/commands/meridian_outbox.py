"""``meridian outbox``: the sums."""

from dataclasses import asdict
from typing import Any

from pipeline.management import show_campaigns
from pipeline.management.home_command import HomeCommand
from pipeline.reports.summary import campaigns


class Command(HomeCommand):
    """Count by state for each issue."""

    help = (
        "Shows for each issue: planned = excluded + waiting + sent + failed + unknown + cancelled."
    )

    def act(self, **options: Any) -> int:
        """Show the sums; 1 if one does not add up."""
        found = campaigns()
        issues = [issue for campaign in found for issue in campaign.issues]
        if options["json"]:
            self.print_json(
                [
                    {
                        "issue": issue.number,
                        "subject": show_campaigns.subject(issue),
                        **asdict(issue.counts),
                    }
                    for issue in issues
                ]
            )
        else:
            for campaign in found:
                self.console.print(show_campaigns.sums(campaign))
        return 0 if all(issue.counts.adds_up() for issue in issues) else 1
