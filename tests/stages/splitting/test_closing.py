"""Call to action, references and disclaimer are taken off the end."""

from dataclasses import replace

import pytest

from pipeline.stages.splitting.closing import (
    DISCLAIMER,
    REFERENCES,
    Closing,
    disclaimer_word,
    names_disclaimer,
    names_references,
    references_word,
    take_closing,
)
from pipeline.values import Block, Reference, Run, Section, Text


def text(words: str) -> Text:
    """Plain words."""
    return (Run(words),)


def section(heading: str, *blocks: Block, level: int = 1, number: str = "") -> Section:
    """A section."""
    return Section(level=level, number=number, heading=heading, blocks=blocks)


def paragraph(words: str) -> Block:
    """A paragraph."""
    return Block(kind="paragraph", text=text(words))


BODY = section("Sleep", paragraph("Text."))
LIST = Block(kind="numbered", items=(text("A."), text("B.")), start=3)
NOTE = section("Disclaimer", paragraph("Ask first."))
CALL = paragraph("Ready to move again? Book a visit.")
LEAD = (paragraph("A lead."),)


def closing(*sections: Section) -> Closing:
    """What is taken off these sections."""
    return take_closing(LEAD, sections)


def test_take_closing_takes_a_numbered_list_with_its_numbers() -> None:
    assert closing(BODY, section("References", LIST)) == Closing(
        lead=LEAD,
        sections=(BODY,),
        references=(Reference(number=3, text=text("A.")), Reference(number=4, text=text("B."))),
        references_heading="References",
    )


def test_take_closing_takes_both_in_either_order() -> None:
    listed = section("SOURCES:", LIST)
    expected = closing(BODY, listed, NOTE)
    assert closing(BODY, NOTE, listed) == expected
    assert (len(expected.references), expected.disclaimer) == (2, NOTE.blocks)
    assert (expected.references_heading, expected.disclaimer_heading) == ("SOURCES:", "Disclaimer")


def test_take_closing_reads_numbers_in_brackets() -> None:
    blocks = (paragraph("[2] Two."), paragraph("(5) Five."), paragraph("7. Seven."))
    assert closing(BODY, section("참고 문헌", *blocks)).references == (
        Reference(number=2, text=text("Two.")),
        Reference(number=5, text=text("Five.")),
        Reference(number=7, text=text("Seven.")),
    )


def test_take_closing_counts_what_has_no_numbers() -> None:
    bullets = Block(kind="bullets", items=(text("[1] One."), text("Two.")))
    assert closing(BODY, section("Referencias", bullets)).references == (
        Reference(number=1, text=text("[1] One.")),
        Reference(number=2, text=text("Two.")),
    )


def test_take_closing_keeps_the_style_behind_a_number() -> None:
    styled = Block(kind="paragraph", text=(Run("[1] "), Run("Title", italic=True), Run(", 2024")))
    assert closing(section("References", styled)).references == (
        Reference(number=1, text=(Run("Title", italic=True), Run(", 2024"))),
    )


def test_take_closing_leaves_a_number_that_is_styled_itself() -> None:
    styled = Block(kind="paragraph", text=(Run("[1]", bold=True), Run(" Title")))
    assert closing(section("References", styled)).references == (
        Reference(number=1, text=styled.text),
    )


@pytest.mark.parametrize(
    "last",
    [
        section("References"),
        section("Disclaimer"),
        section("References", LIST, number="5"),
        section("References", LIST, level=2),
        section("References", paragraph("See:"), LIST),
        section("References", Block(kind="image", text=text("a"))),
        section("References and thanks", LIST),
    ],
)
def test_take_closing_leaves_what_is_more_than_that(last: Section) -> None:
    assert closing(BODY, last) == Closing(lead=LEAD, sections=(BODY, last))


def test_take_closing_takes_each_only_once() -> None:
    twice = (BODY, section("References", LIST), section("References", LIST))
    assert closing(*twice).sections == twice[:2]


def test_take_closing_of_nothing_is_nothing() -> None:
    assert take_closing((), ()) == Closing()


def test_headings_we_write_are_headings_we_know() -> None:
    assert all(names_references(heading) for heading in REFERENCES.values())
    assert all(names_disclaimer(heading) for heading in DISCLAIMER.values())
    assert not names_references("Disclaimer")
    assert not names_disclaimer("References")


def test_words_for_headings_are_english_where_we_know_no_others() -> None:
    assert (references_word("es-MX"), references_word("de")) == ("Referencias", "References")
    assert (disclaimer_word("ko"), disclaimer_word("")) == ("면책 조항", "Disclaimer")


# --- The call to action ---------------------------------------------------------------------------


def test_take_closing_takes_the_paragraphs_that_ask() -> None:
    more = paragraph("Call us at 555-0100.")
    made = closing(BODY, section("Walk", *BODY.blocks, CALL, more))
    assert made.call_to_action == (CALL, more)
    assert made.sections == (BODY, section("Walk", *BODY.blocks))


def test_take_closing_takes_a_section_that_asks() -> None:
    blocks = (paragraph("Our door is open."), Block(kind="bullets", items=(text("555-0100"),)))
    made = closing(BODY, section("Book your visit", *blocks), section("Sources", LIST))
    assert (made.sections, made.call_to_action) == ((BODY,), blocks)
    assert made.call_to_action_heading == "Book your visit"
    assert len(made.references) == 2


def test_take_closing_takes_a_call_from_behind_the_references_and_from_before() -> None:
    sources = section("References", LIST, CALL)
    made = closing(section("Walk", *BODY.blocks, CALL), sources)
    assert (made.sections, len(made.references)) == ((section("Walk", *BODY.blocks),), 2)
    assert made.call_to_action == (CALL, CALL)


def test_take_closing_looks_again_at_a_section_that_gets_a_call() -> None:
    made = closing(BODY, section("References"), section("Disclaimer", BODY.blocks[0], CALL))
    assert made.references == (Reference(number=1, text=CALL.text),)
    assert (made.sections, made.disclaimer, made.call_to_action) == ((BODY,), BODY.blocks, ())


def test_take_closing_takes_a_call_from_the_lead_where_there_are_no_sections() -> None:
    made = take_closing((*LEAD, CALL), ())
    assert (made.lead, made.call_to_action) == (LEAD, (CALL,))


@pytest.mark.parametrize(
    "last",
    [
        section("Walk", CALL),
        section("Walk", *BODY.blocks, CALL, paragraph("Then rest.")),
        section("Book your visit"),
        section("Book your visit", paragraph("So many words. " * 70)),
        section("Book your visit", BODY.blocks[0], number="4"),
        section("Book your visit", BODY.blocks[0], level=2),
    ],
)
def test_take_closing_leaves_what_is_no_call(last: Section) -> None:
    assert closing(BODY, last) == Closing(lead=LEAD, sections=(BODY, last))


def test_take_closing_twice_takes_no_more() -> None:
    first = closing(section("Walk", CALL, CALL), section("References", LIST, CALL))
    (kept,) = first.sections
    again = closing(replace(kept, blocks=kept.blocks + first.call_to_action))
    assert (again.sections, again.call_to_action) == (first.sections, first.call_to_action)
