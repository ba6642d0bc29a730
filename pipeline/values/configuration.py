"""What clinic.toml says."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from pipeline.values.article import SeriesForm

Network = Literal[
    "bluesky", "facebook", "instagram", "linkedin", "mastodon", "telegram", "threads", "x"
]
Design = Literal["calm", "editorial", "compact"]
Archive = Literal["public", "unlisted", "off"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """Who sends. The postal address is one line of the address per entry.

    Attributes:
        notices_from: The address that mail to one person comes from, such as a confirmation; never
            a newsletter's (D14). ``""`` means "notices" at the domain of the newsletter.
    """

    name: str
    postal_address: tuple[str, ...]
    website: str
    time_zone: str
    language: str = "en"
    phone: str = ""
    booking_url: str = ""
    booking_label: str = ""
    note: str = ""
    notices_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Four colours as ``#rrggbb``; every other colour is computed from them."""

    brand: str = "#2f6f62"
    accent: str = "#b4532f"
    ink: str = "#2b2a27"
    paper: str = "#fffdf9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """A person who answers for what is said. The photo is an https address of a square picture."""

    name: str
    credentials: tuple[str, ...] = ()
    title: str = ""
    licence: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """What a newsletter asks its subscribers beside name, language and time zone.

    Attributes:
        key: Its name for ever: a column of lists, a word in segments.
        label: What the form says.
        kind: One line of text, one of ``choices``, or a day.
    """

    key: str
    label: str
    kind: Literal["text", "choice", "date"] = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A publication people subscribe to.

    Attributes:
        key: Its name for ever, in addresses and in the database; ``name`` may change.
        time: Wall time of the weekly slot in ``time_zone``.
        approval: "practitioner", or "none": then whoever schedules is recorded as approver.
        first_issue: When a new series begins: in the next weekly slot, or at once.
        why: Why the reader gets it: one sentence for the footer.
        require: What no article of it may lack.
        design: How its emails look.
        series: What an article becomes, unless its front matter says otherwise: "one" long issue;
            an issue for each of its "sections"; or "grouped", where short ones go together.
        fields: What it asks its subscribers.
        archive: Who finds what went out: everybody ("public"), who has the address ("unlisted"), or
            nobody ("off").
        private: Whether nobody can join it by a form; its people are brought in by the clinic.
        joins_per_hour: How many are asked to confirm in an hour, at most; then joining rests.
    """

    key: str
    name: str
    from_name: str
    from_address: str
    weekday: Weekday
    time: dt.time
    time_zone: str = ""
    language: str = ""
    reply_to: str = ""
    approval: Literal["practitioner", "none"] = "practitioner"
    first_issue: Literal["next slot", "at once"] = "next slot"
    why: str = ""
    require: tuple[Literal["byline", "references"], ...] = ()
    design: Design = "calm"
    series: SeriesForm = "grouped"
    fields: tuple[CustomField, ...] = ()
    archive: Archive = "public"
    private: bool = False
    joins_per_hour: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on a network that posts are made for."""

    network: Network
    handle: str


ClaimProfile = Literal["us-ftc", "uk-cap", "au-ahpra", "kr-msa"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """How the checks judge. ``profile`` says whose rules hold for health claims."""

    profile: ClaimProfile = "us-ftc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that clinic.toml says. ``demo`` refuses every channel but the folder."""

    clinic: Clinic
    newsletters: tuple[Newsletter, ...]
    brand: Brand = field(default_factory=Brand)
    practitioners: tuple[Practitioner, ...] = ()
    accounts: tuple[Account, ...] = ()
    checks: Checks = field(default_factory=Checks)
    demo: bool = False
