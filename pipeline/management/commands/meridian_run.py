"""``meridian run``: one pass of the pipeline, and what came of it."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.campaigns.revisions import current_configuration, is_configured
from pipeline.channels.registry import open_channel
from pipeline.engine.overview import write_overview
from pipeline.engine.passes import Tick, now, send_until_empty, tick
from pipeline.engine.polling import poll
from pipeline.errors import TemplateError
from pipeline.management import show, show_campaigns
from pipeline.management.command import actor
from pipeline.management.front import FAILED
from pipeline.management.home_command import HomeCommand
from pipeline.reports.summary import CampaignSummary, campaigns, troubles


class Command(HomeCommand):
    """Read, plan, render, queue, release, deliver, and say where to look."""

    help = "One pass: reads content/, plans, renders, queues, releases what is due, delivers."

    def act(self, **options: Any) -> int:
        """Run one pass; 2 if an article or a batch could not be handled."""
        done = tick(now=now(), actor=actor())
        problems = [str(error) for error in done.errors]
        # What was planned before goes on beside a file that cannot be read.
        changed = self._send_and_lay_out(problems) if is_configured() else False
        changed = changed or done.changed
        found, problems = campaigns(), [*problems, *troubles()]
        if options["json"]:
            self.print_json(_result(found, done, problems, changed=changed))
        elif found or not problems:
            self._show(found, done, nothing_new=not (changed or problems))
        for problem in problems:
            self.stderr.write(f"meridian: {problem}")
        return FAILED if problems else 0

    def _send_and_lay_out(self, problems: list[str]) -> bool:
        """Send what is due and write the files; False if there was nothing to send or to write.

        A broken page of the outbox is a problem to tell, and none that keeps readers waiting.
        """
        channel = open_channel(self.mail_api, demo=current_configuration().demo)
        if channel.name != "folder":
            problems += map(str, poll(channel, now=now()))
            with closing(channel):
                return bool(send_until_empty(channel))
        try:
            files = write_overview(self.home)
        except TemplateError as error:
            problems.append(str(error))
            return bool(send_until_empty(channel))
        handled = send_until_empty(channel)
        return bool(files + handled + write_overview(self.home))

    def _show(self, found: tuple[CampaignSummary, ...], done: Tick, *, nothing_new: bool) -> None:
        notes = {taken.campaign: "made" for taken in done.taken if taken.changed}
        console = self.console
        console.print(show_campaigns.articles(found, notes))
        console.print(show_campaigns.schedule(found))
        for taken in done.taken:
            show.findings(console, taken.findings)
        if nothing_new:
            console.print("\nNothing has changed since the last run.")
        console.print()
        show.paths(console, *self._paths())

    def _paths(self) -> list[tuple[str, Path]]:
        outbox = self.home / "outbox"
        return [
            ("Look at everything", outbox / "index.html"),
            ("Change what is sent", self.home / "content"),
        ]


def _result(
    found: tuple[CampaignSummary, ...], done: Tick, problems: list[str], *, changed: bool
) -> dict[str, object]:
    return {
        "changed": changed,
        "campaigns": [asdict(campaign) for campaign in found],
        "findings": [asdict(finding) for taken in done.taken for finding in taken.findings],
        "errors": problems,
    }
