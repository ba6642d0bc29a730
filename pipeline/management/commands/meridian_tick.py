"""``meridian tick``: one scheduler pass."""

from typing import Any

from pipeline.engine.passes import now, tick
from pipeline.management.command import actor
from pipeline.management.front import FAILED
from pipeline.management.home_command import HomeCommand


class Command(HomeCommand):
    """Take in content/ and release what is due. Sends nothing."""

    help = "One scheduler pass: takes in content/ and releases what is due. Sends nothing."

    def act(self, **options: Any) -> int:
        """Run the pass; 2 if a file could not be read."""
        done = tick(now=now(), actor=actor())
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
