"""What the templates of an email are filled with; ``email/parts/issue.mjml`` names it all."""

from collections.abc import Iterator
from dataclasses import fields

from pipeline.stages import archive, merge
from pipeline.stages.design.colours import Palette, Scheme
from pipeline.stages.design.wording import direction, wording
from pipeline.stages.email.contents import Contents
from pipeline.stages.email.form import Form, Values, blocks, groups, reference
from pipeline.stages.plan import words_of
from pipeline.stages.splitting.byline import unlabelled
from pipeline.stages.text import inline, wrap
from pipeline.values import Configuration, Person

# Words a minute: most adults read 238 of non-fiction (Brysbaert 2019); nobody should feel slow.
_PACE = 200
_COLOURS = tuple(field.name for field in fields(Scheme))


def values(made: Contents, colours: Palette, form: Form) -> Values:
    """All values of one email in one form."""
    number, title = made.title
    language = made.article.language
    told = wording(language)
    return {
        **setting(language, form),
        "design": made.newsletter.design,
        "light": shades(colours.light),
        "dark": shades(colours.dark),
        "words": told,
        "subject": form.words(made.planned.subject),
        "preheader": form.words(made.planned.preheader),
        "newsletter": form.words(made.newsletter.name),
        "series": _series(made, form),
        "number": form.words(number),
        "title": form.heading(title),
        "opening": _opening(made, form) if made.planned.opens else None,
        "byline": _byline(made, form),
        "minutes": told["minutes"].format(minutes=minutes(made)),
        "sections": list(_sections(made, form)),
        "disclaimer": blocks(made.article.disclaimer, form),
        "references": [reference(each, form) for each in made.planned.references],
        "links": made.links(),
        "why": form.words(made.newsletter.why),
        "unsubscribe": merge.mark("unsubscribe_url"),
        "preferences": merge.mark("preferences_url"),
        "view": merge.mark("view_url") if _archived(made) else "",
        "clinic": clinic(made.configuration, language, form),
        **merge.for_templates(),
        "postal_address": form.words(", ".join(made.configuration.clinic.postal_address)),
        "wrap": wrap.wrap,
        "underline": wrap.underline,
        "table": wrap.table,
    }


def shades(scheme: Scheme) -> Values:
    """The colours of a scheme by name, as templates read them fastest."""
    return {name: getattr(scheme, name) for name in _COLOURS}


def setting(language: str, form: Form) -> Values:
    """The language of a letter, and how it is set."""
    script = language.partition("-")[0]
    return {
        "lang": form.words(language),
        "dir": direction(language),
        # Outlook reads `align`, which knows no "start".
        "start": "right" if direction(language) == "rtl" else "left",
        "end": "left" if direction(language) == "rtl" else "right",
        "upright": script in ("ko", "ja", "zh"),
        "slanted": script not in ("ko", "ja", "zh", "ar", "fa", "he", "ur", "yi"),
    }


def minutes(made: Contents) -> int:
    """How long an issue takes to read."""
    return max(1, round(words_of(made.blocks()) / _PACE))


def _series(made: Contents, form: Form) -> Values | None:
    if made.planned.of == 1:
        return None
    return {
        "part": made.planned.part,
        "of": made.planned.of,
        "label": _part(made, made.planned.part, form),
        "title": form.words(made.article.title),
        "previous": _neighbour(made, -1, form),
        "next": _neighbour(made, 1, form),
        "parts": [_neighbour(made, part - made.planned.part, form) for part in made.series.parts],
    }


def _neighbour(made: Contents, step: int, form: Form) -> Values | None:
    part = made.planned.part + step
    planned = made.series.parts.get(part)
    if planned is None:
        return None
    return {
        "part": part,
        "label": _part(made, part, form),
        "heading": form.heading(planned.subject),
        # In a link no heading may break at its colon: the pieces would lose their underline.
        "told": form.words(planned.subject),
        "link": _page(made, part) if step < 0 and _archived(made) else "",
        "here": step == 0,
    }


def _page(made: Contents, part: int) -> str:
    """The page of a part; of a translation in its language, or where there is none in the own."""
    newsletter, language = made.newsletter, made.article.language
    translated = language != newsletter.language and language in newsletter.languages
    tongue = language if translated else ""
    return archive.link(newsletter.key, made.article.slug, part, language=tongue)


def _archived(made: Contents) -> bool:
    """Whether the pages of its issues may be linked to."""
    return made.newsletter.archive != "off"


def _part(made: Contents, part: int, form: Form) -> str:
    told = wording(made.article.language)["part"]
    return form.words(told.format(part=part, of=made.planned.of))


def _opening(made: Contents, form: Form) -> Values:
    lead = blocks(made.article.lead, form)
    return {
        "subtitle": form.words(made.article.subtitle),
        "date": form.words(made.article.date_line),
        "lead": lead,
        "groups": list(groups(lead)),
    }


def _byline(made: Contents, form: Form) -> Values | None:
    told = made.article.byline
    if not told:
        return None
    # "By Reviewed by" would be nonsense.
    if not made.reviewed:
        told = wording(made.article.language)["by"].format(byline=unlabelled(told))
    people = [_person(made, person, form) for person in made.people]
    return {"told": form.words(told), "people": people}


def _person(made: Contents, person: Person, form: Form) -> Values:
    practitioner = made.practitioner(person)
    return {
        "name": form.words(person.name),
        "credentials": form.words(", ".join(person.credentials)),
        "title": form.words(practitioner.title) if practitioner else "",
        "photo": form.words(practitioner.photo) if practitioner else "",
        "initials": form.words(_initials(person.name)),
    }


def _sections(made: Contents, form: Form) -> Iterator[Values]:
    top = min((section.level for section in made.article.sections), default=1)
    below = False
    for index, section in enumerate(made.sections):
        titled, depth = made.planned.opens or index > 0, section.level - top
        below = below or (titled and depth == 0)
        yield _section(
            blocks(section.blocks, form),
            depth=depth,
            # No level is skipped: under the title, which may be a section's own, comes the second.
            tag="h3" if depth and below else "h2",
            number=form.words(section.number) if titled else "",
            heading=form.heading(section.heading) if titled else "",
        )
    call, heading = made.article.call_to_action, made.article.call_to_action_heading
    if made.closes and (call or heading):
        heading = form.heading(heading)
        yield _section(blocks(call, form), depth=0, tag="h2", number="", heading=heading)


def _section(made: list[Values], *, depth: int, tag: str, number: str, heading: str) -> Values:
    return {
        "depth": depth,
        "tag": tag,
        "number": number,
        "heading": heading,
        "blocks": made,
        "groups": list(groups(made)),
    }


def clinic(configuration: Configuration, language: str, form: Form) -> Values:
    """What a letter says of who sends it."""
    clinic, told = configuration.clinic, wording(language)
    # Behind Arabic words a number would be read from the right: 0142-555.
    mark = "\u200e" if direction(language) == "rtl" else ""
    return {
        "name": form.words(clinic.name),
        "initial": form.words(_initials(clinic.name)[:1]),
        "address": [form.words(line) for line in clinic.postal_address],
        "phone": form.words(clinic.phone),
        # RFC 3966 wants digits; people write spaces, dashes and words.
        "tel": "".join(c for c in clinic.phone if c.isdigit() or c == "+"),
        "call": form.words(told["call"].format(phone=mark + clinic.phone)),
        "website": form.words(inline.href(clinic.website)),
        "booking": form.words(inline.href(clinic.booking_url)),
        "booking_label": form.words(clinic.booking_label or told["book"]),
        "note": form.words(clinic.note),
        "note_title": form.words(told["note"].format(name=clinic.name)),
    }


def _initials(name: str) -> str:
    """The first letters of the first and the last name; one is enough where names are syllables."""
    names = [part for part in name.split() if part[0].isalnum()]
    if not names or not names[0].isascii():
        return names[0][0] if names else ""
    return "".join(part[0] for part in dict.fromkeys((names[0], names[-1]))).upper()
