"""``meridian tick``: one scheduler pass."""

import logging
from typing import Any

from pipeline.campaigns.revisions import current_configuration
from pipeline.channels.registry import open_channel
from pipeline.engine.passes import now, tick
from pipeline.errors import SettingError
from pipeline.management.command import actor
from pipeline.management.front import FAILED
from pipeline.management.home_command import HomeCommand
from pipeline.outbox.letter import Channel

log = logging.getLogger(__name__)


class Command(HomeCommand):
    """Take in content/ and release what is due. Sends nothing."""

    help = "One scheduler pass: takes in content/ and releases what is due. Sends nothing."

    def act(self, **options: Any) -> int:
        """Run the pass; 2 if a file could not be read."""
        done = tick(now=now(), actor=actor(), channel=self._channel())
        changed = [taken.name for taken in done.taken if taken.changed]
        released = [str(issue) for issue in done.released]
        if options["json"]:
            errors = [str(error) for error in done.errors]
            self.print_json({"changed": changed, "released": released, "errors": errors})
        else:
            for name in changed:
                self.console.print(f"taken in: {name}", markup=False)
            for issue in released:
                self.console.print(f"released: {issue}", markup=False)
            if not done.changed:
                self.console.print("Nothing to do.")
        for error in done.errors:
            self.stderr.write(f"meridian: {error}")
        return FAILED if done.errors else 0

    def _channel(self) -> Channel | None:
        """The way out, to be asked what became of letters; None if none can be opened."""
        try:
            return open_channel(self.mail_api, demo=current_configuration().demo)
        except SettingError as error:
            # Whoever sends is told by the command that does; the pass needs no way out.
            log.info("nothing is asked of a provider: %s", error)
            return None
