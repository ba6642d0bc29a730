"""From the tree of an article to its lines."""

from pathlib import PurePath

import pytest

from pipeline.stages.read import read
from pipeline.values import Line, Run, plain


def lines(fragment: str) -> tuple[Line, ...]:
    """The lines of a fragment."""
    return read(PurePath("a.html"), fragment.encode()).lines


def told(fragment: str) -> list[tuple[object, ...]]:
    """Kind, level, marker and words of each line."""
    return [(line.kind, line.level, line.marker, plain(line.text)) for line in lines(fragment)]


def rows(fragment: str) -> list[list[str]]:
    """The words of each cell of each row."""
    return [[plain(cell) for cell in line.cells] for line in lines(fragment) if line.cells]


def test_headings_have_their_level() -> None:
    assert told("<h1>A</h1><h3>B<br>b</h3><div role=heading aria-level=4>C</div>") == [
        ("heading", 1, "", "A"),
        ("heading", 3, "", "B b"),
        ("heading", 4, "", "C"),
    ]
    assert told("<h2 class='my-subtitle'>A</h2><p role=heading aria-level=x>B</p>") == [
        ("plain", 0, "", "A"),
        ("heading", 2, "", "B"),
    ]
    assert told('<p class="c1 title" id="h.1a2b">A</p><p class=MsoTitle>B</p>') == [
        ("heading", 1, "", "A"),
        ("heading", 1, "", "B"),
    ]
    assert told("<h2><div>A</div><div>b</div></h2>") == [("heading", 2, "", "A b")]
    assert told("<h3><button>Does it hurt?</button></h3><p>No. <button>Buy</button></p>") == [
        ("heading", 3, "", "Does it hurt?"),
        ("plain", 0, "", "No."),
    ]


def test_lists_keep_depth_and_numbers() -> None:
    page = "<ol start=4><li>a<ul><li>b</ul><li value=9><p>c</p><p>d</p><li>e</ol><li>f"
    assert told(page) == [
        ("item", 0, "4.", "a"),
        ("item", 1, "-", "b"),
        ("item", 0, "9.", "c"),
        ("plain", 0, "", "d"),
        ("item", 0, "10.", "e"),
        ("item", 0, "-", "f"),
    ]
    assert told("<ol start=-3><li>a<br>b</ol>") == [("item", 0, "1.", "a b")]


def test_styles_nest_and_are_undone() -> None:
    page = (
        "<p><b>a<i>b</i></b><b style='font-weight: normal'>c</b>"
        "<span style='color:red;font-weight:700'>d</span><em style='font-style:normal'>e</em>"
        "<span style='font-weight:bolder;font-style:oblique'>f</span><kbd>g</kbd></p>"
    )
    assert lines(page)[0].text == (
        Run("a", bold=True),
        Run("b", bold=True, italic=True),
        Run("c"),
        Run("d", bold=True),
        Run("e"),
        Run("f", bold=True, italic=True),
        Run("g", code=True),
    )


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("mailto:ana@example.com", "mailto:ana@example.com"),
        ("tel:+1555", "tel:+1555"),
        ("page.html?a=1&amp;b=2", "page.html?a=1&b=2"),
        ("#top", ""),
        ("javascript:alert(1)", ""),
        (" java\nscript:alert(1)", ""),
        ("&#1;JavaScript&colon;alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("http://[x", ""),
        ("https://example.com/" + "a" * 5_000, ""),
        ("", ""),
    ],
)
def test_links_lead_only_where_a_reader_may_go(href: str, link: str) -> None:
    assert lines(f'<p><a href="{href}">words</a></p>')[0].text == (Run("words", link=link),)


def test_pictures_are_lines_but_for_icons() -> None:
    page = (
        "<p>a<img src=https://example.com/i.png alt='The &amp; desk'>b</p>"
        "<p>c <img class=emoji alt='😀' src=https://example.com/e.png> d"
        "<img width=1 height=1 src=https://example.com/open.gif></p>"
        "<p><img class='avatar' alt=Ana src=https://example.com/ana.png>e</p>"
        "<p>f<img alt=words src='data:image/png;base64,AAAA'>g</p>"
    )
    assert told(page) == [
        ("plain", 0, "", "a"),
        ("image", 0, "", "The & desk"),
        ("plain", 0, "", "b"),
        ("plain", 0, "", "c 😀 d"),
        ("plain", 0, "", "e"),
        ("plain", 0, "", "f words g"),
    ]
    assert lines(page)[1].target == "https://example.com/i.png"


def test_breaks_part_lines_and_two_part_paragraphs() -> None:
    page = "<p>a<br>b<br><br>c</p><hr>d&nbsp;&nbsp;e&shy;f &eacute;"
    assert [(plain(line.text), line.gap) for line in lines(page)] == [
        ("a", True),
        ("b", False),
        ("c", True),
        ("d ef é", True),
    ]


def test_code_keeps_its_lines() -> None:
    page = "<pre>\n  a  \n<b>b</b><br>c\n</pre><pre> \n</pre>"
    assert told(page) == [("code", 0, "", "  a\nb\nc")]


def test_quotations_definitions_details() -> None:
    page = (
        "<blockquote><h3>a</h3><p>b <q>c</q></p><ul><li>d</ul></blockquote>"
        "<dl><dt>e<dd>f</dl><details><summary>g</summary>h</details>"
    )
    assert told(page) == [
        ("quotation", 0, ">", "a"),
        ("quotation", 0, ">", "b “c”"),
        ("item", 0, "-", "d"),
        ("plain", 0, "", "e"),
        ("plain", 0, "", "f"),
        ("plain", 0, "", "g"),
        ("plain", 0, "", "h"),
    ]


def test_tables_keep_their_cells() -> None:
    page = (
        "<table><caption>Cap</caption><tr><th>a<th>b<tr><td colspan=2>c<td>d"
        "<tr><td><td><tr><td><p>e</p><ul><li>f</ul><td><img alt=g src=https://example.com/g></table>"
    )
    assert rows(page) == [["a", "b", ""], ["c", "", "d"], ["e f", "g"]]
    assert [line.gap for line in lines(page)] == [True, True, False, False]
    assert plain(lines(page)[0].text) == "Cap"


@pytest.mark.parametrize(
    "table",
    [
        "<table role=presentation><tr><td>a<td>b</table>",
        "<table><tr><td>a<tr><td>b</table>",
        "<table><tr><td><h2>a</h2><td>b</table>",
        "<table><tr><td><p>a</p><p>b</p><p>c</p><td>d</table>",
        "<tr><td>a</td></tr><td>b</td>",
    ],
)
def test_tables_that_only_lay_out_are_no_tables(table: str) -> None:
    assert rows(table) == []
    assert "".join(plain(line.text) for line in lines(table)) in ("ab", "abcd")


def test_raised_and_lowered_figures_stay_apart_from_the_number_before() -> None:
    assert told("<p>10<sup>5</sup> H<sub>2</sub>O 1<sup>st</sup></p>")[0][3] == "10⁵ H₂O 1st"


def test_the_lists_of_word_have_their_markers() -> None:
    item = "<p style='mso-list:l0 level{} lfo1'><span style='mso-list:Ignore'>{}</span>{}</p>"
    page = item.format(1, "1)", "a") + item.format(2, "§", "b") + item.format(1, "2)", "c")
    assert told(page) == [
        ("item", 0, "1)", "a"),
        ("item", 1, "•", "b"),
        ("item", 0, "2)", "c"),
    ]


def test_lines_know_where_they_stand() -> None:
    assert [line.number for line in lines("<h1>a</h1>\n<p>b</p>\n\n<p>c</p>")] == [1, 2, 4]


def test_small_pictures_stand_among_the_words() -> None:
    smile = "<img class=emoji src=/s.png alt='☺'>"
    assert told(f"<p>It is {smile}, really</p>") == [("plain", 0, "", "It is ☺, really")]
    assert told(f"<p>a{smile}b</p>") == [("plain", 0, "", "a☺b")]
    assert rows(f"<table><tr><td>a{smile}b<td>c</table>") == [["a☺ b", "c"]]


def test_only_a_class_makes_a_picture_an_avatar() -> None:
    assert told("<p><img id=avatar src=/a.png alt=A></p>") == [("image", 0, "", "A")]
    assert told("<p>Words<img class=avatar src=/a.png alt=A></p>") == [("plain", 0, "", "Words")]


def test_a_marker_of_word_stands_before_the_words_of_an_item() -> None:
    marker = "<span style='mso-list:Ignore'>{}<span style='font:7pt'>&nbsp;</span></span>"
    item = "<p style='mso-list:l0 level2 lfo1'>{}One{}</p>"
    assert told(item.format(marker.format("1."), marker.format(" two"))) == [
        ("item", 1, "1.", "One two")
    ]
    assert told(item.format("", "")) == [("item", 1, "•", "One")]
    assert told(f"<p>One {marker.format('two')}</p>") == [("plain", 0, "", "One two")]
