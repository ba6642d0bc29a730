"""A planned series becomes emails: HTML through MJML, and a text part written for itself.

Both are filled from the same values, so neither can say what the other does not. The author's words
are escaped here, in code; a template cannot forget it. See ``templates/email/``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.stages import merge
from pipeline.stages.addressing import settings_for_reader
from pipeline.stages.design.colours import Palette, palette
from pipeline.stages.design.wording import direction, wording
from pipeline.stages.email import mjml
from pipeline.stages.email.sendable import refuse_settings
from pipeline.stages.splitting.byline import is_review, unlabelled
from pipeline.stages.templates import Templates
from pipeline.stages.text import inline, wrap
from pipeline.values import (
    Article,
    Block,
    Configuration,
    Newsletter,
    Person,
    PlannedIssue,
    Reference,
    RenderedIssue,
    Section,
    SeriesPlan,
    Text,
    plain,
)

HTML = "email/calm/issue.mjml"
TEXT = "email/issue.txt"

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Form:
    """How words are written in one form of an issue."""

    text: Callable[[Text], str]
    words: Callable[[str], str]
    heading: Callable[[str], str]
    code: Callable[[Text], str]


_AS_HTML = _Form(inline.markup, inline.escape, inline.breakable, inline.code)
_AS_TEXT = _Form(inline.words, inline.line, inline.line, inline.words)


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
        _Issue(article, series, planned, newsletter, configuration, colours).rendered(templates)
        for planned in series.issues
    )


@dataclass(frozen=True, slots=True)
class _Issue:
    """All that one email is made from."""

    article: Article
    series: SeriesPlan
    planned: PlannedIssue
    newsletter: Newsletter
    configuration: Configuration
    colours: Palette

    def rendered(self, templates: Templates) -> RenderedIssue:
        html = mjml.compile_mjml(templates.fill(HTML, self.values(_AS_HTML)), HTML)
        text = templates.fill(TEXT, self.values(_AS_TEXT))
        mjml.guard(html, words=self.shown(), loads=self.pictures(), name=HTML)
        mjml.guard_text(text, words=self.shown(), name=TEXT)
        return RenderedIssue(
            part=self.planned.part,
            of=self.planned.of,
            subject=self.planned.subject,
            preheader=self.planned.preheader,
            html=html,
            text=text,
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self.article.sections[index] for index in self.planned.sections)

    @property
    def closes(self) -> bool:
        """Whether it is the last issue: the one that ends with the author's call to action."""
        return self.planned.part == self.planned.of

    @property
    def title(self) -> tuple[str, str]:
        """Number and heading at the top: the article's title first, then a section's."""
        if not self.planned.opens and self.sections:
            return self.sections[0].number, self.sections[0].heading
        return "", self.article.title

    def shown(self) -> Iterator[str]:
        """Every text of the author that the issue must show, in its order."""
        yield from self.title
        yield from (self.article.subtitle,) if self.planned.opens else ()
        for person in self._people:
            yield from (person.name, *person.credentials)
        if self.planned.opens:
            yield self.article.date_line
            yield from _words(self.article.lead)
        for index, section in enumerate(self.sections):
            if self.planned.opens or index:
                yield from (section.number, section.heading)
            yield from _words(section.blocks)
        if self.closes:
            yield self.article.call_to_action_heading
            yield from _words(self.article.call_to_action)
        yield from _words(self.article.disclaimer)
        yield from (plain(reference.text) for reference in self.planned.references)

    def pictures(self) -> frozenset[str]:
        """The addresses of the author's pictures in this issue."""
        blocks = [*self.article.lead, *self.article.disclaimer]
        blocks += [block for section in self.sections for block in section.blocks]
        blocks += self.article.call_to_action if self.closes else ()
        return frozenset(_picture(block) for block in blocks if block.kind == "image")

    def values(self, form: _Form) -> Values:
        """What the templates are filled with; named at the top of ``issue.mjml``."""
        number, title = self.title
        language = self.article.language
        return {
            "lang": form.words(language),
            "dir": direction(language),
            # Outlook reads `align`, which knows no "start".
            "start": "right" if direction(language) == "rtl" else "left",
            "upright": language.partition("-")[0] in ("ko", "ja", "zh"),
            "light": self.colours.light,
            "dark": self.colours.dark,
            "words": wording(language),
            "subject": form.words(self.planned.subject),
            "preheader": form.words(self.planned.preheader),
            "newsletter": form.words(self.newsletter.name),
            "series": self._series(form),
            "number": form.words(number),
            "title": form.heading(title),
            "opening": self._opening(form) if self.planned.opens else None,
            "byline": self._byline(form),
            "sections": list(self._sections(form)),
            "disclaimer": [_block(block, form) for block in self.article.disclaimer],
            "references": [_reference(reference, form) for reference in self.planned.references],
            "why": form.words(self.newsletter.why),
            "unsubscribe": merge.mark("unsubscribe_url"),
            "clinic": self._clinic(form),
            **merge.for_templates(),
            "postal_address": form.words(", ".join(self.configuration.clinic.postal_address)),
            "wrap": wrap.wrap,
            "underline": wrap.underline,
            "table": wrap.table,
        }

    def _series(self, form: _Form) -> Values | None:
        if self.planned.of == 1:
            return None
        return {
            "part": self.planned.part,
            "of": self.planned.of,
            "label": self._part(self.planned.part, form),
            "title": "" if self.planned.opens else form.words(self.article.title),
            "previous": self._neighbour(-1, form),
            "next": self._neighbour(1, form),
        }

    def _neighbour(self, step: int, form: _Form) -> Values | None:
        place = self.planned.part - 1 + step
        if not 0 <= place < len(self.series.issues):
            return None
        neighbour = self.series.issues[place]
        return {
            "label": self._part(neighbour.part, form),
            "heading": form.heading(neighbour.subject),
        }

    def _part(self, part: int, form: _Form) -> str:
        return form.words(
            wording(self.article.language)["part"].format(part=part, of=self.planned.of)
        )

    def _opening(self, form: _Form) -> Values:
        return {
            "subtitle": form.words(self.article.subtitle),
            "date": form.words(self.article.date_line),
            "lead": [_block(block, form) for block in self.article.lead],
        }

    @property
    def _people(self) -> tuple[Person, ...]:
        """The people of the byline if they are all it says, else the byline as one name."""
        people, byline = self.article.people, self.article.byline
        told = "".join(f"{person.name}{''.join(person.credentials)}" for person in people)
        # A byline may say more than names ("with", "photos by"): then it stands as written.
        whole = people and _letters(told) == _letters(unlabelled(byline))
        return people if whole else (Person(name=byline),)

    def _byline(self, form: _Form) -> Values | None:
        if not self.article.byline:
            return None
        told = self.article.byline
        # "By Reviewed by" would be nonsense, and a reviewer is no author.
        if not is_review(told):
            told = wording(self.article.language)["by"].format(byline=unlabelled(told))
        people = [self._person(person, form) for person in self._people]
        return {"told": form.words(told), "people": people}

    def _person(self, person: Person, form: _Form) -> Values:
        known = {p.name.casefold(): p for p in self.configuration.practitioners}
        practitioner = known.get(person.name.casefold())
        return {
            "name": form.words(person.name),
            "credentials": form.words(", ".join(person.credentials)),
            "title": form.words(practitioner.title) if practitioner else "",
            "initials": form.words(_initials(person.name)),
        }

    def _sections(self, form: _Form) -> Iterator[Values]:
        top = min((section.level for section in self.article.sections), default=1)
        for index, section in enumerate(self.sections):
            titled = self.planned.opens or index > 0
            yield {
                "depth": section.level - top,
                "number": form.words(section.number) if titled else "",
                "heading": form.heading(section.heading) if titled else "",
                "blocks": [_block(block, form) for block in section.blocks],
            }
        if self.closes and self.article.call_to_action:
            yield {
                "depth": 0,
                "number": "",
                "heading": form.heading(self.article.call_to_action_heading),
                "blocks": [_block(block, form) for block in self.article.call_to_action],
            }

    def _clinic(self, form: _Form) -> Values:
        clinic, told = self.configuration.clinic, wording(self.article.language)
        return {
            "name": form.words(clinic.name),
            "initial": form.words(_initials(clinic.name)[:1]),
            "address": [form.words(line) for line in clinic.postal_address],
            "phone": form.words(clinic.phone),
            # RFC 3966 wants digits; people write spaces, dashes and words.
            "tel": "".join(c for c in clinic.phone if c.isdigit() or c == "+"),
            "call": form.words(told["call"].format(phone=clinic.phone)),
            "website": form.words(inline.href(clinic.website)),
            "booking": form.words(inline.href(clinic.booking_url)),
            "booking_label": form.words(clinic.booking_label or told["book"]),
            "note": form.words(clinic.note),
            "note_title": form.words(told["note"].format(name=clinic.name)),
        }


def _block(block: Block, form: _Form) -> Values:
    alone = block.kind in ("paragraph", "quotation")
    return {
        "kind": block.kind,
        "text": _block_text(block, form),
        "links": inline.links(block.text) if alone else (),
        "entries": [{"text": form.text(item), "links": inline.links(item)} for item in block.items],
        "rows": [[form.text(cell) for cell in row] for row in block.rows],
        "row_links": [link for row in block.rows for cell in row for link in inline.links(cell)],
        "start": block.start,
        "target": form.words(_picture(block)),
    }


def _block_text(block: Block, form: _Form) -> str:
    if block.kind == "code":
        return form.code(block.text)
    # An alternative text stands in an attribute, where no style can.
    return form.words(plain(block.text)) if block.kind == "image" else form.text(block.text)


def _picture(block: Block) -> str:
    """The address of a picture; "" if it is none that a mail program should be given."""
    scheme, colon, _ = block.target.partition(":")
    # "a/b:c.png" is a path with a colon in it.
    strange = colon and scheme.lower() not in ("http", "https") and "/" not in scheme
    return "" if strange else block.target.strip()


def _reference(reference: Reference, form: _Form) -> Values:
    return {
        "number": reference.number,
        "text": form.text(reference.text),
        "links": inline.links(reference.text),
    }


def _words(blocks: Iterable[Block]) -> Iterator[str]:
    return (plain(text) for block in blocks for text in inline.texts(block))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _initials(name: str) -> str:
    """The first letters of the first and the last name; one is enough where names are syllables."""
    names = [part for part in name.split() if part[0].isalnum()]
    if not names or not names[0].isascii():
        return names[0][0] if names else ""
    return "".join(part[0] for part in dict.fromkeys((names[0], names[-1]))).upper()
