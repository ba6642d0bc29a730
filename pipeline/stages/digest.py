"""The monthly digest: what the letters of a month said of themselves, and where each stands.

Nothing is invented: headings are the letters' subjects, and below each stands its preheader, which
is the author's own first sentences. The few words beside them are a closed list.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from babel import Locale
from babel.dates import format_skeleton

from pipeline.values import Article, Block, Newsletter, Run, Section

# ``{…}`` takes a value: the newsletter's name, a month, a subject.
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {"title": "{name}: the letters of {month}", "read": "Read it whole: {subject}"},
        "ko": {"title": "{name}: {month}의 편지", "read": "전체 읽기: {subject}"},
        "es": {"title": "{name}: las cartas de {month}", "read": "Leer entera: {subject}"},
        "ar": {"title": "{name}: رسائل {month}", "read": "اقرأها كاملة: {subject}"},
        "he": {"title": "{name}: המכתבים של {month}", "read": "לקריאה המלאה: {subject}"},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One letter of the month.

    Attributes:
        subject: As it went out, with the marks of its merge fields.
        preheader: The same.
        link: Its page in the archive, or "".
    """

    subject: str
    preheader: str
    link: str = ""


def digest(
    letters: Iterable[Told], newsletter: Newsletter, *, month: dt.date, slug: str, language: str
) -> Article:
    """The article of a month, with marks: as :func:`pipeline.stages.render.render` wants it.

    Args:
        letters: The letters of the month, in order.
        newsletter: Whose they are.
        month: A day of the month.
        slug: What the digest is called.
        language: The language of the letters; one without words here gets English.
    """
    primary = language.partition("-")[0]
    words = WORDS.get(primary, WORDS["en"])
    told = format_skeleton("yMMMM", month, locale=Locale(primary if primary in WORDS else "en"))
    return Article(
        slug=slug,
        language=language,
        title=words["title"].format(name=newsletter.name, month=told),
        sections=tuple(_section(letter, words["read"]) for letter in letters),
        newsletter=newsletter.key,
    )


def _section(letter: Told, read: str) -> Section:
    said = [(Run(letter.preheader),)] if letter.preheader else []
    if letter.link:
        said.append((Run(read.format(subject=letter.subject), link=letter.link),))
    blocks = tuple(Block(kind="paragraph", text=text) for text in said)
    return Section(level=1, number="", heading=letter.subject, blocks=blocks)
