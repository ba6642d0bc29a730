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
# What happens to a slot on a day the clinic does not send: the series goes on a week later, the
# issue goes on the next day the clinic does send, or it goes all the same.
OnHoliday = Literal["skip", "move", "send"]
# What happens to an issue whose time came while nothing ran: it goes late, it waits for a person,
# or it takes the next slot.
Missed = Literal["send", "hold", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """Who sends. The postal address is one line of the address per entry.

    Attributes:
        notices_from: The address that mail to one person comes from, such as a confirmation; never
            a newsletter's (D14). ``""`` means "notices" at the domain of the newsletter.
        staff: The addresses that test sends may go to, beside the practitioners' (S35).
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
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Days of every year that change what the newsletters do.

    Attributes:
        name: What people call it: "Seollal", "pollen".
        first: Its first day as ``MM-DD``; with ``last`` before it, it goes over the new year.
        last: Its last day as ``MM-DD``.
        holiday: Instead of both: the public holiday it lies on, in the country's calendar.
        before: Days before the holiday that belong to it.
        after: Days after the holiday that belong to it.
        act: What happens to a slot in it; "prefer" sends the evergreen articles written for it.
    """

    name: str
    first: str = ""
    last: str = ""
    holiday: str = ""
    before: int = 0
    after: int = 0
    act: Literal["skip", "move", "prefer"] = "prefer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days the clinic does not send.

    Attributes:
        country: An ISO 3166 code, whose public holidays hold: "US", "KR"; "" for none.
        region: A state or province of it.
        on_holiday: What happens to a slot on one, or on a closing day.
        closed: The clinic's own closing days.
    """

    country: str = ""
    region: str = ""
    on_holiday: OnHoliday = "skip"
    closed: tuple[dt.date, ...] = ()
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Four colours as ``#rrggbb``; every other colour is computed from them."""

    brand: str = "#2f6f62"
    accent: str = "#b4532f"
    ink: str = "#2b2a27"
    paper: str = "#fffdf9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """A person who answers for what is said.

    Attributes:
        photo: The https address of a square picture.
        email: Where links to approve go; it is shown to nobody.
        language: The language such a mail is in; "" for the clinic's.
    """

    name: str
    credentials: tuple[str, ...] = ()
    title: str = ""
    licence: str = ""
    photo: str = ""
    email: str = ""
    language: str = ""


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
        planning: Whether a new article is scheduled by itself, or waits for ``meridian plan``.
        four_eyes: Whether the approver must be another person than who wrote or planned it.
        missed: What happens to an issue whose time came while nothing ran.
        missed_hours: Past this many hours, what would go late is held all the same.
        local_time: Whether ``time`` is meant on each reader's own clock.
        late_joiners: Whether who joins in mid-series begins with part 1, on a clock of their own,
            or joins in where it is.
        languages: Other languages an issue may also come in.
        missing_language: What who reads one of these gets of an issue that lacks it: it is held
            for them, or they get the newsletter's own.
        digest: Whether there is a monthly digest for who wants one letter a month.
        per_hour: How many letters go out in an hour, at most; 0 for as fast as can be.
        warm_up: How many letters a new sender's domain sends on its first day; each day may have
            twice as many as the day before. 0 for no such plan (D32).
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
    planning: Literal["automatic", "by hand"] = "automatic"
    four_eyes: bool = False
    missed: Missed = "hold"
    missed_hours: int = 24
    local_time: bool = False
    late_joiners: Literal["from the start", "join in"] = "from the start"
    languages: tuple[str, ...] = ()
    missing_language: Literal["hold", "fallback"] = "hold"
    digest: bool = False
    per_hour: int = 0
    warm_up: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on a network that posts are made for.

    Attributes:
        days: On which days after its issue the posts of one go out; a further one takes the day
            after the last.
        time: Wall time of a post.
        quiet_from: From when on nothing is posted; what falls there waits for ``quiet_until``.
    """

    network: Network
    handle: str
    days: tuple[int, ...] = (0, 2, 4)
    time: dt.time = dt.time(12, 30)
    quiet_from: dt.time = dt.time(21)
    quiet_until: dt.time = dt.time(8)


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
    calendar: Calendar = field(default_factory=Calendar)
    demo: bool = False
