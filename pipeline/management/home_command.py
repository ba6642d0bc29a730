"""What the commands share that work in a home."""

from abc import ABC
from pathlib import Path
from typing import Any

from django.conf import settings

from pipeline.engine.home import prepare_database
from pipeline.engine.passes import now
from pipeline.management.command import MeridianCommand


class HomeCommand(MeridianCommand, ABC):
    """A command that needs the home, and mostly its database."""

    needs_database = True

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the database ready before the command acts."""
        if self.needs_database:
            prepare_database(self.home, now=now())
        super().handle(*args, **options)

    @property
    def home(self) -> Path:
        """The home's folder."""
        return Path(settings.MERIDIAN_HOME)

    @property
    def mail_api(self) -> str:
        """The channel that newsletters go out by."""
        return str(settings.MERIDIAN_MAIL_API)
