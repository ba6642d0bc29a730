from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.merge import LINKS, mark
from pipeline.stages.text.inline import (
    bind_numbers,
    breakable,
    clean,
    code,
    escape,
    href,
    line,
    links,
    markup,
    numbered,
    solid,
    texts,
    words,
)
from pipeline.values import Block, Run
from tests.samples import block


def link(target: str, words: str = "here") -> str:
    return str(markup((Run(words, link=target),)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("\"quoted\" 'words'", "&#34;quoted&#34; &#39;words&#39;"),
        ("{{ name }} {% if %}", "&#123;&#123; name &#125;&#125; &#123;% if %&#125;"),
        ("back\\slash", "back&#92;slash"),
        ("already &amp; escaped", "already &amp;amp; escaped"),
        ("a\x00b\x0bc\x85d\ufffe", "abcd"),
        ("따뜻 é 👩\u200d👧", "따뜻 é 👩\u200d👧"),
    ],
)
def test_escaped_text_means_nothing_but_itself(text: str, expected: str) -> None:
    assert str(escape(text)) == expected


@given(st.text())
def test_escaping_loses_nothing_and_leaves_nothing_active(text: str) -> None:
    escaped = str(escape(text))
    assert solid(unescape(escaped)) == solid(text)
    assert not set(escaped) & set("<>\"'{}\\")


def test_line_ends_are_those_of_unix() -> None:
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_a_line_is_folded() -> None:
    assert line(" a\n\u00a0b\x00 ") == "a b"


def test_solid_text_has_no_white_space_and_one_form() -> None:
    assert solid(" cafe\u0301\u00a0au\nlait ") == "caféaulait"


def test_words_are_plain() -> None:
    assert words((Run("a ", bold=True), Run("b", link="https://x.example.com"))) == "a b"


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (Run("x"), "x"),
        (Run("x", bold=True), "<strong>x</strong>"),
        (Run("x", italic=True), "<em>x</em>"),
        (Run("x", code=True), "<code>x</code>"),
        (Run("x", bold=True, italic=True), "<strong><em>x</em></strong>"),
        (Run("a\nb"), "a<br />b"),
        (Run("as shown [1]"), "as shown\u00a0[1]"),
        (Run("a [b]"), "a [b]"),
    ],
)
def test_each_style_has_its_element(run: Run, expected: str) -> None:
    assert str(markup((run,))) == expected


@pytest.mark.parametrize(
    "target",
    [
        "https://example.com/a?b=1#c",
        "http://example.com",
        "mailto:hello@example.com",
        "tel:+15550142",
        " https://example.com ",
        "HTTPS://example.com",
    ],
)
def test_links_a_reader_may_follow_are_links(target: str) -> None:
    assert link(target) == f'<a class="link" href="{target.strip()}">here</a>'


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "//example.com",
        "/book",
        "book",
        "#top",
        "https:example.com",
        "https://",
        "https://[",
        "https://example.com/a b",
        "mailto:",
        "ftp://example.com",
        "\ud800:x",
    ],
)
def test_any_other_link_prints_its_words_only(target: str) -> None:
    assert link(target) == "here"
    assert href(target) == ""


def test_a_link_cannot_leave_its_attribute() -> None:
    assert link('https://example.com/"onclick="x') == (
        '<a class="link" href="https://example.com/&#34;onclick=&#34;x">here</a>'
    )


def test_code_keeps_lines_and_indentation() -> None:
    text = (Run("if warm:\n    rest(10,  20)\n\tsleep <b>"),)
    assert str(code(text)) == (
        "if warm:<br />&#160;&#160;&#160;&#160;rest(10, &#160;20)<br />"
        "&#160;&#160;&#160;&#160;sleep &lt;b&gt;"
    )


def test_a_heading_breaks_after_its_colon_first() -> None:
    span = '<span style="display:inline-block">{}</span>'
    assert str(breakable("Muscle: Letting <Go>")) == (
        f"{span.format('Muscle:')} {span.format('Letting &lt;Go&gt;')}"
    )
    assert str(breakable("Muscle at 10:30")) == "Muscle at 10:30"
    assert str(breakable("Muscle:")) == "Muscle:"


def test_links_that_the_words_show_are_not_told_again() -> None:
    text = (
        Run("See "),
        Run("https://example.com/a", link="https://example.com/a"),
        Run(" and "),
        Run("this", link="https://example.com/b"),
        Run("this", link="https://example.com/b"),
        Run("that", link="javascript:x"),
    )
    assert links(text) == ("https://example.com/b",)


def test_a_caption_is_a_text_of_its_picture() -> None:
    made = Block(kind="image", text=(Run("a hand"),), caption=(Run("Warm"),))
    assert [words(text) for text in texts(made)] == ["a hand", "Warm"]


def test_every_text_of_a_block_is_met() -> None:
    table = Block(kind="table", rows=(((Run("a"),), (Run("b"),)), ((Run("c"),),)))
    assert [words(text) for text in texts(table)] == ["", "a", "b", "c"]
    assert [words(text) for text in texts(block("bullets", "x\ny"))] == ["", "x", "y"]


@pytest.mark.parametrize("field", LINKS)
def test_a_link_may_be_an_address_of_the_reader(field: str) -> None:
    assert href(mark(field)) == mark(field)
    assert href(f"https://x.example/{mark(field)}") == f"https://x.example/{mark(field)}"
    assert href(mark("first_name")) == ""


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((Run("Read "), Run("more", link="https://x.example"), Run(".")), "Read more [3]."),
        ((Run("more ", link="https://x.example"), Run("words")), "more [3] words"),
        (
            (Run("a ", link="https://x.example"), Run("b", bold=True, link="https://x.example")),
            "a b [3]",
        ),
        ((Run("none", link="https://y.example"),), "none"),
        ((Run("none", link="javascript:x"),), "none"),
        ((Run("\x00clean"),), "clean"),
        ((), ""),
    ],
)
def test_a_number_stands_behind_the_words_of_a_link(runs: tuple[Run, ...], expected: str) -> None:
    assert numbered(runs, numbers={"https://x.example": 3}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021; 12: 34–41.", "2021;\xa012:\xa034–41."),
        ("Pages 3, 4", "Pages 3,\xa04"),
        ("In 2021, needles", "In 2021, needles"),
    ],
)
def test_the_numbers_of_a_source_keep_together(text: str, expected: str) -> None:
    assert bind_numbers(Run(text, italic=True)) == Run(expected, italic=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42 °C here", "42&nbsp;°C here"),
        ("5 mg, 10 ml and 3 m", "5&nbsp;mg, 10&nbsp;ml and 3&nbsp;m"),
        ("20 % of", "20&nbsp;% of"),
        ("3 men, 5 minutes", "3 men, 5 minutes"),
        ("2 l’eau", "2 l’eau"),
    ],
)
def test_a_unit_keeps_to_its_number(text: str, expected: str) -> None:
    assert str(markup((Run(text),))).replace("\xa0", "&nbsp;") == expected
