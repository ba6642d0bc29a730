"""What the stages make of an article."""

from dataclasses import dataclass
from typing import Literal

from pipeline.values.article import Article, Person, Reference
from pipeline.values.configuration import Account, Network, Newsletter


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
class ArrangedPart:
    """A part of a series as it stands: what went out, which sections it has, what a person set.

    Attributes:
        part: Its number among all parts, those that are out included.
        sections: Indexes into ``Article.sections``; of a part that is out, those still there.
        subject: What a person set, or what it went out with; "" leaves it to the author's words.
        preheader: The same of the preheader.
        out: Whether it has begun to go out: readers are told of it, and it is not made again.
    """

    part: int
    sections: tuple[int, ...]
    subject: str = ""
    preheader: str = ""
    out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlan:
    """How an article becomes a series.

    Attributes:
        issues: The emails to make, in order.
        out: The parts that are out already, in order: each letter names all parts of its series.
    """

    issues: tuple[PlannedIssue, ...]
    out: tuple[PlannedIssue, ...] = ()

    @property
    def parts(self) -> dict[int, PlannedIssue]:
        """All parts by number, in order."""
        return {each.part: each for each in sorted((*self.out, *self.issues), key=_part)}


def _part(planned: PlannedIssue) -> int:
    return planned.part


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What programs are told of an issue that readers see in it, and who sees only its title.

    Attributes:
        language: The language it is written in, a BCP 47 tag.
        minutes: How long it takes to read.
        authors: Who wrote it, by its byline.
        reviewers: Who read it over, by its byline.
        why: Why its readers get it, with defaults for merge fields: nobody else gets it so.
    """

    language: str = ""
    minutes: int = 0
    authors: tuple[Person, ...] = ()
    reviewers: tuple[Person, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedIssue:
    """One email, ready but for the merge fields: see :mod:`pipeline.stages.merge`."""

    part: int
    of: int
    subject: str
    preheader: str
    html: str
    text: str
    about: About = About()


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
    """All that one article becomes: what :func:`pipeline.run.run` returns.

    Attributes:
        accounts: The accounts its posts are for, with their rhythm.
    """

    article: Article
    newsletter: Newsletter
    plan: SeriesPlan
    issues: tuple[RenderedIssue, ...]
    posts: tuple[ComposedPost, ...]
    cards: tuple[Card, ...]
    findings: tuple[Finding, ...] = ()
    accounts: tuple[Account, ...] = ()
