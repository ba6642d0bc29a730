"""What the author has named a source for (C6)."""

import pytest

from pipeline.stages.check.claims.evidence import Evidence, evidence
from pipeline.values import Article, Block, Reference, Run, Section

SOURCE = Reference(
    number=2,
    text=(Run("A trial. "), Run("here", link="https://study.example.com/a"), Run(" doi.example/9")),
)


def article(*texts: tuple[Run, ...], references: tuple[Reference, ...] = (SOURCE,)) -> Article:
    return Article(
        slug="a",
        language="en",
        title="A",
        lead=(Block(kind="paragraph", text=(Run("A lead."),)),),
        sections=(
            Section(
                level=1,
                number="1",
                heading="Acupuncture for insomnia",
                blocks=tuple(Block(kind="paragraph", text=text) for text in texts),
            ),
            Section(level=1, number="2", heading="Massage for stress"),
        ),
        references=references,
    )


@pytest.mark.parametrize(
    "text",
    [
        (Run("It was seen [2]."),),
        (Run("It was seen [1, 2]."),),
        (Run("It was seen [1–3]."),),
        (Run("It was seen.²"),),
        (Run("It was "), Run("seen", link="https://study.example.com/a")),
        (Run("It was "), Run("seen", link="doi.example/9")),
    ],
)
def test_c6_a_section_with_a_reference_covers_its_sentences(text: tuple[Run, ...]) -> None:
    shown = evidence(article(text))
    assert shown.covers("Acupuncture  for\ninsomnia")
    assert not shown.covers("Massage for stress")
    assert not shown.covers("A lead.")


@pytest.mark.parametrize(
    "text",
    [
        (Run("It was seen [4]."),),
        (Run("It was seen."),),
        (Run("It was "), Run("seen", link="https://shop.example.com")),
    ],
)
def test_c6_what_leads_to_no_reference_covers_nothing(text: tuple[Run, ...]) -> None:
    assert not evidence(article(text)).covers("Acupuncture for insomnia")


def test_c6_a_sentence_may_carry_its_own_reference() -> None:
    shown = evidence(article())
    assert shown.covers("Massage for stress [2]")
    assert not shown.covers("Massage for stress [7]")


def test_c6_the_title_of_a_source_is_no_claim() -> None:
    assert evidence(article()).covers("A trial. here doi.example/9")


@pytest.mark.parametrize("made", [None, article((Run("Seen [2]."),), references=())])
def test_c6_without_references_nothing_is_covered(made: Article | None) -> None:
    assert evidence(made) == Evidence()
    assert not Evidence().covers("Seen [2].")
