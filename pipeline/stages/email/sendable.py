"""What no letter may hold, whoever wrote it: calls for a reader's data, halves of characters."""

from collections.abc import Iterator

from pipeline.errors import SettingError, SourceError
from pipeline.stages import merge
from pipeline.stages.text.inline import texts
from pipeline.values import Article, Configuration, Newsletter, plain


def refuse_article(article: Article) -> None:
    """Refuse an article that holds something that cannot be sent as it is.

    Raises:
        SourceError: It holds something that looks like a merge field, or half a character.
    """
    for text in _said(article):
        fault, mend = _fault(text)
        if fault:
            raise SourceError(fault, mend=mend, path=article.slug)


def refuse_settings(configuration: Configuration, newsletter: Newsletter) -> None:
    """Refuse settings that would put such a thing into every letter.

    Raises:
        SettingError: They hold something that looks like a merge field, or half a character.
    """
    for text in _set(configuration, newsletter):
        fault, mend = _fault(text)
        if fault:
            raise SettingError(fault, mend=mend, path="content/clinic.toml")


def _said(article: Article) -> Iterator[str]:
    """Everything the author wrote, links included."""
    yield from (article.title, article.subtitle, article.byline, article.date_line)
    yield from (word for person in article.people for word in (person.name, *person.credentials))
    sections = article.sections
    yield from (word for section in sections for word in (section.number, section.heading))
    yield article.call_to_action_heading
    blocks = [*article.lead, *(b for s in sections for b in s.blocks)]
    blocks += [*article.call_to_action, *article.disclaimer]
    written = [text for block in blocks for text in texts(block)]
    written += [reference.text for reference in article.references]
    yield from (plain(text) for text in written)
    yield from (run.link for text in written for run in text)
    yield from (block.target for block in blocks)


def _set(configuration: Configuration, newsletter: Newsletter) -> Iterator[str]:
    """Everything the settings put into a letter."""
    clinic = configuration.clinic
    yield from (clinic.name, clinic.phone, clinic.website, clinic.note, *clinic.postal_address)
    yield from (clinic.booking_url, clinic.booking_label, newsletter.name, newsletter.why)
    yield from (practitioner.title for practitioner in configuration.practitioners)


def _fault(text: str) -> tuple[str, str]:
    for name in merge.marks(text):
        return (
            f"“{merge.mark(name)}” would be taken for a merge field",
            "Write it otherwise: with one @, or with a space in it.",
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        shown = text.encode("ascii", "replace").decode()[:40]
        return f"half a character (a lone surrogate) stands in “{shown}”", "Type these words again."
    return "", ""
