"""A planned series becomes emails: HTML through MJML, and a text part written for itself.

Both are filled from the same values, so neither can say what the other does not. See
``templates/email/``: a folder for each design, and ``parts`` for what they share.
"""

from functools import partial

from pipeline.stages import merge
from pipeline.stages.addressing import settings_for_reader
from pipeline.stages.design.colours import Palette, palette
from pipeline.stages.email import mjml
from pipeline.stages.email.contents import Contents
from pipeline.stages.email.form import AS_HTML, as_text
from pipeline.stages.email.sendable import refuse_settings
from pipeline.stages.email.values import minutes, values
from pipeline.stages.splitting.byline import credits_of
from pipeline.stages.templates import Templates
from pipeline.stages.text import inline
from pipeline.values import (
    About,
    Article,
    Configuration,
    Newsletter,
    RenderedIssue,
    SeriesPlan,
)

TEXT = "email/issue.txt"


def source_of(newsletter: Newsletter) -> str:
    """The name of the template that the HTML of a newsletter is filled from."""
    return f"email/{newsletter.design}/issue.mjml"


def render(
    article: Article,
    series: SeriesPlan,
    newsletter: Newsletter,
    *,
    configuration: Configuration,
    templates: Templates,
) -> tuple[RenderedIssue, ...]:
    """Make the emails of a series, ready but for the merge fields.

    Args:
        article: As :func:`pipeline.stages.addressing.for_reader` gives it.
        series: Planned from the same article.
        newsletter: The newsletter it is for.
        configuration: All that clinic.toml says.
        templates: Where the templates are found.

    Raises:
        SettingError: The settings hold something that looks like a merge field, or half a
            character, or a brand colour cannot be read.
        TemplateError: A template is broken, is not valid MJML, or made something that may not go
            out: lost words, leftovers, scripts, a request to anybody on opening.
    """
    # Before anything is filled: afterwards nobody could tell a mark of theirs from a template's.
    refuse_settings(configuration, newsletter)
    newsletter, configuration = settings_for_reader(newsletter, configuration)
    colours = palette(configuration.brand)
    return tuple(
        _rendered(Contents(article, series, planned, newsletter, configuration), colours, templates)
        for planned in series.issues
    )


def _rendered(made: Contents, colours: Palette, templates: Templates) -> RenderedIssue:
    return RenderedIssue(
        part=made.planned.part,
        of=made.planned.of,
        subject=made.planned.subject,
        preheader=made.planned.preheader,
        html=_html(made, colours, templates),
        text=_text(made, colours, templates),
        about=_about(made),
    )


def _about(made: Contents) -> About:
    authors, reviewers = credits_of(made.article.byline)
    # A byline that says more than names stands as it is written.
    if not reviewers and made.article.byline:
        authors = made.people
    return About(
        language=made.article.language,
        minutes=minutes(made),
        authors=authors,
        reviewers=reviewers,
        why=merge.unmarked(made.newsletter.why),
    )


def _html(made: Contents, colours: Palette, templates: Templates) -> str:
    name = source_of(made.newsletter)
    html = mjml.compile_mjml(templates.fill(name, values(made, colours, AS_HTML)), name)
    mjml.guard(html, words=made.shown(), loads=made.pictures(), name=name)
    return html


def _text(made: Contents, colours: Palette, templates: Templates) -> str:
    links = made.links()
    text = templates.fill(TEXT, values(made, colours, as_text(links)))
    words = made.shown(partial(inline.numbered, numbers=links))
    mjml.guard_text(text, words=words, name=TEXT)
    return text
