"""The newsletters of the house as the archive knows them: those of clinic.toml, and former ones."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import PurePath

from pipeline.campaigns.models import ConfigurationRevision
from pipeline.errors import SettingError
from pipeline.stages.read.configuration import read_configuration
from pipeline.values import Archive, Clinic, Configuration, Newsletter, Practitioner


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A newsletter that has, or may have, an archive.

    Attributes:
        language: A BCP 47 tag.
        ended: Whether clinic.toml no longer names it.
        joinable: Whether a person may join it by a form.
    """

    key: str
    name: str
    language: str
    archive: Archive
    ended: bool = False
    joinable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who publishes, by the newest reading of clinic.toml that can be understood.

    Attributes:
        clinic: None if none was ever read.
        publications: By key, in the order of clinic.toml.
        since: When it was read.
    """

    clinic: Clinic | None = None
    practitioners: tuple[Practitioner, ...] = ()
    publications: dict[str, Publication] = field(default_factory=dict)
    since: dt.datetime | None = None


def house() -> House:
    """The clinic and its newsletters as they are now."""
    newest = next(_readings(), None)
    if newest is None:
        return House()
    found, at = newest
    return House(
        clinic=found.clinic,
        practitioners=found.practitioners,
        publications={n.key: _publication(n, ended=False) for n in found.newsletters},
        since=at,
    )


def former(key: str) -> Publication | None:
    """A newsletter that clinic.toml named once, as it was when it last did; None if it never did.

    Whether its archive is open is what stood there last: taking a newsletter out opens nothing.
    """
    for reading, _ in _readings(naming=key):
        for newsletter in reading.newsletters:
            if newsletter.key == key:
                return _publication(newsletter, ended=True)
    return None


def _publication(newsletter: Newsletter, *, ended: bool) -> Publication:
    # What nobody may ask for is shown to nobody who has not its address (S17).
    hidden = newsletter.private and newsletter.archive == "public"
    return Publication(
        key=newsletter.key,
        name=newsletter.name,
        language=newsletter.language,
        archive="unlisted" if hidden else newsletter.archive,
        ended=ended,
        joinable=not ended and not newsletter.private,
    )


def _readings(*, naming: str = "") -> Iterator[tuple[Configuration, dt.datetime]]:
    """The readings of clinic.toml, newest first; what is no longer understood is passed over."""
    kept = ConfigurationRevision.objects.order_by("-pk").values_list("content", "created_at")
    # Nearly always the newest is all that is asked for.
    for content, at in chain(kept[:1], kept[1:].iterator(chunk_size=8)):
        if naming.encode() in bytes(content):
            reading = _read(bytes(content))
            if reading is not None:
                yield reading, at


@lru_cache(maxsize=8)
def _read(content: bytes) -> Configuration | None:
    """A page is asked for far more often than clinic.toml is changed."""
    try:
        return read_configuration(PurePath("clinic.toml"), content)
    except SettingError:
        # It was good when it was stored; a later version of Meridian may ask for more.
        return None
