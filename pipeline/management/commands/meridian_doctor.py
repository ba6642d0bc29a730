"""``meridian doctor``: what is wrong with the house, and how to mend it."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from rich.text import Text

from pipeline.campaigns.revisions import file_configuration
from pipeline.channels.dns import open_dns
from pipeline.engine.doctor import Scene, examine
from pipeline.errors import MeridianError
from pipeline.management.home_command import HomeCommand
from pipeline.stages.sender_domain.delivered import LARGEST
from pipeline.values import Remark

_COLOURS = {"wrong": "bold red", "advice": "yellow", "good": "green"}


class Command(HomeCommand):
    """Looks at the domains letters come from, and at a letter that arrived."""

    help = (
        "Says what keeps letters from arriving, and how to mend it; exit status 1 if anything is "
        "wrong."
    )
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the letter."""
        super().add_arguments(parser)
        parser.add_argument(
            "--message",
            type=Path,
            metavar="FILE",
            help="a letter that arrived, saved with all its headers: is it signed as it should be?",
        )

    def act(self, **options: Any) -> int:
        """Look, and tell."""
        scene = Scene(
            configuration=file_configuration(self.home / "content" / "clinic.toml"),
            mail_api=self.mail_api,
            signer=_signer(self.mail_api),
            selectors=settings.MERIDIAN_DKIM_SELECTORS,
            ask=open_dns(settings.MERIDIAN_DNS),
            letter=_letter(options["message"]),
        )
        remarks = list(examine(scene))
        if options["json"]:
            self.print_json([asdict(remark) for remark in remarks])
        else:
            for remark in remarks:
                self.console.print(_line(remark))
        return int(any(remark.health == "wrong" for remark in remarks))


def _signer(mail_api: str) -> str:
    """Mailgun signs by a domain of its own setting; the others by the sender's."""
    domain = settings.ANYMAIL.get("MAILGUN_SENDER_DOMAIN", "")
    return str(domain) if mail_api == "mailgun" else ""


def _letter(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise CommandError(f"{path} is larger than a letter: more than {LARGEST} bytes")
    return content


def _line(remark: Remark) -> Text:
    # Records and letters are anybody's words: an error's are made printable (S34).
    words = str(MeridianError(remark.message, mend=remark.mend))
    return Text.assemble((remark.health, _COLOURS[remark.health]), f" {remark.check}: {words}")
