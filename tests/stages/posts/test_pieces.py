"""What may be said of a section, and what must not be parted."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.stages.posts.pieces import LOOK, Piece, body, pack, parts
from pipeline.values import Article, Block, Reference, Run, Section
from tests.samples import article, block, section


def made(*sections: Section, references: int = 0) -> Article:
    """An article of these sections with so many references."""
    return Article(
        slug="a",
        language="en",
        title="A",
        sections=sections,
        references=tuple(Reference(number=n + 1, text=()) for n in range(references)),
    )


def pieces(*texts: str | Block, references: int = 0) -> tuple[Piece, ...]:
    """The pieces of one section of paragraphs and other blocks."""
    blocks = tuple(block("paragraph", t) if isinstance(t, str) else t for t in texts)
    whole = Section(level=1, number="", heading="H", blocks=blocks)
    return parts(made(whole, references=references))[0].pieces


def texts(some: Sequence[Piece]) -> list[str]:
    """Their words."""
    return [piece.text for piece in some]


def packed(some: Sequence[Piece], limit: int) -> list[str]:
    """What is chosen where the body may be so many characters long."""
    return texts(pack(some, lambda chosen: len(body(chosen)) <= limit))


def test_a_part_is_a_section_with_those_below_it() -> None:
    whole = made(
        section("One", "A."), section("Below", "B.", level=2), section("Two", "C."), references=0
    )
    assert [(part.index, part.section.heading, texts(part.pieces)) for part in parts(whole)] == [
        (0, "One", ["A.", "Below", "B."]),
        (2, "Two", ["C."]),
    ]


def test_a_first_section_of_a_deeper_level_is_not_lost() -> None:
    whole = made(section("Early", "A.", level=2), section("One", "B."))
    assert [part.section.heading for part in parts(whole)] == ["Early", "One"]


def test_an_article_without_sections_has_no_parts() -> None:
    assert parts(made()) == ()


def test_pieces_are_sentences_items_and_quotations() -> None:
    some = pieces(
        "One. Two.",
        block("bullets", "a\nb"),
        block("numbered", "c\nd"),
        block("quotation", "E. F."),
    )
    assert [(piece.kind, piece.sign, piece.text) for piece in some] == [
        ("sentence", "{}", "One."),
        ("sentence", "{}", "Two."),
        ("item", "• {}", "a"),
        ("item", "• {}", "b"),
        ("item", "1. {}", "c"),
        ("item", "2. {}", "d"),
        ("quotation", "“{}”", "E. F."),
    ]
    assert [piece.place for piece in some] == list(range(7))


def test_a_numbered_list_begins_where_the_author_began() -> None:
    steps = replace(block("numbered", "c\nd"), start=3)
    assert body(pieces(steps)) == "3. c\n4. d"


def test_a_quotation_keeps_its_own_marks() -> None:
    assert body(pieces(block("quotation", "«Oui.»"))) == "«Oui.»"


def test_words_in_different_styles_are_one_sentence() -> None:
    runs = (Run("It is "), Run("not", bold=True), Run(" much.\n Truly", italic=True), Run("."))
    assert texts(pieces(Block(kind="paragraph", text=runs))) == ["It is not much.", "Truly."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It fades [1].", "It fades."),
        ("It fades [1, 2].", "It fades."),
        ("It fades [1–3].", "It fades."),
        ("It fades.[2]", "It fades."),
        ("As shown [1] in mice.", "As shown in mice."),
        ("It fades.²", "It fades."),
        ("It fades.¹²", "It fades."),
        ("It fades [7].", "It fades [7]."),
        ("It fades [1, 7].", "It fades [1, 7]."),
        ("It fades [sic].", "It fades [sic]."),
        ("About 4 m² and 10² steps.", "About 4 m² and 10² steps."),
        ("About 3 cm³ of it.", "About 3 cm³ of it."),
    ],
)
def test_markers_of_known_references_are_left_out(written: str, said: str) -> None:
    assert texts(pieces(written, references=3)) == [said]


def test_markers_stay_where_nothing_is_referred_to() -> None:
    assert texts(pieces("Use key [1].")) == ["Use key [1]."]


def test_a_sentence_that_is_only_a_marker_vanishes() -> None:
    assert texts(pieces("[1]", "Words.", references=1)) == ["Words."]


def test_body_keeps_paragraphs_and_lists_apart() -> None:
    some = pieces("One. Two.", "Three.", block("bullets", "a\nb"), "Four.")
    assert body(some) == "One. Two.\n\nThree.\n\n• a\n• b\n\nFour."


def test_body_shows_where_something_is_left_out() -> None:
    some = pieces("One. Two. Three.")
    assert body([some[0], some[2]]) == "One.\n\nThree."


def test_the_words_may_hold_the_mark_of_a_sign() -> None:
    assert body(pieces(block("bullets", "a {} b"))) == "• a {} b"


@pytest.mark.parametrize(
    "turn",
    ["But it fades.", "However, it fades.", "Unless it is cold.", "Only at first.", "Do not run."],
)
def test_a_sentence_is_not_parted_from_its_turn(turn: str) -> None:
    some = pieces(f"Warmth helps. {turn} So rest.")
    assert packed(some, len("Warmth helps. ") + len(turn)) == ["Warmth helps.", turn]
    assert packed(some, len("Warmth helps. ")) == []


@pytest.mark.parametrize(
    "turn", ["하지만 곧 사라집니다.", "다만 사람마다 다릅니다.", "단 한 번입니다."]
)
def test_a_korean_sentence_is_not_parted_from_its_turn(turn: str) -> None:
    some = pieces(f"통증이 줄어듭니다. {turn}")
    assert packed(some, 15) == []
    assert packed(some, 100) == ["통증이 줄어듭니다.", turn]


@pytest.mark.parametrize(
    "leaning",
    ["This helps.", "It fades.", "They agree.", "“These are few.”", "이는 짧습니다.", "Eso ayuda."],
)
def test_nothing_begins_with_a_word_that_points_back(leaning: str) -> None:
    some = pieces(f"A first sentence that is far too long to be taken here. {leaning}")
    assert packed(some, 40) == []


def test_a_word_that_merely_begins_like_one_points_nowhere() -> None:
    some = pieces("A first sentence that is far too long to be taken here. Italy is warm.")
    assert packed(some, 40) == ["Italy is warm."]


def test_a_section_may_itself_begin_with_it() -> None:
    assert packed(pieces("It begins here."), 40) == ["It begins here."]


def test_a_promised_list_comes_whole() -> None:
    some = pieces("Rest. Three things help:", block("bullets", "warmth\nsleep\npatience"), "End.")
    assert packed(some, 57) == texts(some)[:5]
    assert packed(some, 40) == ["Rest."]


def test_steps_are_never_halved() -> None:
    some = pieces("Rest.", block("numbered", "Sit down.\nBreathe out.\nBreathe in."))
    assert packed(some, 30) == ["Rest."]


def test_bullets_without_a_promise_may_be_fewer() -> None:
    some = pieces("Rest.", block("bullets", "warmth\nsleep\npatience"))
    assert packed(some, 25) == ["Rest.", "warmth", "sleep"]


def test_a_promise_whose_table_is_not_shown_is_withdrawn() -> None:
    table = Block(kind="table", rows=(((Run("a"),),),))
    assert texts(pieces("Rest. But see this table:", table, "End.")) == ["End."]
    assert texts(pieces("Rest. See this table:", table, "End.")) == ["Rest.", "End."]


def test_a_promise_at_the_end_is_withdrawn() -> None:
    assert texts(pieces("Rest. Soon more:")) == ["Rest."]
    assert texts(pieces("Only this:")) == []


def test_a_deeper_heading_comes_with_what_it_heads() -> None:
    whole = made(section("One", "Alpha."), section("Below", "Beta.", level=2))
    some = parts(whole)[0].pieces
    assert packed(some, 10) == ["Alpha."]
    assert body(some) == "Alpha.\n\nBelow\n\nBeta."


def test_a_deeper_heading_over_nothing_is_left_out() -> None:
    whole = made(section("One", "Alpha."), section("Below", level=2), section("", level=2))
    assert texts(parts(whole)[0].pieces) == ["Alpha."]


def test_a_sentence_on_safety_is_kept_with_its_condition() -> None:
    some = pieces("Rest well. Walk a little.", "If a hand is numb, wait. Call us in the morning.")
    safe = "If a hand is numb, wait. Call us in the morning."
    assert packed(some, len(f"Rest well.\n\n{safe}")) == [
        "Rest well.",
        "If a hand is numb, wait.",
        "Call us in the morning.",
    ]


def test_a_sentence_on_safety_gives_way_where_nothing_else_would_fit() -> None:
    some = pieces("Rest well.", "If a hand is numb for more than an hour, call your doctor.")
    assert packed(some, 60) == ["Rest well."]


def test_a_section_of_safety_alone_is_said() -> None:
    assert packed(pieces("Call us."), 60) == ["Call us."]


def test_a_row_begins_later_where_its_first_sentence_is_too_long() -> None:
    some = pieces("A sentence that is too long for this. Short one. Another.")
    assert packed(some, 20) == ["Short one.", "Another."]


def test_a_row_does_not_begin_deep_in_a_section() -> None:
    long = "A sentence that is too long for this."
    some = pieces(" ".join([long] * LOOK), "Short.")
    assert packed(some, 20) == []


def test_nothing_is_chosen_of_nothing() -> None:
    assert pack((), lambda _: True) == ()


def test_all_is_chosen_where_all_fits() -> None:
    for part in parts(article()):
        assert pack(part.pieces, lambda _: True) == part.pieces


SENTENCE = st.sampled_from(
    [
        "Warmth helps.",
        "But it fades.",
        "This is slow.",
        "Only rest helps here.",
        "Three things help:",
        "Call us if a hand is numb.",
        "A longer sentence that takes more room than the others.",
    ]
)
BLOCK = st.builds(
    lambda kind, said: block(kind, ("\n" if kind in ("bullets", "numbered") else " ").join(said)),
    st.sampled_from(["paragraph", "paragraph", "bullets", "numbered", "quotation", "table"]),
    st.lists(SENTENCE, min_size=1, max_size=4),
)


@hypothesis_settings(max_examples=300)
@given(st.lists(BLOCK, max_size=5), st.integers(0, 300))
def test_no_choice_parts_what_belongs_together(blocks: list[Block], limit: int) -> None:
    some = pieces(*blocks)
    chosen = {piece.place for piece in pack(some, lambda taken: len(body(taken)) <= limit)}
    for piece in some:
        before = piece.place - 1
        if before >= 0 and (piece.tied or piece.leans) and piece.place in chosen:
            assert before in chosen
        if before in chosen and piece.tied:
            assert piece.place in chosen
    assert not chosen or not some[max(chosen)].promises
    assert len(body([some[place] for place in sorted(chosen)])) <= limit
