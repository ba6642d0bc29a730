"""What people wrote: an article as it is read and split."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


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
        evergreen: Whether it waits for a slot that nothing else claims, from the front matter.
        season: The season of the clinic's calendar it is written for, from the front matter.
        welcome: Whether each newcomer gets it once, as one letter, from the front matter.
        translation_of: The slug of the article that this is in another language; "" of an original.
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
    evergreen: bool = False
    season: str = ""
    welcome: bool = False
    translation_of: str = ""
