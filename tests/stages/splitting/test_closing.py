"""References and disclaimer are taken off the end."""

import pytest

from pipeline.stages.splitting.closing import (
    DISCLAIMER,
    REFERENCES,
    names_disclaimer,
    names_references,
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


def test_take_closing_takes_a_numbered_list_with_its_numbers() -> None:
    assert take_closing((BODY, section("References", LIST))) == (
        (BODY,),
        (Reference(number=3, text=text("A.")), Reference(number=4, text=text("B."))),
        (),
    )


def test_take_closing_takes_both_in_either_order() -> None:
    listed = section("SOURCES:", LIST)
    expected = take_closing((BODY, listed, NOTE))
    assert take_closing((BODY, NOTE, listed)) == expected
    assert (len(expected[1]), expected[2]) == (2, NOTE.blocks)


def test_take_closing_reads_numbers_in_brackets() -> None:
    blocks = (paragraph("[2] Two."), paragraph("(5) Five."), paragraph("7. Seven."))
    assert take_closing((BODY, section("참고 문헌", *blocks)))[1] == (
        Reference(number=2, text=text("Two.")),
        Reference(number=5, text=text("Five.")),
        Reference(number=7, text=text("Seven.")),
    )


def test_take_closing_counts_what_has_no_numbers() -> None:
    bullets = Block(kind="bullets", items=(text("[1] One."), text("Two.")))
    assert take_closing((BODY, section("Referencias", bullets)))[1] == (
        Reference(number=1, text=text("[1] One.")),
        Reference(number=2, text=text("Two.")),
    )


def test_take_closing_keeps_the_style_behind_a_number() -> None:
    styled = Block(kind="paragraph", text=(Run("[1] "), Run("Title", italic=True), Run(", 2024")))
    assert take_closing((section("References", styled),))[1] == (
        Reference(number=1, text=(Run("Title", italic=True), Run(", 2024"))),
    )


def test_take_closing_leaves_a_number_that_is_styled_itself() -> None:
    styled = Block(kind="paragraph", text=(Run("[1]", bold=True), Run(" Title")))
    assert take_closing((section("References", styled),))[1] == (
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
    assert take_closing((BODY, last)) == ((BODY, last), (), ())


def test_take_closing_takes_each_only_once() -> None:
    twice = (BODY, section("References", LIST), section("References", LIST))
    assert take_closing(twice)[0] == twice[:2]


def test_take_closing_of_nothing_is_nothing() -> None:
    assert take_closing(()) == ((), (), ())


def test_headings_we_write_are_headings_we_know() -> None:
    assert all(names_references(heading) for heading in REFERENCES.values())
    assert all(names_disclaimer(heading) for heading in DISCLAIMER.values())
    assert not names_references("Disclaimer")
    assert not names_disclaimer("References")
