from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.plan import SHORTEST, plan, repeats, words_of
from pipeline.values import Article, Block, PlannedIssue, Reference, Run, Section, SeriesForm, plain
from tests.samples import article, block, paragraph, section

LONG = "Warmth is a message, and the body reads it slowly. " * 6


def made_of(*sections: Section, lead: str = "", references: int = 0) -> Article:
    return Article(
        slug="a",
        language="en",
        title="The Title",
        lead=(paragraph(lead),) if lead else (),
        sections=sections,
        references=tuple(
            Reference(number=number, text=(Run(f"Source {number}"),))
            for number in range(1, references + 1)
        ),
    )


def sections_of(article: Article) -> list[tuple[int, ...]]:
    return [issue.sections for issue in plan(article).issues]


def only(article: Article) -> PlannedIssue:
    (issue,) = plan(article).issues
    return issue


def cited(*texts: str, references: int) -> list[list[int]]:
    sections = [section(f"Part {n}", text, number=str(n)) for n, text in enumerate(texts, 1)]
    series = plan(made_of(*sections, references=references))
    return [[reference.number for reference in issue.references] for issue in series.issues]


# --- Which sections make which issue --------------------------------------------------------------


def test_each_numbered_section_makes_an_issue() -> None:
    assert sections_of(article()) == [(0,), (1,), (2, 3)]


def test_parts_are_counted_and_only_the_first_opens() -> None:
    issues = plan(article()).issues
    assert [(i.part, i.of, i.opens) for i in issues] == [
        (1, 3, True),
        (2, 3, False),
        (3, 3, False),
    ]


def test_unnumbered_sections_before_the_first_number_go_into_the_first_issue() -> None:
    made = made_of(section("Why?"), section("Before"), section("One", number="1"), section("After"))
    assert sections_of(made) == [(0, 1, 2, 3)]


def test_unnumbered_sections_after_a_number_stay_with_it() -> None:
    made = made_of(
        section("One", number="1"),
        section("Aside"),
        section("Two", number="2"),
        section("End"),
        section("More"),
    )
    assert sections_of(made) == [(0, 1), (2, 3, 4)]


def test_deeper_sections_stay_with_their_parent() -> None:
    made = made_of(
        section("One", number="1"),
        section("One a", number="1.1", level=2),
        section("One b", level=3),
        section("Two", number="2"),
        section("Two a", number="2.1", level=2),
    )
    assert sections_of(made) == [(0, 1, 2), (3, 4)]


def test_the_top_level_is_the_highest_one_used() -> None:
    made = made_of(section("One", number="1", level=2), section("Two", number="2", level=2))
    assert sections_of(made) == [(0,), (1,)]


def test_deep_sections_before_any_top_one_open_the_first_issue() -> None:
    made = made_of(
        section("Deep", number="0.1", level=2),
        section("One", number="1"),
        section("Two", number="2"),
    )
    assert sections_of(made) == [(0, 1), (2,)]


def test_without_numbers_each_top_section_makes_an_issue() -> None:
    made = made_of(section("A", LONG), section("B", LONG), section("B a", "x", level=2))
    assert sections_of(made) == [(0,), (1, 2)]


def test_a_short_unnumbered_section_goes_with_the_one_before_it() -> None:
    made = made_of(section("A", LONG), section("B", "Short."), section("C", LONG))
    assert sections_of(made) == [(0, 1), (2,)]


def test_a_short_first_section_goes_with_the_one_behind_it_which_names_the_issue() -> None:
    made = made_of(section("A", "Short."), section("B", LONG), section("C", LONG))
    assert sections_of(made) == [(0, 1), (2,)]
    assert [issue.subject for issue in plan(made).issues] == ["B", "C"]


def test_short_sections_alone_make_one_issue_with_the_name_of_the_article() -> None:
    made = made_of(*(section(f"Tip {n}", "Breathe.") for n in range(1000)))
    assert sections_of(made) == [tuple(range(1000))]
    assert only(made).subject == "The Title"


def test_a_section_of_exactly_the_shortest_length_stands_alone() -> None:
    made = made_of(section("A", "word " * SHORTEST), section("B", "word " * SHORTEST))
    assert sections_of(made) == [(0,), (1,)]
    made = made_of(section("A", "word " * SHORTEST), section("B", "word " * (SHORTEST - 1)))
    assert sections_of(made) == [(0, 1)]


def test_an_article_without_sections_makes_one_issue() -> None:
    issue = only(made_of(lead="Warmth is the oldest remedy there is, and the nearest."))
    assert issue == PlannedIssue(
        part=1,
        of=1,
        subject="The Title",
        preheader="Warmth is the oldest remedy there is, and the nearest.",
        opens=True,
        sections=(),
    )


def test_an_empty_article_makes_one_empty_issue() -> None:
    issue = only(Article(slug="a", language="en", title=""))
    assert (issue.subject, issue.preheader, issue.sections) == ("", "", ())


@given(
    st.lists(
        st.builds(
            section,
            st.sampled_from(["", "Heading", "Why?"]),
            st.sampled_from(["", "Short.", LONG]),
            number=st.sampled_from(["", "", "1", "IV", "①"]),
            level=st.integers(1, 3),
        ),
        max_size=12,
    )
)
def test_every_section_is_in_exactly_one_issue_in_order(sections: list[Section]) -> None:
    issues = plan(made_of(*sections)).issues
    assert [index for issue in issues for index in issue.sections] == list(range(len(sections)))
    assert [issue.part for issue in issues] == list(range(1, issues[0].of + 1))
    assert [issue.opens for issue in issues] == [True] + [False] * (len(issues) - 1)


def test_one_long_issue_has_every_section_and_the_titles_name() -> None:
    (issue,) = plan(article(), "one").issues
    assert (issue.sections, issue.subject) == ((0, 1, 2, 3), article().title)
    assert issue.preheader.startswith("A warm hand on a stiff neck is the oldest remedy there is.")
    assert [reference.number for reference in issue.references] == [1, 2]


def test_an_issue_for_each_section_of_the_top_level_however_short() -> None:
    made = made_of(section("A", "Short."), section("a", level=2), section("B"), section("C", LONG))
    assert [issue.sections for issue in plan(made, "sections").issues] == [(0, 1), (2,), (3,)]


@pytest.mark.parametrize("form", ["one", "sections", "grouped"])
def test_an_article_without_sections_is_one_issue_in_every_form(form: SeriesForm) -> None:
    (issue,) = plan(made_of(lead="Words."), form).issues
    assert (issue.sections, issue.subject, issue.opens) == ((), "The Title", True)


@pytest.mark.parametrize("form", ["one", "sections", "grouped"])
def test_every_section_is_somewhere_in_every_form(form: SeriesForm) -> None:
    issues = plan(article(), form).issues
    assert [index for issue in issues for index in issue.sections] == [0, 1, 2, 3]


# --- Subject --------------------------------------------------------------------------------------


def test_the_subject_is_the_heading_without_its_number() -> None:
    assert [issue.subject for issue in plan(article()).issues] == [
        "Small Vessels: Room for the Blood",
        "Muscle: Letting Go by Degrees",
        "Nerves: A Quieter Message",
    ]


def test_the_numbered_section_names_the_first_issue() -> None:
    made = made_of(section("Why?"), section("One", number="1"), section("Two", number="2"))
    assert plan(made).issues[0].subject == "One"


def test_a_single_issue_has_the_title_for_its_subject() -> None:
    assert only(made_of(section("One", number="1"))).subject == "The Title"


def test_a_number_without_heading_falls_back_to_the_title() -> None:
    made = made_of(section("", number="1"), section("Two", number="2"))
    assert plan(made).issues[0].subject == "The Title"


def test_white_space_in_a_heading_is_folded() -> None:
    made = made_of(section("One\n  and\u00a0more", number="1"), section("Two", number="2"))
    assert plan(made).issues[0].subject == "One and more"


# --- Preheader ------------------------------------------------------------------------------------


def preheader(*texts: str, title: str = "The Title") -> str:
    blocks = tuple(paragraph(text) for text in texts)
    return only(replace(made_of(), title=title, lead=blocks)).preheader


def test_one_sentence_is_enough_if_it_is_long_enough() -> None:
    text = "Under the skin lie vessels that are finer than a hair. Warmth widens them."
    assert preheader(text) == "Under the skin lie vessels that are finer than a hair."


def test_short_sentences_are_taken_until_there_are_enough() -> None:
    text = "It is late. The arm is heavy. It wants to be let go of at last. Then sleep comes."
    assert preheader(text) == "It is late. The arm is heavy. It wants to be let go of at last."


def test_a_long_sentence_ends_at_its_last_clause() -> None:
    text = (
        "Warmth, which is older than any medicine, lets the small vessels widen, so that more "
        "blood passes and carries away what had gathered there over the day"
    )
    assert preheader(text) == (
        "Warmth, which is older than any medicine, lets the small vessels widen"
    )


def test_a_long_clause_ends_at_a_word() -> None:
    text = "Vessels under the skin " + "widen slowly and evenly " * 8
    cut = preheader(text)
    assert text.startswith(cut + " ")
    assert 40 <= len(cut) <= 90


@pytest.mark.parametrize("last", ["not", "without", "never", "doesn’t", "no", "42", "not 42", "("])
def test_a_cut_never_ends_where_the_meaning_lies_behind_it(last: str) -> None:
    head = "Ten minutes of a warm towel in the evening help the neck and shoulders and do"
    cut = preheader(f"{head} {last} counterproductively and so on, to the end")
    assert cut == head


def test_what_follows_a_short_sentence_is_cut_at_a_clause() -> None:
    text = (
        "Pain rarely stays in one place. A stiff neck can trigger headaches, stress can tighten "
        "the back, and poor sleep can make everything hurt more."
    )
    assert preheader(text) == "Pain rarely stays in one place. A stiff neck can trigger headaches"


def test_a_text_without_spaces_is_cut_at_the_limit() -> None:
    assert preheader("字" * 200) == "字" * 90


def test_a_sentence_that_repeats_the_subject_is_passed_over() -> None:
    text = "The title! It says nothing new, so the next sentence is taken instead of it."
    assert preheader(text) == "It says nothing new, so the next sentence is taken instead of it."


def test_a_preheader_that_can_only_repeat_is_left_empty() -> None:
    assert preheader("The title.") == ""


def test_a_reference_at_its_end_is_left_out() -> None:
    assert preheader("More blood passes through the small vessels then [1].") == (
        "More blood passes through the small vessels then"
    )
    assert preheader("More blood passes through the small vessels then.¹²") == (
        "More blood passes through the small vessels then."
    )


def test_prose_is_preferred_to_lists() -> None:
    made = replace(
        made_of(),
        lead=(block("bullets", "one small thing"), paragraph("Here is the prose of the matter.")),
    )
    assert only(made).preheader == "Here is the prose of the matter."


def test_a_list_serves_where_there_is_no_prose() -> None:
    made = replace(made_of(), lead=(block("bullets", "\none small thing\nanother"),))
    assert only(made).preheader == "one small thing"


def test_code_and_tables_never_serve() -> None:
    lead = (block("code", "x = 1"), Block(kind="table", rows=(((Run("Cell"),),),)))
    assert only(replace(made_of(), lead=lead)).preheader == ""


def test_the_lead_serves_where_the_section_has_no_words() -> None:
    made = made_of(section("One", number="1"), section("Two", number="2"), lead="The lead speaks.")
    assert [issue.preheader for issue in plan(made).issues] == ["The lead speaks.", ""]


def test_the_section_speaks_before_the_lead() -> None:
    made = made_of(
        section("Why?", "An aside."), section("One", "The matter.", number="1"), lead="The lead."
    )
    assert only(made).preheader == "The matter."


@settings(max_examples=200)
@given(st.text(alphabet="ab, .–0123456789[]¹!다字。\n", max_size=400))
def test_a_preheader_is_always_a_piece_of_the_text(text: str) -> None:
    made = preheader(text)
    assert made in " ".join(text.split())
    assert len(made) <= 90
    assert not repeats(made, "The Title")


@pytest.mark.parametrize(
    ("again", "said", "expected"),
    [
        ("Why warmth helps", "Why Warmth Helps", True),
        ("Why warmth helps: more of it", "Why Warmth Helps!", True),
        ("Why warmth helpsome", "Why Warmth Helps", False),
        ("Something new", "Why Warmth Helps", False),
        ("", "Why Warmth Helps", False),
        ("Anything", "", False),
        ("Anything", "…", False),
    ],
)
def test_repeats_compares_words_not_signs(again: str, said: str, expected: bool) -> None:
    assert repeats(again, said) is expected


def test_words_are_counted_in_lists_and_tables_and_without_spaces() -> None:
    table = Block(kind="table", rows=(((Run("one"),), (Run("two"),)),))
    assert words_of([paragraph("three small words"), block("bullets", "a\nb"), table]) == 7
    assert words_of([paragraph("따뜻한 손")]) == 2
    assert words_of([paragraph("暖かい手のひら")]) == 4


# --- References -----------------------------------------------------------------------------------


def test_each_reference_goes_with_the_issue_that_cites_it() -> None:
    assert [[r.number for r in issue.references] for issue in plan(article()).issues] == [
        [1],
        [],
        [2],
    ]


def test_a_reference_cited_twice_is_in_both_issues_under_its_number() -> None:
    assert cited("As shown [2].", "Again [2] and [1].", references=2) == [[2], [1, 2]]


def test_a_reference_nobody_cites_goes_to_the_last_issue() -> None:
    assert cited("As shown [1].", "Nothing.", references=3) == [[1], [2, 3]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 3]", [1, 3]),
        ("[1–3]", [1, 2, 3]),
        ("[1-2; 4]", [1, 2, 4]),
        ("[1-2-3]", [1, 2, 3]),
        ("(2)", [2]),
        ("healed¹", [1]),
        ("healed¹²", [12]),
        ("healed.²³", [2, 3]),
        ("[9999]", []),
        ("[1-9999]", list(range(1, 13))),
        ("[" + "1" * 5000 + "]", []),
        ("10⁶ cells, 3 m², 4 cm²", []),
        ("[a] (b) 1 2", []),
    ],
)
def test_markers_are_read_in_every_common_form(text: str, expected: list[int]) -> None:
    first, _ = cited(text, "The rest goes here.", references=12)
    assert first == expected


def test_references_cited_in_the_lead_or_a_heading_are_in_the_first_issue() -> None:
    made = made_of(
        section("One [2]", number="1"), section("Two", number="2"), lead="As [1].", references=2
    )
    assert [len(issue.references) for issue in plan(made).issues] == [2, 0]


def test_references_are_found_in_items_and_cells() -> None:
    blocks = (block("bullets", "x [1]\ny"), Block(kind="table", rows=(((Run("z [2]"),),),)))
    made = made_of(
        Section(level=1, number="1", heading="One", blocks=blocks),
        section("Two", number="2"),
        references=2,
    )
    assert [plain(r.text) for r in plan(made).issues[0].references] == ["Source 1", "Source 2"]


def test_a_marker_split_by_styles_is_still_found() -> None:
    split = Block(kind="paragraph", text=(Run("shown ["), Run("1", bold=True), Run("]")))
    made = made_of(
        Section(level=1, number="1", heading="One", blocks=(split,)),
        section("Two", number="2"),
        references=1,
    )
    assert len(plan(made).issues[0].references) == 1
