"""``meridian form``: the form by which people join, for the clinic's own site."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from pipeline.campaigns.revisions import take_configuration
from pipeline.engine.passes import now
from pipeline.management.home_command import HomeCommand
from pipeline.web.public.embedding import embeddable_form


class Command(HomeCommand):
    """Print a form."""

    help = "Prints a form in plain HTML by which people join a newsletter from any site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the newsletter, ``--language`` and ``--script``."""
        super().add_arguments(parser)
        parser.add_argument("newsletter", help="its key in clinic.toml")
        parser.add_argument(
            "--language", default="", help="en, ko or es; default: the newsletter's own"
        )
        parser.add_argument(
            "--script", action="store_true", help="with a small script: answers come in the page"
        )

    def act(self, **options: Any) -> int:
        """Print it."""
        configuration = take_configuration(self.home / "content" / "clinic.toml", now=now())
        form = embeddable_form(
            configuration,
            options["newsletter"],
            language=options["language"],
            script=options["script"],
        )
        if options["json"]:
            self.print_json({"newsletter": options["newsletter"], "html": form})
        else:
            print(form)
        if not settings.MERIDIAN_URL.startswith("https:"):
            self.errors.print(
                f"The form sends to {settings.MERIDIAN_URL}. Set MERIDIAN_URL to the public https"
                " address before you use it.",
                markup=False,
            )
        return 0
