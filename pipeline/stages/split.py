"""Splitting: the lines of a source become an article, every word in exactly one place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Literal, cast

from pipeline.errors import SourceError
from pipeline.stages.splitting.blocks import blocks, counted, unwrap
from pipeline.stages.splitting.byline import people
from pipeline.stages.splitting.closing import references_word, take_closing
from pipeline.stages.splitting.corrections import demoted, heed, promoted
from pipeline.stages.splitting.head import Head, read_head
from pipeline.stages.splitting.numbering import numbering
from pipeline.stages.splitting.outline import declare
from pipeline.stages.text.runs import clean
from pipeline.values import Article, Block, Line, Reference, Section, SeriesForm, Source, plain

DEEPEST = 5


def split(source: Source, *, language: str) -> Article:
    """Split a source into an article.

    Headings the format declares are believed; in plain text they are decided over the whole
    article. Front matter wins over what the text says, and what it says of single lines over both.

    Args:
        source: What a reader gave.
        language: The code of the language, unless the front matter says it.

    Raises:
        SourceError: There is not one word in it, or nothing that can be its title.
    """
    _refuse_wordless(source)
    text, notes = _notes_apart(source)
    head = _head(text)
    closing = take_closing(*_parts(head.rest))
    lead, sections, references = closing.lead, closing.sections, closing.references
    if references:
        # Two counts cannot be told apart by their numbers: then the notes end the text, as a list.
        lead, sections = _with_list(lead, sections, notes)
    else:
        references = _references(notes)
    matter = source.matter
    language = str(matter.get("language", "")) or language
    # Notes have no heading; where they are written down, they are given this one.
    heading = closing.references_heading or (references_word(language) if references else "")
    return Article(
        slug=str(matter.get("slug", "")) or slug_of(source.name),
        language=language,
        title=head.title,
        subtitle=head.subtitle,
        byline=head.byline,
        people=people(head.byline),
        date_line=head.date_line,
        lead=lead,
        sections=sections,
        call_to_action=closing.call_to_action,
        call_to_action_heading=closing.call_to_action_heading,
        references=references,
        references_heading=heading,
        disclaimer=closing.disclaimer,
        disclaimer_heading=closing.disclaimer_heading,
        newsletter=str(matter.get("newsletter", "")),
        tags=cast("tuple[str, ...]", matter.get("tags", ())),
        series=cast('SeriesForm | Literal[""]', matter.get("series", "")),
        evergreen=bool(matter.get("evergreen", False)),
        season=str(matter.get("season", "")),
        welcome=bool(matter.get("welcome", False)),
        translation_of=str(matter.get("translation_of", "")),
    )


def slug_of(name: str) -> str:
    """The slug of a file name: letters of any script in small, joined by hyphens.

    Raises:
        SourceError: There is no letter in it.
    """
    slug = "-".join(re.findall(r"[^\W_]+", clean(PurePath(name).stem).lower()))
    if not slug:
        raise SourceError(
            "the file name has no letters to name the article by",
            mend="Rename the file, or give it slug: in its front matter.",
            path=name,
        )
    return slug


def _refuse_wordless(source: Source) -> None:
    texts = [text for line in source.lines for text in (line.text, *line.cells)]
    if not any(letter.isalnum() for text in texts for letter in plain(text)):
        raise SourceError(
            "there is not one word in it", mend="Write the article into it.", path=source.name
        )


def _notes_apart(source: Source) -> tuple[Source, list[Line]]:
    notes = [line for line in source.lines if line.kind == "note"]
    text = tuple(line for line in source.lines if line.kind != "note")
    return replace(source, lines=text), notes


def _references(notes: Sequence[Line]) -> tuple[Reference, ...]:
    return tuple(
        Reference(number=counted(note.marker) or place, text=note.text)
        for place, note in enumerate(notes, start=1)
    )


def _with_list(
    lead: tuple[Block, ...], sections: tuple[Section, ...], notes: Sequence[Line]
) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    listed = blocks([replace(note, kind="item") for note in notes])
    if not sections:
        return lead + listed, sections
    *others, last = sections
    return lead, (*others, replace(last, blocks=last.blocks + listed))


def _head(source: Source) -> Head:
    """The head, with the lines under it declared."""
    head, declared = opened(source)
    return replace(head, rest=tuple(promoted(head.rest)) if declared else declare(head.rest))


def opened(source: Source) -> tuple[Head, bool]:
    """The head of a source, and whether its format declares which lines under it are headings."""
    lines = heed(source.lines, source.matter)
    if not any(line.kind == "heading" for line in lines):
        # A heading may be wrapped too; then its words are together only now.
        lines = heed(unwrap(lines), source.matter)
        return read_head(replace(source, lines=lines)), False
    head = read_head(replace(source, lines=demoted(lines)))
    titled_alone = not any(line.kind == "heading" for line in head.rest)
    # Where looks are shown, a title in its style says nothing of headings that are only bold.
    return head, not (titled_alone and any(line.size for line in head.rest))


def _parts(lines: Sequence[Line]) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """The lead and the sections; the top-most level of heading is level 1."""
    top = min((line.level for line in lines if line.kind == "heading"), default=1)
    lead, *titled = _cut(lines)
    return blocks(lead), tuple(_section(part, top) for part in titled)


def _cut(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines before the first heading, then each heading with the lines under it."""
    start = 0
    for place, line in enumerate(lines):
        if line.kind == "heading":
            yield lines[start:place]
            start = place
    yield lines[start:]


def _section(part: Sequence[Line], top: int) -> Section:
    heading, *rest = part
    text = plain(heading.text)
    number = numbering(text)
    return Section(
        level=min(heading.level - top + 1, DEEPEST),
        number=number.number if number else "",
        heading=number.rest if number else text,
        blocks=blocks(rest),
        line=heading.number,
    )
