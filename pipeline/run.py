"""The way in: what becomes of an article, as one short function.

read → split → plan → render → compose → draw → check. It takes values and returns values; it writes
nothing, sends nothing and asks no clock. The rooms above it store what it returns (``campaigns``),
send it (``outbox``, ``channels``) and say when (``engine``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.check import check, check_article
from pipeline.stages.compose import compose
from pipeline.stages.draw import draw
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
        newsletter = configuration.newsletter(article.newsletter)
        series = plan(article)
        issues = render(
            article, series, newsletter, configuration=configuration, templates=templates
        )
        posts = compose(article, configuration=configuration, templates=templates)
        cards = draw(article, configuration=configuration, templates=templates)
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


@contextmanager
def _errors_naming(path: PurePath) -> Iterator[None]:
    """The stages know an article by its slug; who wrote it, by its file."""
    try:
        yield
    except SourceError as error:
        raise SourceError(error.message, mend=error.mend, path=path, line=error.line) from error
