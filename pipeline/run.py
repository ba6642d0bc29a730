"""The way in: what becomes of an article, as one short function.

read → split → plan → render → compose → draw → check. It takes values and returns values; it writes
nothing, sends nothing and asks no clock. The rooms above it store what it returns (``campaigns``),
send it (``outbox``, ``channels``) and say when (``engine``).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from pipeline.errors import SourceError
from pipeline.stages.addressing import for_everybody, for_reader, parts_for_reader
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.check import ARTICLE_RULES, check, check_article
from pipeline.stages.compose import compose
from pipeline.stages.digest import Told, digest
from pipeline.stages.draw import draw
from pipeline.stages.newsletters import newsletter_of
from pipeline.stages.plan import plan
from pipeline.stages.read import read
from pipeline.stages.render import render
from pipeline.stages.split import split
from pipeline.stages.templates import Templates
from pipeline.stages.translation import (
    plan_translation,
    refuse_language,
    settings_in_translation,
)
from pipeline.values import (
    ArrangedPart,
    Article,
    Configuration,
    Edition,
    Newsletter,
    SeriesForm,
    Source,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """An article that was read and split, and the newsletter it is for."""

    path: PurePath
    source: Source
    article: Article
    newsletter: Newsletter


def run(
    path: PurePath, content: bytes, configuration: Configuration, templates: Templates
) -> Edition:
    """Turn one article file into its issues, posts, cards and findings.

    Args:
        path: The file's name; its suffix says the format. It is not opened.
        content: The bytes of the file.
        configuration: What clinic.toml says.
        templates: Where the templates are found.

    Raises:
        SourceError: The file cannot be read as an article, or is for an unknown newsletter.
        TemplateError: A template is broken.
    """
    return complete(begin(path, content, configuration), configuration, templates)


def begin(
    path: PurePath, content: bytes, configuration: Configuration, *, newsletter: str = ""
) -> Outline:
    """The first half: read and split, so that it is known what there is to plan.

    Args:
        path: The file's name.
        content: The bytes of the file.
        configuration: What clinic.toml says.
        newsletter: The key of the newsletter of an article that names none.

    Raises:
        SourceError: The file cannot be read as an article, or is for an unknown newsletter.
    """
    with _errors_naming(path):
        source = read(path, content)
        article = split(source, language=configuration.clinic.language)
        found = newsletter_of(configuration, article.newsletter or newsletter)
    return Outline(path=path, source=source, article=article, newsletter=found)


def complete(
    outline: Outline,
    configuration: Configuration,
    templates: Templates,
    *,
    form: SeriesForm | Literal[""] = "",
    parts: Sequence[ArrangedPart] = (),
) -> Edition:
    """The second half: plan, render, compose, draw, check.

    Args:
        outline: What :func:`begin` returned.
        configuration: The configuration it was begun with.
        templates: Where the templates are found.
        form: What a person chose for the article to become; "" leaves it to the article.
        parts: The parts as they stand, if the article was planned before.

    Raises:
        SourceError: A heading fits on no card, or into no post.
        TemplateError: A template is broken.
    """
    article, newsletter = outline.article, outline.newsletter
    with _errors_naming(outline.path):
        letter = for_reader(article, configuration.clinic)
        public = for_everybody(article, configuration.clinic)
        wanted = form or letter.series or newsletter.series
        series = plan(
            letter,
            "one" if letter.welcome else wanted,
            parts=parts_for_reader(parts, configuration.clinic),
        )
        issues = render(
            letter, series, newsletter, configuration=configuration, templates=templates
        )
        posts = compose(public, configuration=configuration, templates=templates)
        cards = draw(public, configuration=configuration, templates=templates)
        checked = check(issues, posts, configuration=configuration, cards=cards, article=article)
    return Edition(
        article=article,
        newsletter=newsletter,
        plan=series,
        issues=issues,
        posts=posts,
        cards=cards,
        findings=(*check_article(outline.source), *checked),
        accounts=configuration.accounts,
    )


def translate(
    path: PurePath,
    content: bytes,
    configuration: Configuration,
    templates: Templates,
    *,
    original: Outline,
    form: SeriesForm,
    parts: Sequence[ArrangedPart],
) -> Edition:
    """Turn the translation of an article into the same issues in its language.

    It has no posts and no cards: accounts speak one language.

    Args:
        path: The file's name. It is not opened.
        content: The bytes of the file.
        configuration: What clinic.toml says.
        templates: Where the templates are found.
        original: What it is a translation of.
        form: What the original becomes.
        parts: The parts of the original, in the same places.

    Raises:
        SourceError: The file cannot be read as an article, or its language is none of those that
            the newsletter lists.
        TemplateError: A template is broken.
    """
    with _errors_naming(path):
        source = read(path, content)
        article = split(source, language=configuration.clinic.language)
        newsletter = original.newsletter
        refuse_language(article, newsletter)
        spoken, configured = settings_in_translation(newsletter, configuration)
        letter = for_reader(article, configuration.clinic)
        series, differing = plan_translation(letter, original.article, form=form, parts=parts)
        issues = render(
            # The pages it leads to stand under the original's name.
            replace(letter, slug=original.article.slug),
            series,
            spoken,
            configuration=configured,
            templates=templates,
        )
        # What a newsletter asks of an article, it asks of its translation.
        asked = replace(article, newsletter=newsletter.key)
        checked = check(issues, (), configuration=configured, article=asked)
    return Edition(
        article=article,
        newsletter=newsletter,
        plan=series,
        issues=issues,
        posts=(),
        cards=(),
        findings=(*differing, *check_article(source), *checked),
    )


def gather(
    letters: Iterable[Told],
    newsletter: Newsletter,
    month: dt.date,
    *,
    configuration: Configuration,
    templates: Templates,
    slug: str,
    language: str,
) -> Edition:
    """Turn the letters of a month into its digest: one issue, without posts and cards.

    Args:
        letters: What they say of themselves.
        newsletter: Whose they are.
        month: A day of the month.
        configuration: What clinic.toml says.
        templates: Where the templates are found.
        slug: What the digest is called.
        language: The language of the letters.

    Raises:
        TemplateError: A template is broken.
    """
    spoken = newsletter
    if language != newsletter.language:
        spoken, configuration = settings_in_translation(newsletter, configuration)
    article = digest(letters, newsletter, month=month, slug=slug, language=language)
    series = plan(article, "one")
    issues = render(article, series, spoken, configuration=configuration, templates=templates)
    # No one person wrote it: nothing that is asked of an article is asked of it.
    clinic = replace(configuration.clinic, language=language)
    findings = check(issues, (), configuration=replace(configuration, clinic=clinic))
    return Edition(
        article=article,
        newsletter=newsletter,
        plan=series,
        issues=issues,
        posts=(),
        cards=(),
        findings=findings,
    )


def answered(
    edition: Edition, configuration: Configuration, answers: Mapping[str, LinkAnswer]
) -> Edition:
    """The same edition, checked again now that its links have answered.

    Args:
        edition: What :func:`run` returned.
        configuration: The configuration it was made with.
        answers: What the links answered, by address.
    """
    of_article = {rule.code for rule in ARTICLE_RULES}
    asked = tuple(finding for finding in edition.findings if finding.code in of_article)
    found = check(
        edition.issues,
        edition.posts,
        configuration=configuration,
        cards=edition.cards,
        article=edition.article,
        answers=answers,
    )
    return replace(edition, findings=(*asked, *found))


@contextmanager
def _errors_naming(path: PurePath) -> Iterator[None]:
    """The stages know an article by its slug; who wrote it, by its file."""
    try:
        yield
    except SourceError as error:
        raise SourceError(error.message, mend=error.mend, path=path, line=error.line) from error
