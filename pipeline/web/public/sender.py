"""Who writes: the clinic and the newsletter a public page may name."""

from dataclasses import dataclass
from pathlib import PurePath

from pipeline.campaigns.models import ConfigurationRevision
from pipeline.errors import SettingError
from pipeline.stages.read.configuration import read_configuration
from pipeline.values import Clinic, Configuration, Newsletter


@dataclass(frozen=True, slots=True)
class Sender:
    """What is still known of a sender; a link of years ago may outlive both."""

    clinic: Clinic | None = None
    newsletter: Newsletter | None = None


def sender_of(newsletter: str) -> Sender:
    """The sender of the newsletter with this key, by the newest reading of clinic.toml.

    A link must work for ever (D10), so nothing here fails: what is not known is None.
    """
    configuration = _configuration()
    if configuration is None:
        return Sender()
    by_key = {letter.key: letter for letter in configuration.newsletters}
    return Sender(configuration.clinic, by_key.get(newsletter))


@dataclass(frozen=True, slots=True)
class Offer:
    """A newsletter anybody may ask for, and the clinic it is from."""

    clinic: Clinic
    newsletter: Newsletter


def joinable() -> dict[str, Offer]:
    """What anybody may ask for, by its key: all newsletters that are not private (S17)."""
    configuration = _configuration()
    if configuration is None:
        return {}
    letters = (letter for letter in configuration.newsletters if not letter.private)
    return {letter.key: Offer(configuration.clinic, letter) for letter in letters}


def _configuration() -> Configuration | None:
    revision = ConfigurationRevision.objects.order_by("-pk").first()
    if revision is None:
        return None
    try:
        return read_configuration(PurePath("clinic.toml"), bytes(revision.content))
    except SettingError:
        # It was good when it was stored; a later version of Meridian may ask for more.
        return None
