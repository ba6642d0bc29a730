"""The nouns of Meridian on one page: frozen values that the stages take and return.

The tables (Campaign, Issue, Post, Delivery, Batch) live with the rooms that keep them; nothing here
knows a database, a network or a clock.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# --- Text -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style, as word processors call it."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""


Text = tuple[Run, ...]


def plain(text: Text) -> str:
    """The words of a text without their styles."""
    return text[0].text if len(text) == 1 else "".join(run.text for run in text)


LineKind = Literal["plain", "heading", "item", "quotation", "code", "table", "image", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a source and what its format says of it. A reader decides nothing.

    Attributes:
        number: 1-based line (or paragraph) in the source.
        kind: What the *format* declares; "plain" where it declares nothing.
        level: Heading level 1–6, or depth of a list item from 0.
        marker: A list item's or quotation's marker as written: "-", "1.", "•"; "" if none. The
            number of a footnote: "1.".
        gap: True if an empty line stands before it.
        cells: The cells of a table row.
        target: The address of an image.
        caption: The words under an image.
        size: The size of its letters in points, where a format shows looks; else 0.
        said: Whether the front matter says that it is a heading; None where it says nothing.
    """

    number: int
    text: Text
    kind: LineKind = "plain"
    level: int = 0
    marker: str = ""
    gap: bool = False
    cells: tuple[Text, ...] = ()
    target: str = ""
    caption: Text = ()
    size: float = 0
    said: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as its reader saw it: front matter and lines."""

    name: str
    lines: tuple[Line, ...]
    matter: Mapping[str, object] = field(default_factory=dict)


# --- Article --------------------------------------------------------------------------------------

SeriesForm = Literal["one", "sections", "grouped"]
BlockKind = Literal["paragraph", "bullets", "numbered", "quotation", "code", "table", "image"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a list, a quotation, a table, an image inside a section.

    Attributes:
        text: The words of a paragraph, quotation or code; the alternative text of an image.
        items: The items of bullets or of a numbered list, without markers.
        rows: The rows of a table; the first is its head.
        target: The address of an image.
        caption: The words under an image: what it means, where its text says what it shows.
        start: The first number of a numbered list.
        line: 1-based line in the source where it begins.
    """

    kind: BlockKind
    text: Text = ()
    items: tuple[Text, ...] = ()
    rows: tuple[tuple[Text, ...], ...] = ()
    target: str = ""
    caption: Text = ()
    start: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One titled part of an article, with its number if it has one.

    Attributes:
        level: 1 for a part of the article, 2 for a part of a part, and so on.
        number: As the author wrote it, without punctuation ("1", "IV", "①"), or "".
        heading: The title without the number.
    """

    level: int
    number: str
    heading: str
    blocks: tuple[Block, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name in a byline with the letters behind it: ("Jiwon Bae", ("DC", "L.AC"))."""

    name: str
    credentials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A source the author names, with the number the text calls it by."""

    number: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a person wrote. Every word of the source is in exactly one of these places.

    The headings of closing parts stand as written ("Sources:"), or are "" where there is none.

    Attributes:
        byline: The byline as written, without "By": "Jiwon Bae, DC, L.AC"; "" if there is none. A
            word that says more than its place stays: "Reviewed by Tom Reyes", "Authors: …".
        people: The same byline taken apart.
        lead: The blocks before the first section.
        call_to_action: The blocks that end an article by asking the reader to come or subscribe.
        newsletter: The key of the newsletter it is for, or "" for the first one.
        tags: Hashtags without "#", from the front matter; never invented.
        series: What it becomes, from the front matter; "" leaves it to the newsletter.
    """

    slug: str
    language: str
    title: str
    subtitle: str = ""
    byline: str = ""
    people: tuple[Person, ...] = ()
    date_line: str = ""
    lead: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    call_to_action: tuple[Block, ...] = ()
    call_to_action_heading: str = ""
    references: tuple[Reference, ...] = ()
    references_heading: str = ""
    disclaimer: tuple[Block, ...] = ()
    disclaimer_heading: str = ""
    newsletter: str = ""
    tags: tuple[str, ...] = ()
    series: SeriesForm | Literal[""] = ""


# --- Configuration: what clinic.toml says ---------------------------------------------------------

Network = Literal[
    "bluesky", "facebook", "instagram", "linkedin", "mastodon", "telegram", "threads", "x"
]
Design = Literal["calm", "editorial", "compact"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """Who sends. The postal address is one line of the address per entry."""

    name: str
    postal_address: tuple[str, ...]
    website: str
    time_zone: str
    language: str = "en"
    phone: str = ""
    booking_url: str = ""
    booking_label: str = ""
    note: str = ""


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


# --- What the stages make -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedIssue:
    """One email of the series: which sections it carries and what stands in the inbox line.

    Attributes:
        part: 1-based place in the series of ``of``.
        opens: True if it carries the lead of the article.
        sections: Indexes into ``Article.sections``.
        references: The references these sections call for.
    """

    part: int
    of: int
    subject: str
    preheader: str
    opens: bool
    sections: tuple[int, ...]
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlan:
    """How an article becomes a series."""

    issues: tuple[PlannedIssue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedIssue:
    """One email, ready but for the merge fields: see :mod:`pipeline.stages.merge`."""

    part: int
    of: int
    subject: str
    preheader: str
    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A picture of a section: PNG bytes, with the words on it as its alternative text."""

    section: int
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedPost:
    """One message for one account.

    Attributes:
        section: Index into ``Article.sections``.
        length: As the network counts it; never above ``limit``.
    """

    network: Network
    handle: str
    section: int
    text: str
    length: int
    limit: int


Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark of a check.

    Attributes:
        code: The rule's name: "no-unsubscribe-link".
        message: What is wrong, one sentence without a full stop.
        suggestion: What to do, a whole sentence.
        where: What it was found in: "issue 2, HTML", "post 1 for mastodon".
        span: Start and end of the words meant, in characters of what was checked; None for all.
        source: Address of the rule this rests on, or "".
        words: The sentence a claim stands in, which a waiver is bound to; "" of other findings.
        waived: Who waived it and why, or "". What is waived stops nothing.
    """

    code: str
    level: Level
    message: str
    suggestion: str
    where: str
    span: tuple[int, int] | None = None
    source: str = ""
    words: str = ""
    waived: str = ""

    @property
    def stops(self) -> bool:
        """Whether nothing goes out while it stands."""
        return self.level == "error" and not self.waived


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All that one article becomes: what :func:`pipeline.run.run` returns."""

    article: Article
    newsletter: Newsletter
    plan: SeriesPlan
    issues: tuple[RenderedIssue, ...]
    posts: tuple[ComposedPost, ...]
    cards: tuple[Card, ...]
    findings: tuple[Finding, ...] = ()
