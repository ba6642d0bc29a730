import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import TemplateError
from pipeline.stages.email.mjml import compile_mjml, guard, guard_text, harden
from pipeline.stages.email.page import page
from pipeline.stages.merge import NOTICED
from pipeline.stages.text.inline import escape

HEAD = (
    '<mj-head><mj-title>T</mj-title><mj-attributes><mj-all font-family="Arial" />'
    "</mj-attributes></mj-head>"
)


def mjml(content: str, head: str = HEAD) -> str:
    return (
        f'<mjml lang="en" dir="ltr">{head}<mj-body><mj-section><mj-column>\n'
        f"{content}\n</mj-column></mj-section></mj-body></mjml>"
    )


def refusal(source: str) -> TemplateError:
    with pytest.raises(TemplateError) as refused:
        compile_mjml(source, "email/x.mjml")
    return refused.value


def fault(html: str, words: tuple[str, ...] = (), loads: tuple[str, ...] = ()) -> str:
    with pytest.raises(TemplateError) as refused:
        guard(html, words=words, loads=loads, name="email/x.mjml")
    assert str(refused.value).startswith("email/x.mjml: the template made a letter that may not")
    return refused.value.message.partition("go out: ")[2]


# --- Compiling ------------------------------------------------------------------------------------


def test_a_letter_is_compiled_with_its_language_and_words() -> None:
    html = compile_mjml(mjml("<mj-text>Warm &amp; slow</mj-text>"), "x")
    assert '<html lang="en" dir="ltr"' in html
    assert "Warm & slow" in page(html).text
    assert "<mj-" not in html


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<mj-bogus>x</mj-bogus>", "mj-bogus"),
        ('<mj-text colour="red">x</mj-text>', "colour"),
        ('<mj-text color="reddish">x</mj-text>', "color"),
        ("<mj-section></mj-section>", "mj-section"),
    ],
)
def test_invalid_mjml_is_refused_with_line_and_words(content: str, message: str) -> None:
    error = refusal(mjml(content))
    assert message in error.message
    assert (error.path, error.line) == ("email/x.mjml", 2)
    assert content in error.message
    assert error.mend == "The line is counted in the filled template; search for the words quoted."


def test_a_long_line_is_quoted_in_part() -> None:
    error = refusal(mjml(f'<mj-text colour="{"x" * 200}">x</mj-text>'))
    assert f'“<mj-text colour="{"x" * 63}…”' in error.message


@pytest.mark.parametrize("source", ["", "words", "<p>html</p>", "<mjml>", "<mjml", "\x00"])
def test_what_is_not_mjml_is_refused(source: str) -> None:
    assert refusal(source).path == "email/x.mjml"


def test_what_never_ends_is_told_with_its_line() -> None:
    error = refusal(mjml("<mj-text>one</mj-text>\n<!-- two"))
    assert error.line == 3
    assert error.message.endswith("a comment or a tag never ends: “<!-- two”")


def test_where_the_compiler_itself_breaks_the_template_is_refused() -> None:
    """It panics over this, which is no error that Python programs expect."""
    assert "does not compile" in refusal(mjml("<mj-raw><![if mso></mj-raw>")).message


def test_an_unclosed_element_is_refused_and_no_text_lost() -> None:
    assert "not" in refusal(mjml("<mj-text>one <mj-text>two</mj-text>")).message


def test_html_that_is_not_well_formed_is_refused() -> None:
    error = refusal(mjml("<mj-text><p>one<p>two</mj-text>"))
    assert error.mend == "Close every tag and quote every attribute."


@pytest.mark.parametrize("content", ["<b>" * 20_000, "<b>" * 20_000 + "x" + "</b>" * 20_000])
def test_elements_too_deep_for_the_compiler_are_refused_s2(content: str) -> None:
    assert "its elements are 20,0" in refusal(mjml(f"<mj-text>{content}</mj-text>")).message


def test_many_elements_beside_each_other_are_not_deep() -> None:
    content = f"<p>x</p>{'<b>' * 900}x<br />{'</b>' * 900}" * 3
    assert compile_mjml(mjml(f"<mj-text>{content}</mj-text>"), "x").count("<br") == 3


@pytest.mark.parametrize(
    "left", ["<!--", "<style ", "<mj-style ", "<mj-title>", "<mj-text>", "<a b="]
)
def test_what_is_never_closed_is_refused_in_a_moment_s2(left: str) -> None:
    """Read once to its end, not once from each of its beginnings: that would take ten minutes."""
    assert refusal(mjml(f"<mj-text>{left * 100_000}</mj-text>")).path == "email/x.mjml"


@pytest.mark.parametrize("tag", ["mj-include", "MJ-INCLUDE"])
def test_includes_are_refused_before_any_file_is_opened(tag: str) -> None:
    error = refusal(mjml(f'<{tag} path="/etc/passwd" type="html" />'))
    assert error.message.startswith("mj-include is not allowed")
    assert error.line == 2


@pytest.mark.parametrize("left", ["{{ name }}", "{% if x %}"])
def test_what_was_not_filled_is_refused_with_its_line(left: str) -> None:
    error = refusal(mjml(f"<mj-text>{left}</mj-text>"))
    assert error.message == f"a part of the template was not filled: “<mj-text>{left}</mj-text>”"
    assert error.line == 2


def test_braces_of_an_author_are_no_leftovers() -> None:
    html = compile_mjml(mjml(f"<mj-text>{escape('{{ name }} {% x %}')}</mj-text>"), "x")
    assert "{{ name }} {% x %}" in page(html).text


def test_a_misprint_of_the_compiler_is_refused() -> None:
    # harden leaves a style as it is, so the compiler trips over its attribute.
    error = refusal(mjml('<mj-text><style title="a\u00a0b">p { color: red }</style></mj-text>'))
    assert error.message.endswith("the compiler wrote \\u{ for a character")


def test_signs_that_look_like_a_misprint_are_the_authors_own() -> None:
    written = "a \\u{a0} b"
    html = compile_mjml(mjml(f"<mj-text>{escape(written)}</mj-text>"), "x")
    assert written in page(html).text


# --- Hardening ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<mj-text padding="0 24px">', '<mj-text padding="0px 24px">'),
        ('<mj-text padding-top="0">', '<mj-text padding-top="0px">'),
        ("<mj-button inner-padding='0 0'>", '<mj-button inner-padding="0px 0px">'),
        ('<mj-text padding="10px 0.5px">', '<mj-text padding="10px 0.5px">'),
        ('<mj-text padding="0px 0%">', '<mj-text padding="0px 0%">'),
        ('<td padding="0">', '<td padding="0">'),
        ('<mj-image alt="a\n b\tc">', '<mj-image alt="a  b c">'),
        ('<mj-image alt="a\u00a0b">', '<mj-image alt="a&#160;b">'),
        ('<mj-image alt="👩\u200d👧">', '<mj-image alt="👩&#8205;👧">'),
        ('<mj-image alt="e\u0301">', '<mj-image alt="e&#769;">'),
        ('<mj-image alt="a\\nb">', '<mj-image alt="a&#92;nb">'),
        ("<p title='a \"b\"'>", '<p title="a &quot;b&quot;">'),
        ("<a href= 'x'>", '<a href="x">'),
        ("<mj-text>a\u00a0\\ 0</mj-text>", "<mj-text>a\u00a0\\ 0</mj-text>"),
        ("<!-- <p t='a\u00a0b'> -->", "<!-- <p t='a\u00a0b'> -->"),
        (
            "<mj-style>p { content: '\\201c' }</mj-style>",
            "<mj-style>p { content: '\\201c' }</mj-style>",
        ),
        ('<mj-title>a\u00a0\n "b" \\</mj-title>', "<mj-title>a &quot;b&quot; &#92;</mj-title>"),
    ],
)
def test_hardening_changes_what_the_compiler_gets_wrong(tag: str, expected: str) -> None:
    assert harden(tag) == expected


def test_hardening_twice_changes_nothing_more() -> None:
    once = harden(mjml('<mj-image padding="0" alt="a\u00a0b\\n" src="https://x.test/" />'))
    assert harden(once) == once


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_alternative_text_comes_through(alt: str) -> None:
    source = mjml(f'<mj-image src="https://x.test/" alt="{escape(alt)}" />')
    (image,) = page(compile_mjml(source, "x")).images
    assert "".join((image.alt or "").split()) == "".join(str(escape(alt).unescape()).split())


def test_a_padding_of_bare_zero_keeps_the_width_of_an_image() -> None:
    source = mjml('<mj-image padding="0 24px" src="https://x.test/" alt="x" />')
    assert 'width="552"' in compile_mjml(source, "x")


# --- Guarding -------------------------------------------------------------------------------------


def test_a_good_letter_passes() -> None:
    guard(
        '<p>One <b>two</b></p><img src="https://x.test/a" alt="three"> @@unsubscribe_url@@',
        words=("One two", "three"),
        loads=("https://x.test/a",),
        name="x",
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>x</script>", "it holds a <script>"),
        ("<form></form>", "it holds a <form>"),
        ("<iframe></iframe>", "it holds a <iframe>"),
        ("<mj-text>x</mj-text>", "it holds a <mj-text>"),
        ('<p onclick="x">x</p>', "it holds an onclick attribute"),
        ("@@name@@", "the merge field @@name@@ is unknown"),
        (
            '<link href="https://fonts.googleapis.com/css" rel="stylesheet">',
            "opening it would load https://fonts.googleapis.com/css",
        ),
        ('<img src="https://x.test/pixel">', "opening it would load https://x.test/pixel"),
    ],
)
def test_a_letter_that_does_something_is_refused(html: str, expected: str) -> None:
    assert fault(html) == expected


def test_text_that_only_speaks_of_such_things_passes() -> None:
    guard("<p>onclick=x &lt;script&gt; googleapis {{ \\u{ </p>", words=(), loads=(), name="x")


@pytest.mark.parametrize("font", ["Roboto", "Ubuntu", "Lato", "Open Sans", "Droid Sans"])
def test_a_font_that_the_compiler_fetches_is_refused(font: str) -> None:
    head = f'<mj-head><mj-attributes><mj-all font-family="{font}" /></mj-attributes></mj-head>'
    html = compile_mjml(mjml("<mj-text>x</mj-text>", head), "x")
    assert "https://fonts.googleapis.com/" in fault(html)


def test_lost_words_are_refused() -> None:
    assert fault("<p>One</p>", ("One", "two\nthree")) == "it lost the words “two three”"


def test_words_in_another_order_are_lost() -> None:
    assert fault("<p>Two</p><p>One</p>", ("One", "Two")) == "it lost the words “Two”"


def test_words_that_must_stand_twice_must_stand_twice() -> None:
    assert fault("<p>One</p>", ("One", "One")) == "it lost the words “One”"


def test_hidden_words_are_lost() -> None:
    assert fault('<p style="display:none">One</p>', ("One",)) == "it lost the words “One”"


def test_neither_white_space_nor_the_form_of_an_accent_is_a_loss() -> None:
    guard("<p>un\ncaf\u00e9</p>", words=("un cafe\u0301",), loads=(), name="x")


def test_the_text_part_is_guarded_too() -> None:
    guard_text("One\n  two", words=("One two",), name="x")
    with pytest.raises(TemplateError, match="it lost the words “three”"):
        guard_text("One\n  two", words=("three",), name="x")
    with pytest.raises(TemplateError, match="the merge field @@name@@ is unknown"):
        guard_text("@@name@@", words=(), name="x")


def test_every_refusal_says_what_to_do() -> None:
    for html in ("<script></script>", "@@x@@", '<img src="x">', ""):
        with pytest.raises(TemplateError) as refused:
            guard(html, words=("One",), loads=(), name="x")
        assert re.search(r"[.]$", refused.value.mend)


@pytest.mark.parametrize(
    "href",
    [
        "https://x.test/?name=@@first_name.61@@",
        "@@first_name@@",
        "@@view_url@@?name=@@language@@",
        "https://x.test/@@view_url@@",
        "@@view_url@@@@archive_url@@",
    ],
)
def test_a_link_that_would_tell_of_its_reader_is_refused_p5(href: str) -> None:
    assert fault(f'<a href="{href}">x</a>') == f"the link {href} has a merge field in it"


@pytest.mark.parametrize("href", ["@@view_url@@", "@@archive_url@@/weekly/a/1/"])
def test_a_link_to_an_address_of_ours_may_be_a_mark(href: str) -> None:
    guard(f'<a href="{href}">x</a>', words=(), loads=(), name="x")


def test_the_link_of_a_notice_is_no_letters_and_the_other_way_round() -> None:
    notice = '<a href="@@confirm_url@@">x</a>'
    assert fault(notice) == "the merge field @@confirm_url@@ is unknown"
    guard(notice, words=(), loads=(), name="x", marks=NOTICED)
    guard_text("@@confirm_url@@", words=(), name="x", marks=NOTICED)
    with pytest.raises(TemplateError, match="@@unsubscribe_url@@ is unknown"):
        guard("@@unsubscribe_url@@", words=(), loads=(), name="x", marks=NOTICED)
