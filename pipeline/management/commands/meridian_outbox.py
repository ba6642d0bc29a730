"""``meridian outbox``: the sums."""

from dataclasses import asdict
from typing import Any

from pipeline.management import show
from pipeline.management.command import MeridianCommand
from pipeline.reports.summary import campaigns


class Command(MeridianCommand):
    """Count by state for each issue."""

    help = (
        "Shows for each issue: planned = excluded + waiting + sent + failed + unknown + cancelled."
    )

    def act(self, **options: Any) -> int:
        """Show the sums; 1 if one does not add up."""
        issues = [issue for campaign in campaigns() for issue in campaign.issues]
        if options["json"]:
            self.print_json(
                [
                    {"issue": issue.number, "subject": issue.subject, **asdict(issue.counts)}
                    for issue in issues
                ]
            )
        else:
            terms = ("planned", "excluded", "waiting", "sent", "failed", "unknown", "cancelled")
            shown = show.table("No.", "Issue", "State", *terms, numbers=terms)
            for issue in issues:
                numbers = [str(getattr(issue.counts, term)) for term in terms]
                shown.add_row(str(issue.number), show.subject(issue), show.state(issue), *numbers)
            self.console.print(shown)
        return 0 if all(issue.counts.adds_up() for issue in issues) else 1
