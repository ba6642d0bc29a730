"""The way in: what becomes of an article, as one short function.

read → split → plan → render → compose → draw → check. It takes values and returns values; it writes
nothing, sends nothing and asks no clock. The rooms above it store what it returns (``campaigns``),
send it (``outbox``, ``channels``) and say when (``engine``).
"""

from pathlib import PurePath

from pipeline.errors import SourceError
from pipeline.stages.check import check
from pipeline.stages.compose import compose
from pipeline.stages.draw import draw
from pipeline.stages.plan import plan
from pipeline.stages.read import read
from pipeline.stages.render import render
from pipeline.stages.split import split
from pipeline.stages.templates import Templates
from pipeline.values import Configuration, Edition, Newsletter


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
    try:
        return _edition(path, content, configuration, templates)
    except SourceError as error:
        # The stages know an article by its slug; who wrote it, by its file.
        raise SourceError(error.message, mend=error.mend, path=path, line=error.line) from error


def _edition(
    path: PurePath, content: bytes, configuration: Configuration, templates: Templates
) -> Edition:
    source = read(path, content)
    article = split(source, language=configuration.clinic.language)
    newsletter = _newsletter(article.newsletter, configuration, path)
    series = plan(article)
    issues = render(article, series, newsletter, configuration=configuration, templates=templates)
    posts = compose(article, configuration=configuration, templates=templates)
    cards = draw(article, configuration=configuration, templates=templates)
    findings = check(issues, posts, configuration=configuration)
    return Edition(
        article=article,
        newsletter=newsletter,
        plan=series,
        issues=issues,
        posts=posts,
        cards=cards,
        findings=findings,
    )


def _newsletter(key: str, configuration: Configuration, path: PurePath) -> Newsletter:
    try:
        return configuration.newsletter(key)
    except KeyError:
        known = ", ".join(newsletter.key for newsletter in configuration.newsletters)
        raise SourceError(
            f"the front matter names a newsletter that is not there: {key}",
            mend=f"Write one of these, or put it into clinic.toml: {known}.",
            path=path,
        ) from None
