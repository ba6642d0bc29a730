"""The way in: what becomes of an article, as one short function.

read → split → plan → render → compose → draw → check. It takes values and returns values; it writes
nothing, sends nothing and asks no clock. The rooms above it store what it returns (``campaigns``),
send it (``outbox``, ``channels``) and say when (``engine``).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.addressing import for_everybody, for_reader
from pipeline.stages.answers import LinkAnswer
from pipeline.stages.check import ARTICLE_RULES, check, check_article
from pipeline.stages.compose import compose
from pipeline.stages.draw import draw
from pipeline.stages.newsletters import newsletter_of
from pipeline.stages.plan import plan
from pipeline.stages.read import read
from pipeline.stages.render import render
from pipeline.stages.split import split
from pipeline.stages.templates import Templates
from pipeline.values import Configuration, Edition


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
    with _errors_naming(path):
        source = read(path, content)
        article = split(source, language=configuration.clinic.language)
        newsletter = newsletter_of(configuration, article.newsletter)
        letter = for_reader(article, configuration.clinic)
        public = for_everybody(article, configuration.clinic)
        form = "one" if letter.welcome else letter.series or newsletter.series
        series = plan(letter, form)
        issues = render(
            letter, series, newsletter, configuration=configuration, templates=templates
        )
        posts = compose(public, configuration=configuration, templates=templates)
        cards = draw(public, configuration=configuration, templates=templates)
        checked = check(issues, posts, configuration=configuration, cards=cards, article=article)
        findings = (*check_article(source), *checked)
    return Edition(
        article=article,
        newsletter=newsletter,
        plan=series,
        issues=issues,
        posts=posts,
        cards=cards,
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
