"""An article as its reader gets it, with marks, and as everybody may read it, with defaults."""

from dataclasses import replace

import pytest

from pipeline.errors import SourceError
from pipeline.stages.addressing import for_everybody, for_reader, settings_for_reader
from pipeline.values import Article, Block, Reference, Run, Section, Text, plain
from tests.samples import article, configuration, paragraph, section

CLINIC = configuration().clinic
GREETING = 'Hi {{ first_name | default("friend") }}'
MARKED = "Hi @@first_name.667269656e64@@"


def said(words: str) -> dict[str, Article]:
    """The sample article with the words in each place that holds sentences."""
    text = (Run(words),)
    blocks = {
        "paragraph": Block(kind="paragraph", text=text),
        "items": Block(kind="bullets", items=(text,)),
        "rows": Block(kind="table", rows=((text,),)),
        "alternative text": Block(kind="image", text=text, target="https://x.example.com/a.png"),
    }
    places = {
        name: replace(article(), sections=(Section(level=1, number="1", heading="H", blocks=(b,)),))
        for name, b in blocks.items()
    }
    return places | {
        "title": replace(article(), title=words),
        "subtitle": replace(article(), subtitle=words),
        "heading": replace(article(), sections=(section(words),)),
        "lead": replace(article(), lead=(paragraph(words),)),
        "call": replace(article(), call_to_action=(paragraph(words),)),
        "call heading": replace(article(), call_to_action_heading=words),
        "disclaimer": replace(article(), disclaimer=(paragraph(words),)),
        "reference": replace(article(), references=(Reference(number=1, text=text),)),
    }


@pytest.mark.parametrize("place", said(""))
def test_a_field_becomes_a_mark_wherever_sentences_stand(place: str) -> None:
    written, wanted = said(GREETING)[place], said(MARKED)[place]
    assert for_reader(written, CLINIC) == wanted
    assert for_everybody(written, CLINIC) == said("Hi friend")[place]


def test_names_and_dates_are_no_sentences() -> None:
    written = replace(article(), byline=GREETING, date_line=GREETING)
    assert for_reader(written, CLINIC) == written


def test_in_code_nothing_is_a_field() -> None:
    code = (
        Block(kind="code", text=(Run("{{ first_name }} {{ frist_name }}"),)),
        Block(kind="paragraph", text=(Run("Write "), Run("{{ first_name }}", code=True))),
    )
    written = replace(article(), lead=code)
    assert for_reader(written, CLINIC) == written
    assert for_everybody(written, CLINIC) == written


def one(*runs: Run) -> Text:
    made = for_reader(replace(article(), lead=(Block(kind="paragraph", text=runs),)), CLINIC)
    return made.lead[0].text


def test_who_bolds_half_a_field_means_the_field() -> None:
    made = one(Run("Hi {{ first"), Run("_name", bold=True), Run(" }}, warm", italic=True))
    assert made == (Run("Hi @@first_name@@"), Run(", warm", italic=True))


def test_a_field_that_is_half_code_is_none() -> None:
    runs = (Run("Hi {{ first_"), Run("name", code=True), Run(" }}"))
    assert one(*runs) == runs


@pytest.mark.parametrize("target", ["{{ preferences_url }}", "%7B%7Bpreferences_url%7D%7D"])
def test_a_link_may_lead_to_an_address_of_the_reader(target: str) -> None:
    assert one(Run("here", link=target)) == (Run("here", link="@@preferences_url@@"),)
    written = replace(article(), lead=(Block(kind="paragraph", text=(Run("here", link=target),)),))
    assert for_everybody(written, CLINIC).lead[0].text == (Run("here"),)


def test_no_other_link_tells_anything_of_a_reader() -> None:
    run = Run("here", link="https://x.example.com/?name={{ first_name }}")
    assert one(run) == (run,)


def test_the_postal_address_is_the_clinics() -> None:
    assert plain(one(Run("{{ postal_address }}"))) == "12 Harbour Street, Fairhaven 00000"


def test_what_looks_like_a_mark_already_is_refused() -> None:
    with pytest.raises(SourceError, match="“@@first_name@@” would be taken for a merge field"):
        for_reader(replace(article(), title="@@first_name.61@@"), CLINIC)


def test_sentences_of_the_settings_are_written_and_names_are_not() -> None:
    given = configuration()
    clinic = replace(given.clinic, note=GREETING, booking_label=GREETING, name=GREETING)
    given = replace(given, clinic=clinic)
    letter = replace(given.newsletters[0], why=GREETING, name=GREETING)
    newsletter, made = settings_for_reader(letter, given)
    assert (newsletter.why, newsletter.name) == (MARKED, GREETING)
    assert (made.clinic.note, made.clinic.booking_label, made.clinic.name) == (
        MARKED,
        MARKED,
        GREETING,
    )


def test_an_article_without_fields_is_the_same_article() -> None:
    assert for_reader(article(), CLINIC) == for_everybody(article(), CLINIC) == article()
