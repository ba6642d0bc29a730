"""An article as its reader gets it, with marks; and as everybody may read it, with defaults.

The author's merge fields are found here, once, before anything is planned: a mark has no space and
no full stop in it, so nothing that cuts sentences can cut it. In code nothing is a merge field, so
an article about templates says what it shows.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from pipeline.stages import merge
from pipeline.stages.email.sendable import refuse_article
from pipeline.values import (
    ArrangedPart,
    Article,
    Block,
    Clinic,
    Configuration,
    Newsletter,
    Reference,
    Run,
    Text,
    plain,
)

_Write = Callable[[str], str]


def for_reader(article: Article, clinic: Clinic) -> Article:
    """The article with its merge fields as marks.

    Raises:
        SourceError: It holds something that looks like a mark already, or half a character.
    """
    # Afterwards nobody could tell an author's mark from one of ours.
    refuse_article(article)
    return _each(article, partial(merge.write, postal_address=_address(clinic)))


def for_everybody(article: Article, clinic: Clinic) -> Article:
    """The article with the defaults of its merge fields: what a post, a card, a page shows."""
    return _each(article, partial(merge.plainly, postal_address=_address(clinic)))


def settings_for_reader(
    newsletter: Newsletter, configuration: Configuration
) -> tuple[Newsletter, Configuration]:
    """The sentences of the settings, with their merge fields as marks; names stay names."""
    write = partial(merge.write, postal_address=_address(configuration.clinic))
    clinic = configuration.clinic
    clinic = replace(clinic, note=write(clinic.note), booking_label=write(clinic.booking_label))
    return replace(newsletter, why=write(newsletter.why)), replace(configuration, clinic=clinic)


def parts_for_reader(parts: Iterable[ArrangedPart], clinic: Clinic) -> tuple[ArrangedPart, ...]:
    """The parts with the merge fields of what a person set as marks; what is out has its own."""
    write = partial(merge.write, postal_address=_address(clinic))
    return tuple(
        part
        if part.out
        else replace(part, subject=write(part.subject), preheader=write(part.preheader))
        for part in parts
    )


def _address(clinic: Clinic) -> str:
    return ", ".join(clinic.postal_address)


def _each(article: Article, write: _Write) -> Article:
    """The article with every sentence written anew; names and dates stay as they are."""

    def blocks(some: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(_block(block, write) for block in some)

    return replace(
        article,
        title=write(article.title),
        subtitle=write(article.subtitle),
        lead=blocks(article.lead),
        sections=tuple(
            replace(section, heading=write(section.heading), blocks=blocks(section.blocks))
            for section in article.sections
        ),
        call_to_action=blocks(article.call_to_action),
        call_to_action_heading=write(article.call_to_action_heading),
        disclaimer=blocks(article.disclaimer),
        references=tuple(_reference(reference, write) for reference in article.references),
    )


def _reference(reference: Reference, write: _Write) -> Reference:
    return replace(reference, text=_text(reference.text, write))


def _block(block: Block, write: _Write) -> Block:
    if block.kind == "code":
        return block
    return replace(
        block,
        text=_text(block.text, write),
        items=tuple(_text(item, write) for item in block.items),
        rows=tuple(tuple(_text(cell, write) for cell in row) for row in block.rows),
    )


def _text(text: Text, write: _Write) -> Text:
    if not any("{" in run.text or "{" in unquote(run.link) for run in text):
        return text
    return tuple(_run(run, write) for run in _whole(text))


def _run(run: Run, write: _Write) -> Run:
    if run.code:
        return run
    # Markdown writes the braces of an address as %7B.
    target = unquote(run.link)
    link = write(target.strip()) if merge.link(target) else run.link
    return replace(run, text=write(run.text), link=link)


def _whole(text: Text) -> Text:
    """The text with each field in the run it begins in: who bolds half a field means the field."""
    owners = [place for place, run in enumerate(text) for _ in run.text]
    for _, (start, end) in merge.fields(plain(text)):
        if not any(text[owner].code for owner in owners[start:end]):
            owners[start:end] = [owners[start]] * (end - start)
    words = [""] * len(text)
    for owner, character in zip(owners, plain(text), strict=True):
        words[owner] += character
    # A run of which nothing is left would be an empty link or an empty pair of tags.
    return tuple(replace(run, text=said) for run, said in zip(text, words, strict=True) if said)
