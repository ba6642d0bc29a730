"""How the letters of a page look, by themselves or by its style sheets, and what that tells."""

from pathlib import PurePath

import pytest

from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.values import Line, Run

PROSE = "<p>It hurts for a while, and then it is over; nobody knows quite why that is so.</p>" * 3


def lines(page: str) -> tuple[Line, ...]:
    """The lines of a page."""
    return read(PurePath("a.html"), page.encode()).lines


def headings(page: str) -> list[str]:
    """The headings an article of a page is split at."""
    article = split(read(PurePath("a.html"), page.encode()), language="en")
    return [section.heading for section in article.sections]


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("font-size:18pt", 18),
        ("color:red; FONT-SIZE : 16px", 12),
        ("font-size:1.5em", 18),
        ("font-size:150%", 18),
        ("font-size:2rem", 24),
        ("font-size:large", 12),
        ("", 12),
    ],
)
def test_sizes_are_in_points(said: str, size: float) -> None:
    (line,) = lines(f"<p style='{said}'>Words</p>")
    assert line.size == size


def test_a_line_is_as_large_as_its_smallest_words() -> None:
    small = "<span style='font-size:9pt'>{}</span>"
    big = "<p style='font-size:20pt'>Why {}<br>now</p>"
    assert [line.size for line in lines(big.format(small.format("it")))] == [9, 20]
    assert [line.size for line in lines(big.format(small.format(" ")))] == [20, 20]
    assert [line.size for line in lines("<p style='font-size:20pt'>A</p><p>B</p>")] == [20, 12]


def test_sizes_of_parts_are_of_the_size_around_them() -> None:
    nested = "<div style='font-size:20pt'><p style='font-size:50%'>A</p><p>B</p></div>"
    assert [line.size for line in lines(nested)] == [10, 20]


def test_headings_and_items_show_their_size_and_code_and_pictures_have_none() -> None:
    page = "<h2 style='font-size:20pt'>A</h2><ul><li>b</ul><pre>c</pre><img src=/d.png alt=d>"
    assert [(line.kind, line.size) for line in lines(page)] == [
        ("heading", 20),
        ("item", 12),
        ("code", 0),
        ("image", 0),
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        ".c1{font-weight:700;font-style:italic}",
        "p{margin:0} .c0 , span.c1 { font-weight: bold; font-style: oblique }",
        "<!-- .c1 {font-weight:600} .c1 {font-style:italic} -->",
        "/* .c1{} */ @media screen{.c1{font-weight:700;font-style:italic}}",
        ".c1{font-weight:400}.c1{font-weight:700;font-style:italic}",
    ],
)
def test_classes_say_looks_as_google_docs_does(sheet: str) -> None:
    (line,) = lines(f"<style>{sheet}</style><p>It <span class='c2 c1'>hurts</span></p>")
    assert line.text == (Run("It "), Run("hurts", bold=True, italic=True))


@pytest.mark.parametrize(
    "sheet",
    [
        ".c1 .c2{font-weight:700}",
        ".c1:hover{font-weight:700}",
        "#c1{font-weight:700}",
        ".c3{font-weight:700}",
        ".c1{font-weight:700",
        "}}}{{{.c1",
        "",
    ],
)
def test_other_selectors_and_broken_sheets_say_nothing_of_it(sheet: str) -> None:
    (line,) = lines(f"<style>{sheet}</style><p class=c1>Words</p>")
    assert line.text == (Run("Words", bold=sheet.endswith("700")),)


def test_an_element_itself_wins_over_its_class() -> None:
    sheet = "<style>.c1{font-weight:700;font-size:20pt}</style>"
    (line,) = lines(f"{sheet}<p class=c1 style='font-weight:400;font-size:10pt'>Words</p>")
    assert (line.text, line.size) == ((Run("Words"),), 10)


@pytest.mark.parametrize(
    "heading",
    [
        "<p><b>{}</b></p>",
        "<p><strong>{}</strong></p>",
        "<p><span style='font-weight:700'>{}</span></p>",
        "<p class=c1>{}</p>",
        "<p style='font-size:18pt'>{}</p>",
        "<div><font style='font-size:1.5em'>{}</font></div>",
    ],
)
@pytest.mark.parametrize("title", ["<h1>On pain</h1>", "<p><b>On pain</b></p>"])
def test_headings_that_are_only_bold_or_larger_are_found(title: str, heading: str) -> None:
    sheet = "<style>.c1{font-weight:700}</style>"
    body = "".join(heading.format(name) + PROSE for name in ("Why", "When it is cold", "Where"))
    assert headings(f"{sheet}{title}{PROSE}{body}") == ["Why", "When it is cold", "Where"]


def test_bold_words_in_paragraphs_are_no_headings_where_headings_are_marked_up() -> None:
    body = f"<h1>On pain</h1>{PROSE}<p><b>Not this one</b></p>{PROSE}<h2>Why</h2>{PROSE}"
    assert headings(body) == ["Why"]
