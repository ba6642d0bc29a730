"""Sections known again, whatever an author does to them."""

import pytest

from pipeline.stages.sections import KnownSection, recognise, section_text
from pipeline.values import Section
from tests.samples import section

TEXTS = {
    "Vessels": "Warmth lets the small vessels under the skin widen, and more blood passes.",
    "Muscle": "A muscle that guards a sore place forgets to let go of it until it is warm.",
    "Nerves": "Warmth is a message too, and it reaches the spinal cord before the ache does.",
}
BEFORE = [section(heading, text) for heading, text in TEXTS.items()]


def known(*out: str) -> list[KnownSection]:
    """The sections of the first reading, of which some have gone out."""
    keys = recognise((), BEFORE)
    return [
        KnownSection(key=key, heading=s.heading, text=section_text(s), out=key in out)
        for key, s in zip(keys, BEFORE, strict=True)
    ]


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        (BEFORE, "vessels muscle nerves"),
        (BEFORE[::-1], "nerves muscle vessels"),
        # Renamed; its text edited; both, where its neighbours say which it is.
        ([BEFORE[0], section("It lets go", TEXTS["Muscle"]), BEFORE[2]], "vessels muscle nerves"),
        ([BEFORE[0], section("Muscle", "All new."), BEFORE[2]], "vessels muscle nerves"),
        ([BEFORE[0], section("Else", "All new."), BEFORE[2]], "vessels muscle nerves"),
        ([section("Then", TEXTS["Nerves"] + " And so on."), *BEFORE[:2]], "nerves vessels muscle"),
        # Texts weigh more than headings: two that change headings are the same two.
        (
            [section("Muscle", TEXTS["Vessels"]), section("Vessels", TEXTS["Muscle"]), BEFORE[2]],
            "vessels muscle nerves",
        ),
        ([section("Hands", "New."), *BEFORE], "hands vessels muscle nerves"),
        ([section("Vessels", "A second one."), *BEFORE], "vessels-2 vessels muscle nerves"),
        (
            [section("", "No heading."), section("?"), *BEFORE[1:]],
            "section section-2 muscle nerves",
        ),
        ([], ""),
    ],
)
def test_a_section_keeps_its_key(now: list[Section], keys: str) -> None:
    assert " ".join(recognise(known(), now)) == keys


def test_the_place_alone_tells_nothing_of_what_is_out() -> None:
    now = [BEFORE[0], section("Else", "All new."), BEFORE[2]]
    assert recognise(known("muscle"), now) == ("vessels", "else", "nerves")


def test_what_no_person_writes_is_known_word_for_word_only() -> None:
    many = [section(f"Heading {n}", f"Text number {n}.") for n in range(600)]
    keys = recognise((), many)
    before = [
        KnownSection(key=key, heading=s.heading, text=section_text(s))
        for key, s in zip(keys, many, strict=True)
    ]
    assert recognise(before, many[::-1]) == keys[::-1]
    assert len(set(recognise(before, [section(f"Other {n}") for n in range(601)]))) == 601
