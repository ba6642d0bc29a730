"""``meridian outbox``: the sums."""

from dataclasses import asdict
from typing import Any

from pipeline.engine.passes import now
from pipeline.events import counts as events
from pipeline.management import show_campaigns
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.warm_up import caps
from pipeline.reports.joining import resting
from pipeline.reports.summary import campaigns, notices


class Command(HomeCommand):
    """Count by state for each issue, and for each kind of notice."""

    help = (
        "Shows for each issue, and for confirmations and the like: "
        "planned = excluded + waiting + sent + failed + unknown + cancelled."
    )

    def act(self, **options: Any) -> int:
        """Show the sums; 1 if one does not add up."""
        found, noticed, capped = campaigns(), notices(), caps(now=now())
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
                + [{"notice": each.kind, **asdict(each.counts)} for each in noticed]
                + [asdict(each) for each in capped]
                + [{"events": state, "count": n} for state, n in sorted(events.unsettled().items())]
            )
        else:
            for campaign in found:
                self.console.print(show_campaigns.sums(campaign))
            if noticed:
                self.console.print(show_campaigns.notices(noticed))
            for each in capped:
                self.console.print(each.told, markup=False)
        for told in [*resting(now=now()), *events.told()]:
            self.errors.print(told, markup=False)
        sums = [issue.counts for issue in issues] + [each.counts for each in noticed]
        return 0 if all(each.adds_up() for each in sums) else 1
