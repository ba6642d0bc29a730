"""``meridian migrate``: bring the database up to date."""

from typing import Any

from django.core.management import call_command
from django.db import connection

from pipeline.engine.home import back_up, pending_migrations
from pipeline.engine.passes import now
from pipeline.management.home_command import HomeCommand


class Command(HomeCommand):
    """Explicit on PostgreSQL; on SQLite every command does it by itself."""

    help = "Brings the database up to date; on SQLite after a backup."
    needs_database = False

    def act(self, **_options: Any) -> int:
        """Migrate."""
        if not pending_migrations():
            self.console.print("The database is up to date.")
            return 0
        if connection.vendor == "sqlite":
            back_up(self.home / ".meridian" / "backups", now=now())
        call_command("migrate", verbosity=0)
        self.console.print("The database was brought up to date.")
        return 0
