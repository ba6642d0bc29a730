import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.email.page import Image, Link, page

PIECES = (
    *(
        "words &amp; more ",
        "&lt;",
        "&",
        "\n",
        "<",
        ">",
        '"',
        "-->",
        "<!-- src='a' -->",
        "<!-- a--b -->",
    ),
    *("<!---->", "<!-->", "<!--->", "<!--a->-->", "<!-- a --!>", "<!DOCTYPE html>", "<![endif]-->"),
    *("<![x src='a']>", "<p>", "</p>", "</p >", "<P>", '<p style="display:none">', "<p hidden>"),
    *('<p id="a>b">', '<p id="x"class="y">', '<p  id="x">', "<p id='x'>", '<p onclick="x">'),
    *('<a href="x">', '<a href="x/">', '<a href="&quot;"/>', "</a>", "<br />", "<br/>", "</br>"),
    *("<style>p { background: url(a) }</style>", "<style>", "</style>", "<style><b></style>"),
    *("<title>a</title>", "<title>a<b></title>", "<title>", "</title>", "<script>", "</script>"),
    *("<h1>", "</h1>", '<img src="a" alt="b" />', "<img>", '<td background="a">', "<textarea>"),
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("o<b>n</b>e", ["one"]),
        ("one<br>two", ["one", "two"]),
        ("&lt;b&gt; &amp; &#123;", ["<b> & {"]),
        ("<style>p{}</style><script>x</script><title>t</title>seen", ["seen"]),
        ("<div style='display: none'>no<b>nor</b><br>nor</div>seen", ["seen"]),
        ("<!-- no --><!--[if mso]>no<![endif]-->seen", ["seen"]),
        ("<!--[if !mso]><!-->seen<!--<![endif]-->", ["seen"]),
        ("</b></p>seen</i>", ["seen"]),
        ("<div>one<b>two</div>three", ["onetwo", "three"]),
        ("<p>one<td>two", ["one", "two"]),
        ('<img src="x" alt="a hand">', ["a hand"]),
        ('<div style="display:none"><img src="x" alt="no"></div>', []),
        ("", []),
    ],
)
def test_text_is_what_a_reader_sees(html: str, expected: list[str]) -> None:
    assert [part for part in page(html).text.split("\n") if part] == expected


def test_links_are_told_with_their_words() -> None:
    seen = page('<a href="https://a.test">one <b>two</b></a><a name="x">no</a><a href="y"></a>')
    assert seen.links == (Link("https://a.test", "one two"), Link("y", ""))


def test_a_hidden_link_is_none() -> None:
    assert page('<p style="display:none"><a href="x">leave</a></p>').links == ()


def test_a_link_that_is_never_closed_is_none() -> None:
    assert page('<a href="x">leave').links == ()


def test_images_are_told_with_their_alternative() -> None:
    seen = page('<img src="a" alt="A"><img src="b"><img role="presentation" alt="">')
    assert seen.images == (
        Image("a", "A", decorative=False),
        Image("b", None, decorative=False),
        Image("", "", decorative=True),
    )


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://t.test/x">',
        '<img srcset="https://t.test/x">',
        '<td background="https://t.test/x">',
        '<video poster="https://t.test/x">',
        '<object data="https://t.test/x">',
        '<link rel="stylesheet" href="https://t.test/x">',
        "<p style=\"background:url('https://t.test/x')\">",
        "<style>p { background: URL( https://t.test/x ) }</style>",
        '<style>@import "https://t.test/x";</style>',
        "<!--[if mso]><v:image src='https://t.test/x'/><![endif]-->",
        "<!--[if mso]><style>@import url(https://t.test/x);</style><![endif]-->",
    ],
)
def test_everything_that_opening_asks_for_is_a_load(html: str) -> None:
    assert "https://t.test/x" in page(html).loads


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://t.test/x">x</a>',
        "<p>url(https://t.test/x)</p>",
        "<p>src=&#34;https://t.test/x&#34;</p>",
        '<p style="color:red">x</p>',
    ],
)
def test_what_only_looks_like_a_load_is_none(html: str) -> None:
    assert page(html).loads == ()


def test_elements_and_handlers_are_named() -> None:
    seen = page('<P onclick="x"><img ONERROR=y src=""/></P>')
    assert seen.elements == {"p", "img"}
    assert seen.handlers == ("onclick", "onerror")


@given(st.lists(st.sampled_from(PIECES)))
def test_what_is_read_at_once_is_read_as_the_parser_reads_it(pieces: list[str]) -> None:
    """Behind a comment with dashes in it, the parser reads all by itself."""
    html = "".join(pieces)
    assert page(html) == page(f"<!-- a--b -->{html}")


@pytest.mark.parametrize("html", ["<![x]>", "<![if", "<![CDATA[a]]>", "<![", "<![[]>"])
def test_marked_sections_stop_nothing(html: str) -> None:
    assert page(f"<p>a</p>{html}").text.strip().startswith("a")
