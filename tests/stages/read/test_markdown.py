"""Markdown: each block is a line that says what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.stages.read.markdown import read_markdown
from pipeline.values import Line, Run, Text, plain


def lines(text: str) -> tuple[Line, ...]:
    """The lines of a Markdown text."""
    return read_markdown("a.md", text).lines


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and words of each line."""
    return [(line.kind, plain(line.text)) for line in lines(text)]


def only(text: str) -> Text:
    """The text of the only line."""
    (line,) = lines(text)
    return line.text


def test_read_markdown_gives_headings_and_paragraphs_with_lines_and_gaps() -> None:
    assert lines("# One\nTwo\nmore\n\nThree\n=====\n") == (
        Line(number=1, kind="heading", level=1, text=(Run("One"),), gap=True),
        Line(number=2, text=(Run("Two more"),)),
        Line(number=5, kind="heading", level=1, text=(Run("Three"),), gap=True),
    )


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("a **b** *c*", (Run("a "), Run("b", bold=True), Run(" "), Run("c", italic=True))),
        ("***b***", (Run("b", bold=True, italic=True),)),
        ("`x  y`", (Run("x y", code=True),)),
        ("[a](https://example.com/)", (Run("a", link="https://example.com/"),)),
        ("<https://example.com>", (Run("https://example.com", link="https://example.com"),)),
        ("AT&amp;T &lt;b&gt;&nbsp;x", (Run("AT&T <b> x"),)),
        ("<b>w</b>ord<br>next<!-- no -->ed", (Run("word nexted"),)),
        (r"\*not\* _so", (Run("*not* _so"),)),
        ("a  \nb\\\nc", (Run("a b c"),)),
        ("[a](javascript:alert(1))", (Run("[a](javascript:alert(1))"),)),
    ],
)
def test_read_markdown_reads_styles(written: str, runs: tuple[Run, ...]) -> None:
    assert only(written) == runs


def test_read_markdown_gives_items_their_marker_and_depth() -> None:
    made = [
        (line.number, line.kind, line.marker, line.level, plain(line.text))
        for line in lines("- a\n  - b\n\n  para\n- c\n\n3. x\n3. y\n\n0) z")
    ]
    assert made == [
        (1, "item", "-", 0, "a"),
        (2, "item", "-", 1, "b"),
        (4, "plain", "", 0, "para"),
        (5, "item", "-", 0, "c"),
        (7, "item", "3.", 0, "x"),
        (8, "item", "4.", 0, "y"),
        (10, "item", "0)", 0, "z"),
    ]


def test_read_markdown_of_an_item_without_words_is_nothing() -> None:
    assert kinds("-\n- a\n\nb") == [("item", "a"), ("plain", "b")]


def test_read_markdown_gives_quotations() -> None:
    made = lines("> a\n>\n> ## b\n\nc")
    assert [(line.kind, line.marker, plain(line.text)) for line in made] == [
        ("quotation", ">", "a"),
        ("quotation", ">", "b"),
        ("plain", "", "c"),
    ]


def test_read_markdown_gives_tables_by_rows() -> None:
    head, row = lines("| a | b |\n|---|---|\n| **1** | ![two](2.png) x |")
    assert (head.kind, head.number, head.gap, row.number, row.gap) == ("table", 1, True, 3, False)
    assert head.cells == ((Run("a"),), (Run("b"),))
    assert row.cells == ((Run("1", bold=True),), (Run("two x"),))


def test_read_markdown_gives_an_image_a_line_in_its_place() -> None:
    made = lines("before ![the *alt*](a.png) after")
    assert [(line.kind, plain(line.text), line.target) for line in made] == [
        ("plain", "before", ""),
        ("image", "the alt", "a.png"),
        ("plain", "after", ""),
    ]


def test_read_markdown_does_not_make_two_headings_of_one() -> None:
    assert kinds("# a ![i](i.png) b") == [("heading", "a"), ("image", "i"), ("plain", "b")]


def test_read_markdown_keeps_code_as_it_stands() -> None:
    assert kinds("```py\nx = 1\n\n  y\n```\n\n    z\n\n```\n\n```") == [
        ("code", "x = 1\n\n  y"),
        ("code", "z"),
    ]


def test_read_markdown_keeps_the_text_of_raw_html_only() -> None:
    written = (
        "<div class='x'><p>one</p><p>tw<i>o</i> &amp; a</p></div>\n\n<script>alert(1)</script>"
    )
    assert kinds(written) == [("plain", "one"), ("plain", "two & a")]


def test_read_markdown_takes_a_rule_for_nothing() -> None:
    assert kinds("a\n\n---\n\nb") == [("plain", "a"), ("plain", "b")]


@pytest.mark.parametrize(
    ("hostile", "kept"),
    [
        ("[" * 5000, "[" * 5000),
        ("*a " * 3000, "*a " * 3000),
        ("`" * 9999, ""),
        (">" * 40 + " a", "a"),
        ("- " * 20 + "a", "a"),
    ],
)
def test_read_markdown_survives_hostile_nesting(hostile: str, kept: str) -> None:
    assert "".join(words for _, words in kinds(hostile)) == kept.strip()


@pytest.mark.parametrize("marks", [">" * 60, ">" * 3000, "- " * 300])
def test_read_markdown_refuses_nesting_that_would_lose_words(marks: str) -> None:
    with pytest.raises(SourceError) as error:
        lines(f"# T\n\n{marks} a")
    assert str(error.value) == (
        "a.md, line 3: lists or quotations are nested more than 50 deep here. "
        "Remove the marks in front of the words."
    )


def test_read_markdown_leaves_out_comments() -> None:
    assert kinds("a\n\n<!-- b -->\n\nc") == [("plain", "a"), ("plain", "c")]


@pytest.mark.parametrize(
    ("written", "opening", "closing"),
    [
        ("<!-- b --> <!-- c", "<!--", "-->"),
        ("<script>\nvar a", "<script", "</script>"),
        ("<STYLE>\na {}", "<style", "</style>"),
    ],
)
def test_read_markdown_refuses_what_would_hide_the_rest(
    written: str, opening: str, closing: str
) -> None:
    with pytest.raises(SourceError) as error:
        lines(f"a\n\n{written}\n\nd")
    assert str(error.value) == (
        f"a.md, line 3: {opening} begins here and does not end, so all below it would be lost. "
        f"Write {closing} behind it, or remove {opening}."
    )


@given(st.text(st.sampled_from("ab*_`[]()<>#>|-\n 1."), max_size=60))
def test_read_markdown_gives_lines_in_order_and_none_empty(text: str) -> None:
    made = lines(text)
    numbers = [line.number for line in made]
    assert numbers == sorted(numbers)
    assert all(line.text or line.cells or line.kind == "image" for line in made)


def test_addresses_of_links_may_stand_anywhere() -> None:
    text = "See [one] and\n[two][x].\n\n- [one]\n\n[one]: /1\n\n> [two][x]\n\n[x]: /2\n[x]: /3\n"
    links = [
        run.link for line in read_markdown("a.md", text).lines for run in line.text if run.link
    ]
    assert links == ["/1", "/2", "/1", "/2"]


def test_one_reading_knows_nothing_of_the_one_before() -> None:
    read_markdown("a.md", "[one]\n\n[one]: /1\n")
    (line,) = read_markdown("a.md", "[one]\n\n[two]: /2\n").lines
    assert line.text == (Run("[one]"),)


def test_the_title_of_an_image_is_its_caption() -> None:
    (line,) = read_markdown("a.md", '![a hand](a.png "Warm  \\"hands\\"")').lines
    assert (line.kind, plain(line.text), plain(line.caption)) == (
        "image",
        "a hand",
        'Warm "hands"',
    )


def test_the_title_of_an_image_in_a_cell_is_kept_with_its_words() -> None:
    source = read_markdown("a.md", '| a |\n|---|\n| ![hand](a.png "Warm") |')
    assert [plain(cell) for line in source.lines for cell in line.cells] == ["a", "hand Warm"]
