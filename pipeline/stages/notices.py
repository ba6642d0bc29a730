"""A notice becomes an email: one mail to one person about one thing, in the look of the newsletter.

One rendering serves everybody who gets such a notice: what differs is the link, and a mark stands
for it. Nothing of a form's text can get in, for nothing of it is handed over (S16). See
``templates/email/notice/``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pipeline.stages import merge
from pipeline.stages.design.colours import Palette, palette
from pipeline.stages.design.notices import NOTICES, NoticeKind, NoticeWords, spoken
from pipeline.stages.email import mjml
from pipeline.stages.email.form import AS_HTML, Form, Values, as_text
from pipeline.stages.email.sendable import refuse_settings
from pipeline.stages.email.values import clinic, setting, shades
from pipeline.stages.templates import Templates
from pipeline.stages.text import wrap
from pipeline.values import Configuration, Newsletter

TEXT = "email/notice/notice.txt"
# Where the one link of each kind leads.
_LINKS: dict[NoticeKind, str] = {
    "confirm": "confirm_url",
    "known": "preferences_url",
    "approve": "approve_url",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedNotice:
    """A notice, ready but for its link: a merge field of :data:`pipeline.stages.merge.NOTICED`."""

    subject: str
    preheader: str
    html: str
    text: str


def render_notice(
    kind: NoticeKind,
    newsletter: Newsletter,
    *,
    language: str,
    configuration: Configuration,
    templates: Templates,
    article: str = "",
) -> RenderedNotice:
    """Make a notice about a newsletter.

    Args:
        kind: What it asks or tells.
        newsletter: What it is about; it gives the design, and the language where the reader's is
            not spoken.
        language: The reader's, or "".
        configuration: All that clinic.toml says.
        templates: Where the templates are found.
        article: The title of what somebody is asked to approve.

    Raises:
        SettingError: The settings hold something that looks like a merge field, or half a
            character, or a brand colour cannot be read.
        TemplateError: A template is broken, or made something that may not go out.
    """
    refuse_settings(configuration, newsletter)
    tag = spoken(language, newsletter.language)
    names = {"newsletter": newsletter.name, "clinic": configuration.clinic.name}
    # A title may hold a merge field, and a notice has no value for one.
    words = _named(NOTICES[tag][kind], {**names, "article": merge.unmarked(article)})
    made = _Made(kind, newsletter, tag, words, configuration)
    return RenderedNotice(
        subject=words.subject,
        preheader=words.preheader,
        html=_html(made, palette(configuration.brand), templates),
        text=_text(made, palette(configuration.brand), templates),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """All that one notice is made from."""

    kind: NoticeKind
    newsletter: Newsletter
    language: str
    words: NoticeWords
    configuration: Configuration

    def shown(self) -> tuple[str, ...]:
        """What it must show, in this order."""
        words = self.words
        return (words.title, words.lead, words.button, *words.notes, words.why)


def _html(made: _Made, colours: Palette, templates: Templates) -> str:
    name = f"email/notice/{made.newsletter.design}.mjml"
    html = mjml.compile_mjml(templates.fill(name, _values(made, colours, AS_HTML)), name)
    mjml.guard(html, words=made.shown(), loads=(), name=name, marks=merge.NOTICED)
    return html


def _text(made: _Made, colours: Palette, templates: Templates) -> str:
    text = templates.fill(TEXT, _values(made, colours, as_text({})))
    mjml.guard_text(text, words=made.shown(), name=TEXT, marks=merge.NOTICED)
    return text


def _named(words: NoticeWords, names: Mapping[str, str]) -> NoticeWords:
    """The words with the names they speak of."""
    told = {
        key: text.format(**names) for key, text in asdict(words).items() if isinstance(text, str)
    }
    return NoticeWords(**told, notes=tuple(note.format(**names) for note in words.notes))


def _values(made: _Made, colours: Palette, form: Form) -> Values:
    words = {key: form.words(text) for key, text in asdict(made.words).items() if key != "notes"}
    return {
        **setting(made.language, form),
        **words,
        "notes": [form.words(note) for note in made.words.notes],
        "title": form.heading(made.words.title),
        "link": merge.mark(_LINKS[made.kind]),
        "design": made.newsletter.design,
        "light": shades(colours.light),
        "dark": shades(colours.dark),
        "newsletter": form.words(made.newsletter.name),
        "clinic": clinic(made.configuration, made.language, form),
        # A notice is part of no series; the mastheads of the designs ask.
        "series": None,
        "wrap": wrap.wrap,
        "underline": wrap.underline,
    }
