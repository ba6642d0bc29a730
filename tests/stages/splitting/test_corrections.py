"""A person's corrections in the front matter win, in every format, and lose nothing."""

import random
from dataclasses import replace
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.stages.splitting.corrections import heed, settle, unheard, words_of
from pipeline.values import Article, Line, LineKind, Run, Source, Text, plain
from tests.stages.read.packing import p, packed, styled
from tests.stages.test_format import again, without_lines
from tests.stages.test_split import counted
from tests.stages.words import words

EXAMPLES = sorted((Path(__file__).parents[2] / "examples/split").glob("*.[tm][xd]*"))
PROSE = (
    "The body keeps two sets of books, and the second one is only written when the room is quiet. "
    "It takes a while until anybody reads it."
)


def article(text: str, *, name: str = "a.txt", **said: tuple[str, ...]) -> Article:
    """The article a text gives with these corrections."""
    return corrected(read(PurePath(name), text.encode()), **said)


def corrected(source: Source, **said: tuple[str, ...]) -> Article:
    """The article a source gives with these corrections."""
    return split(replace(source, matter={**source.matter, **said}), language="en")


def outline(made: Article) -> list[tuple[int, str, str]]:
    """Level, number and heading of each section."""
    return [(section.level, section.number, section.heading) for section in made.sections]


def headings(made: Article) -> list[str]:
    """The headings without level and number."""
    return [section.heading for section in made.sections]


def blocks(made: Article) -> list[tuple[str, list[str]]]:
    """Kind and words of every block of lead and sections."""
    found = [*made.lead, *(block for section in made.sections for block in section.blocks)]
    return [
        (block.kind, [plain(text) for text in (block.items or (block.text,))]) for block in found
    ]


def line(
    text: str | Text, kind: LineKind = "plain", *, marker: str = "", said: bool | None = None
) -> Line:
    """One line."""
    runs = (Run(text),) if isinstance(text, str) else text
    return Line(number=1, text=runs, kind=kind, marker=marker, said=said)


def looking(text: str) -> str:
    """A paragraph of a Word file that is only bold."""
    return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>"


# --- Which line is meant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "What Helps at Home?",
        "what helps  at\xa0home",
        "WHAT HELPS AT HOME:",
        "“What helps” at home",
        "1. What helps at home",
        "Step 3 – What helps at home",
        "# What helps at home",
    ],
)
def test_words_of_a_line_are_its_words_whatever_stands_around_them(written: str) -> None:
    assert words_of(written) == "what helps at home"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t hurry", "Don't hurry"),
        ("Self‑care", "self-care"),
        ("ﬁrst", "FIRST"),
        ("Ｒｅｓｔ", "rest"),
        ("\u1100\u1161 가", "가 가"),
        ("हिन्दी", " हिन्दी."),
    ],
)
def test_words_of_two_ways_to_write_one_line_are_the_same(one: str, other: str) -> None:
    assert words_of(one) == words_of(other) != ""


def test_words_of_other_words_are_others() -> None:
    assert words_of("What helps") != words_of("What helped")
    assert words_of("हिन्दी") != words_of("हन्दा")


def test_heed_marks_lines_by_their_words_and_nothing_else() -> None:
    lines = (line("Note"), line("note", "heading"), line("Note", "code"), line("Notes"))
    made = heed(lines, {"not_headings": ("NOTE:",)})
    assert [each.said for each in made] == [False, False, None, None]
    assert tuple(replace(each, said=None) for each in made) == lines
    assert heed(lines, {"title": "Note"}) == lines


def test_heed_finds_the_same_line_in_every_kind_it_may_be_read_as() -> None:
    kinds: tuple[LineKind, ...] = ("plain", "item", "quotation", "heading")
    made = heed([line("Rest", kind) for kind in kinds], {"headings": ("Rest",)})
    assert [each.said for each in made] == [True] * 4


def test_unheard_names_what_no_line_says_in_its_own_words() -> None:
    matter = {"headings": ("What helps", "Rest."), "not_headings": ("Nota  bene", "Note")}
    lines = [line("1. Rest", "heading"), line("NOTE"), line("What helps", "code")]
    assert unheard(matter, lines) == (("headings", "What helps"), ("not_headings", "Nota  bene"))


# --- What becomes of it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        (line("Rest", "item", marker="•", said=True), line("Rest", said=True)),
        (line("Rest", "item", marker="2.", said=True), line((Run("2. "), Run("Rest")), said=True)),
        (line("Rest", "quotation", marker=">", said=True), line("Rest", said=True)),
        (line("Rest", "heading", said=False), line("Rest", said=False)),
        (line("2. Rest", "heading", said=False), line("Rest", "item", marker="2.", said=False)),
        (line("(2) Rest", said=False), line("Rest", "item", marker="(2)", said=False)),
        (line("② Rest", said=False), line("Rest", "item", marker="②", said=False)),
        (line("II. Rest", "heading", said=False), line("II. Rest", said=False)),
        (line("Rest", "item", marker="-", said=False),) * 2,
        (line("Rest", "quotation", marker=">", said=False),) * 2,
        (line("2. Rest"),) * 2,
    ],
)
def test_settle_leaves_the_words_and_what_a_person_says(given: Line, settled: Line) -> None:
    assert settle(given) == settled


def test_settle_keeps_the_styles_of_what_becomes_an_item() -> None:
    text = (Run("2. Rest "), Run("well", bold=True, link="https://example.com"))
    made = settle(line(text, "heading", said=False))
    assert made.text == (Run("Rest "), Run("well", bold=True, link="https://example.com"))


TEXT = f"On Rest\n\nWhat helps\n\n{PROSE}\n\nNote\n\n{PROSE}\n\nThat is all.\n\n{PROSE}\n"


@pytest.mark.usefixtures("simple_weights")
def test_corrections_win_over_what_is_thought_of_a_plain_text() -> None:
    assert headings(article(TEXT)) == ["What helps", "Note"]
    made = article(TEXT, headings=("That is all.",), not_headings=("note",))
    assert outline(made) == [(1, "", "What helps"), (1, "", "That is all.")]
    assert blocks(made) == [
        ("paragraph", [PROSE]),
        ("paragraph", ["Note"]),
        ("paragraph", [PROSE]),
        ("paragraph", [PROSE]),
    ]


def test_a_correction_changes_the_lines_it_names_alone() -> None:
    text = "T\n" + "".join(f"{n}. {word}\n{PROSE}\n" for n, word in enumerate("ABCD", start=1))
    assert headings(article(text)) == ["A", "B", "C", "D"]
    made = article(text, not_headings=("B",))
    assert outline(made) == [(1, "1", "A"), (1, "3", "C"), (1, "4", "D")]
    assert ("numbered", ["B"]) in blocks(made)


def test_a_step_of_a_list_becomes_a_heading_with_its_number() -> None:
    text = f"T\n{PROSE}\n1. Lights down.\n2. Phone away.\n3. Breathe out.\n{PROSE}"
    assert headings(article(text)) == []
    made = article(text, headings=("Phone away",))
    assert outline(made) == [(1, "2", "Phone away.")]
    assert [kind for kind, _ in blocks(made)] == ["paragraph", "numbered", "numbered", "paragraph"]


@pytest.mark.usefixtures("simple_weights")
def test_all_lines_with_the_same_words_are_meant() -> None:
    text = f"T\nNote\n{PROSE}\nRest\n{PROSE}\nNOTE:\n{PROSE}\n"
    assert headings(article(text, headings=("note",))) == ["Note", "Rest", "NOTE:"]
    assert headings(article(text, not_headings=("note",))) == ["Rest"]


def test_corrections_win_over_markdown() -> None:
    text = (
        f"# T\n\n## First\n\n{PROSE}\n\n### *Inner* [x](/y)\n\n{PROSE}\n\n**Bold**\n\n{PROSE}\n\n"
        f"- A bullet\n- Another\n\n> Quoted\n\n## 2. Step\n\n{PROSE}\n"
    )
    made = article(
        text,
        name="a.md",
        headings=("bold", "a bullet", "quoted"),
        not_headings=("first", "inner x", "step"),
    )
    assert outline(made) == [(1, "", "Bold"), (1, "", "A bullet"), (1, "", "Quoted")]
    assert [kind for kind, _ in blocks(made)] == [
        *["paragraph"] * 5, "bullets", "numbered", "paragraph",
    ]  # fmt: skip
    assert made.lead[2].text == (
        Run("Inner", italic=True),
        Run(" "),
        Run("x", link="/y"),
    )


def test_a_heading_among_declared_ones_has_the_level_of_the_one_above() -> None:
    text = "# T\n\nNew\n\n## A\n\nx\n\n### B\n\nOwn\n\nx\n\n## C\n\nx"
    assert outline(article(text, name="a.md", headings=("New", "Own"))) == [
        (1, "", "New"),
        (1, "", "A"),
        (2, "", "B"),
        (2, "", "Own"),
        (1, "", "C"),
    ]


def test_a_heading_under_a_title_alone_is_a_part_of_the_article() -> None:
    made = article("# T\n\nWords\n\nNew\n\nMore", name="a.md", headings=("New",))
    assert outline(made) == [(1, "", "New")]


def test_corrections_win_over_word_styles_and_looks() -> None:
    body = styled("T", "Title") + styled("Vessels", "Heading1") + p("They narrow.") + p("Skin")
    source = read(PurePath("a.docx"), packed(body))
    made = corrected(source, headings=("Skin",), not_headings=("Vessels",))
    assert (made.title, headings(made)) == ("T", ["Skin"])
    bold = "".join(looking(word) + p(PROSE) for word in ("Heat", "Cold", "Rest"))
    source = read(PurePath("a.docx"), packed(looking("T") + bold + p("That is all.")))
    assert headings(corrected(source)) == ["Heat", "Cold", "Rest"]
    made = corrected(source, headings=("That is all.",), not_headings=("Cold",))
    assert headings(made) == ["Heat", "Rest", "That is all."]


def test_corrections_win_over_a_page() -> None:
    page = f"<h1>T</h1><h2>One</h2><p>{PROSE}</p><p>Two</p><p>{PROSE}</p>"
    source = read(PurePath("a.html"), page.encode())
    assert headings(corrected(source, headings=("Two",), not_headings=("One",))) == ["Two"]


WRAPPED = (
    "Feet are far away from the heart, and the blood that\n"
    "reaches them has a long way to go, so they are the first\n"
    "to cool when the body keeps its warmth for the middle,\n"
    "and the last to be warm again when it gives that up.\n"
)


def test_a_heading_that_was_wrapped_is_named_by_all_its_words() -> None:
    heading = "Whoever asks for it may be told what helps when the days\nare short and nights cold"
    words_alone = heading.replace("\n", " ")
    text = f"T\n\n{WRAPPED}\n{heading}\n\n{WRAPPED}"
    assert headings(article(text, headings=(words_alone,))) == [words_alone]


def test_a_heading_is_not_joined_to_the_wrapped_text_around_it() -> None:
    line = WRAPPED.split("\n")[2]
    made = article(f"T\n\n{WRAPPED}\n{WRAPPED}", headings=(line,))
    assert headings(made) == [line, line]


def test_a_name_that_a_person_calls_a_heading_is_no_byline() -> None:
    text = f"T\nBy Ana Ruiz, PT\n{PROSE}\n"
    assert article(text).byline == "Ana Ruiz, PT"
    made = article(text, headings=("By Ana Ruiz, PT",))
    assert (made.byline, headings(made)) == ("", ["By Ana Ruiz, PT"])


def test_a_heading_that_is_none_may_be_the_byline() -> None:
    made = article(f"# T\n\n## By Ana Ruiz, PT\n\n{PROSE}", name="a.md",
        not_headings=("By Ana Ruiz, PT",))  # fmt: skip
    assert (made.byline, headings(made)) == ("Ana Ruiz, PT", [])


def test_the_title_stays_the_title() -> None:
    assert article(TEXT, headings=("On Rest",)).title == "On Rest"
    assert article("# T\n\nWords", name="a.md", not_headings=("T",)).title == "T"


def test_references_that_are_no_heading_stay_in_their_section() -> None:
    text = f"T\nRest\n{PROSE}\nReferences\nEllison on Rest\nReyes on Necks\n"
    assert len(article(text).references) == 2
    made = article(text, not_headings=("References",))
    assert made.references == ()
    assert ("paragraph", ["References"]) in blocks(made)


@pytest.mark.usefixtures("simple_weights")
def test_a_heading_under_references_ends_them() -> None:
    text = f"T\n{PROSE}\nReferences\nA book\nWhat remains\n{PROSE}\nWarm feet\n{PROSE}\n"
    assert headings(article(text)) == []
    made = article(text, headings=("What remains",))
    assert headings(made) == ["References", "What remains", "Warm feet"]


@pytest.mark.usefixtures("simple_weights")
def test_corrections_are_read_from_the_front_matter() -> None:
    matter = "---\nheadings: [That is all]\nnot_headings:\n- Note\n---\n"
    for name in ("a.txt", "a.md"):
        made = split(read(PurePath(name), (matter + TEXT).encode()), language="en")
        assert headings(made) == ["What helps", "That is all."]


# --- Nothing is lost ------------------------------------------------------------------------------


@pytest.mark.no_cover
@settings(max_examples=150)
@given(st.sampled_from(EXAMPLES), st.randoms())
def test_corrections_lose_no_word_and_stay_when_written_and_read(
    path: Path, chance: random.Random
) -> None:
    source = read(path, path.read_bytes())
    texts = [plain(each.text) for each in source.lines if each.kind != "code"]
    drawn = chance.sample(texts, k=min(len(texts), chance.randint(1, 8)))
    middle = chance.randint(0, len(drawn))
    made = corrected(source, headings=tuple(drawn[:middle]), not_headings=tuple(drawn[middle:]))
    assert without_lines(again(made)) == without_lines(made)
    assert words(again(made)) == words(made)
    written = " ".join(plain(text) for each in source.lines for text in (each.text, *each.cells))
    said = " ".join(str(source.matter[key]) for key in ("title", "byline") if key in source.matter)
    assert counted(" ".join(words(made))) == counted(f"{said} {written}")
