"""Who writes: the clinic and the newsletter a public page may name."""

from dataclasses import dataclass

from pipeline.campaigns.revisions import current_configuration
from pipeline.errors import SettingError
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
    try:
        return current_configuration()
    except SettingError:
        # None was read yet; or it was good then, and a later version of Meridian asks for more.
        return None
