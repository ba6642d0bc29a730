"""How words are painted; most examples are those of the rules, tests/examples/check/."""

import subprocess
import sys
import textwrap

import pytest

from pipeline.stages.design.colours import BLACK, WHITE
from pipeline.stages.email.painted import Paint, Painted, painted
from tests.home import CHECKOUT

DARK = "@media (prefers-color-scheme: dark)"


def one(html: str) -> Painted:
    (found,) = painted(html)
    return found


def light(html: str) -> Paint:
    return one(html).light


def test_plain_words_are_black_on_white() -> None:
    assert one("<p>Some \n words</p>") == Painted("Some words", Paint(), None, decoration=False)
    assert Paint().contrast == pytest.approx(21)


def test_words_come_in_their_order_with_what_stands_around() -> None:
    html = "a<b>b<i>c</i>d</b>e<!-- no -->f<?pi?>g<script>no</script>h<style>no</style>i"
    assert [(found.text, found.light.bold) for found in painted(html)] == [
        *(("a", False), ("b", True), ("c", True), ("d", True), ("e", False), ("f", False)),
        *(("g", False), ("h", False), ("i", False)),
    ]


@pytest.mark.parametrize("html", ["", "  ", "<!-- no -->", "<p>—</p>", "<title>no</title>", "\x00"])
def test_nothing_said_is_nothing_painted(html: str) -> None:
    assert painted(html) == ()


def test_halves_of_characters_do_not_stop_it() -> None:
    assert one("<p>a\ud800</p>").text == "a?"


@pytest.mark.parametrize(
    ("html", "bold"),
    [
        ("<strong>a</strong>", True),
        ("<h3>a</h3>", True),
        ("<table><tr><th>a</th></tr></table>", True),
        ('<p style="font-weight:700">a</p>', True),
        ('<p style="font-weight:600">a</p>', False),
        ('<p style="font:bold 12px serif">a</p>', True),
        ('<b style="font-weight:normal">a</b>', False),
        ('<b style="font-weight:inherit">a</b>', False),
    ],
)
def test_what_is_bold(html: str, bold: bool) -> None:
    assert light(html).bold == bold


@pytest.mark.parametrize(
    ("html", "size"),
    [
        ("<h1>a</h1>", 32),
        ("<h6>a</h6>", 16 * 0.67),
        ('<h1 style="font-size:20px">a</h1>', 20),
        ('<div style="font-size:0"><p style="font-size:17px">a</p></div>', 17),
        ('<div style="font-size:20px"><p style="font-size:80%">a</p></div>', 16),
        ('<p style="font:italic 18px/1.5 serif">a</p>', 18),
    ],
)
def test_how_large(html: str, size: float) -> None:
    assert light(html).size == pytest.approx(size)


def test_ink_over_a_ground_that_lets_through() -> None:
    paint = light(
        '<table bgcolor="#000000"><tr><td style="background:rgba(255,255,255,.6)">'
        '<font color="white">a</font></td></tr></table>'
    )
    assert (paint.ink, paint.ground) == (WHITE, (0.6, 0.6, 0.6))


def test_a_picture_behind_words_counts_for_nothing() -> None:
    assert light('<p style="background:url(x.png)">a</p>').ground == WHITE


def test_opacity_is_laid_upon_opacity() -> None:
    paint = light('<div style="opacity:.5"><p style="opacity:50%;color:#000">a</p></div>')
    assert paint.ink == pytest.approx((0.75, 0.75, 0.75), abs=0.003)
    assert light('<p style="opacity:auto">a</p>').ink == BLACK


def test_a_link_has_a_colour_of_its_own() -> None:
    assert light('<a href="x">a</a>').ink == (0, 0, 238 / 255)
    assert light('<a href="x" style="color:#000">a</a>').ink == BLACK


def test_dark_colours_hold_in_the_dark_scheme_alone() -> None:
    css = f"<style>{DARK} {{ .p {{ background: #000 !important }} .p p {{ color: #fff }} }}</style>"
    found = one(f'{css}<div class="p" style="background:#fff"><p>a</p></div>')
    assert (found.light.ink, found.light.ground) == (BLACK, WHITE)
    assert found.dark is not None
    assert (found.dark.ink, found.dark.ground) == (WHITE, BLACK)


def test_dark_page_without_colours_is_light_on_dark() -> None:
    found = one(f"<style>{DARK} {{ .x {{ color: #fff }} }}</style><p>a</p>")
    assert found.dark is not None
    assert found.dark.contrast > 15


def test_a_sheet_for_some_screens_says_so_itself() -> None:
    css = '<style media="(max-width:480px)">p{color:#fff}</style>'
    assert light(f"{css}<p>a</p>").ink == BLACK
    css = '<style media="screen">p{color:#fff}</style>'
    assert light(f"{css}<p>a</p>").ink == WHITE


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("display:none", "display: none"),
        ("visibility:collapse", "visibility"),
        ("opacity:.05", "opacity"),
        ("font-size:.5px", "font-size"),
        ("color:#fff", "the colour of its ground"),
        ("overflow:hidden;height:0", "overflow: hidden"),
        ("position:fixed;top:-1000px", "top"),
        ("margin-left:-2000px", "margin-left"),
        ("clip-path:circle(0)", "clip"),
        ("position:absolute;clip:rect(1px, 1px, 1px, 1px)", "clip"),
        ("top:-1000px", ""),
        ("height:0", ""),
        ("clip:auto", ""),
        ("position:absolute;left:20px", ""),
        ("margin-left:auto", ""),
    ],
)
def test_what_hides_words(style: str, hidden: str) -> None:
    assert light(f'<div style="{style}"><p>a</p></div>').hidden == hidden


def test_what_is_kept_from_screen_readers_is_decoration() -> None:
    html = '<div aria-hidden="true"><p>a</p></div><p aria-hidden="false">b</p>'
    assert [found.decoration for found in painted(html)] == [True, False]


def test_same_places_with_other_rules_look_otherwise() -> None:
    assert light("<style>p {font-size: 20px}</style><p>a</p>").size == 20
    assert light("<style>p {font-size: 21px}</style><p>a</p>").size == 21
    assert light("<p>a</p>").size == 16


def test_hostile_html_and_css_end_soon() -> None:
    """Depth, width, rules without end: within 20 seconds of CPU and 1 GB, in a child of its own."""
    code = """
        import resource
        from pipeline.stages.email.painted import painted
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
        painted("<div>" * 50_000 + "a")
        painted("<b style='color:red'>a" * 5_000)
        painted("<style>" + "{" * 200_000 + "</style><p>a")
        painted("<style>" + "@media screen{" * 300 + "</style><p>a")
        painted("<style>" + ".a .b > p {color: red}" * 3_000 + "</style>" + "<p class=a>a" * 300)
        painted("<p style='" + "color:red;" * 50_000 + "'>a")
        many = "<style>.x " + "b " * 6 + "p {color: red}</style>" + "<b>" * 60
        painted(many + "<p>a" + "</b>" * 60 + "<i class=x>a")
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=CHECKOUT, check=True)
