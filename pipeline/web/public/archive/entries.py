"""An issue as the archive tells of it: in lists, in feeds, beside its own page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BinaryField
from django.db.models.functions import Substr

from pipeline.campaigns.models import Issue, Part
from pipeline.campaigns.publications import Publication
from pipeline.campaigns.texts import Text, language_of, part_of
from pipeline.stages import archive, merge
from pipeline.stages.design.wording import direction
from pipeline.values import Person
from pipeline.web.public.archive import addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A card. Width and height are in its own dots."""

    path: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is told of an issue.

    Attributes:
        path: Its page, for ever.
        title: Its subject, as everybody may read it.
        series: The title of the article it is a part of.
        released: The moment it began to go out.
        day: The same as a date, where the newsletter is at home.
        minutes: How long it takes to read; 0 where that is not known.
        why: What is true of the letter's readers alone.
        letter: The hash of its HTML.
    """

    path: str
    title: str
    series: str
    preheader: str
    part: int
    of: int
    language: str
    released: dt.datetime
    day: dt.date
    minutes: int
    authors: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    why: str
    letter: str
    picture: Picture | None

    @property
    def url(self) -> str:
        """The whole address of its page."""
        return addresses.absolute(self.path)

    @property
    def moment(self) -> str:
        """When it began to go out, as programs read it: "2026-03-03T15:00:00Z"."""
        return f"{self.released.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return direction(self.language)


def entry_of(text: Text, publication: Publication) -> Entry:
    """What is told of an issue, or of a variant of it.

    One from before it was kept tells no more than its subject.
    """
    about, issue, tongue = text.about, part_of(text), language_of(text)
    # What is archived was released.
    released = issue.released_at or dt.datetime.fromtimestamp(0, dt.UTC)
    return Entry(
        path=archive.path(issue.newsletter, issue.campaign.article, issue.part, language=tongue),
        title=merge.unmarked(text.subject),
        series=merge.plainly(issue.campaign.title),
        preheader=merge.unmarked(text.preheader),
        part=issue.part,
        of=issue.of,
        language=about.get("language") or tongue or publication.language or "en",
        released=released,
        day=released.astimezone(ZoneInfo(issue.time_zone)).date(),
        minutes=about.get("minutes", 0),
        authors=_people(about.get("authors", ())),
        reviewers=_people(about.get("reviewers", ())),
        why=about.get("why", ""),
        letter=text.html_id,
        # The words on a card are in the newsletter's own language.
        picture=None if tongue else _picture(issue),
    )


def _people(kept: Iterable[dict[str, Any]]) -> tuple[Person, ...]:
    return tuple(
        Person(name=person["name"], credentials=tuple(person["credentials"])) for person in kept
    )


def _picture(issue: Issue) -> Picture | None:
    """The card of the first section."""
    card = min(issue.cards.all(), key=lambda card: card.section, default=None)
    if card is None:
        return None
    width, height = _size(card.png_id)
    return Picture(path=addresses.picture(card.png_id), alt=card.alt, width=width, height=height)


@lru_cache(maxsize=4096)
def _size(sha256: str) -> tuple[int, int]:
    """Width and height of a PNG: they stand in its first chunk. Under a hash nothing changes."""
    begin = Substr("content", 1, 24, output_field=BinaryField())
    head = bytes(Part.objects.annotate(begin=begin).values_list("begin", flat=True).get(pk=sha256))
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
