"""Style sheets: which rule holds for which element, and how much it weighs."""

from collections.abc import Iterator

import pytest
from lxml import etree, html

from pipeline.stages.email.styles import Place, Sheets, declared, sheet

PAGE = """
<div class="card b-paper" id="top">
<table><tr><td class="cell"><p class="t-ink lead">one</p></td></tr></table>
<p>two</p></div><p class="lead">three</p>
"""


def paragraphs(element: etree._Element, around: Place) -> Iterator[tuple[str, Place]]:
    """The words of each p below an element, itself included, and where it stands."""
    place = around.inner(str(element.tag), dict(element.items()))
    if element.tag == "p":
        yield element.text or "", place
    for child in element:
        yield from paragraphs(child, place)


PARAGRAPHS = list(paragraphs(html.document_fromstring(PAGE), Place()))


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("p", ["one", "two", "three"]),
        ("*", ["one", "two", "three"]),
        (".lead", ["one", "three"]),
        ("p.lead.t-ink", ["one"]),
        ("#top p", ["one", "two"]),
        ("#top > p", ["two"]),
        (".card>p", ["two"]),
        ("div td  p", ["one"]),
        ("td > p.lead", ["one"]),
        ("div.card .cell > *", ["one"]),
        (".b-paper p", ["one", "two"]),
        ("body p", ["one", "two", "three"]),
        ("html > body > p", ["three"]),
        ("div > table td p", ["one"]),
        ("body > div p", ["one", "two"]),
        ("div > div p", []),
        ("html html p", []),
        ("* > html p", []),
        ("td p p", []),
        ("h1", []),
        (".absent p", []),
        ("p:hover", []),
        ("p::before", []),
        ("[data-ogsc] p", []),
        ("td + p", []),
        ("table ~ p", []),
        ("", []),
        ("> p", []),
    ],
)
def test_selector_names_elements(selector: str, found: list[str]) -> None:
    sheets = Sheets(sheet(f"{selector} {{ color: red }}"))
    assert [words for words, place in PARAGRAPHS if sheets.holding(place)] == found


def test_the_nearest_that_fits_is_not_the_only_one_asked() -> None:
    """The td next to the p stands in no table.wide; the one around it does."""
    page = "<table class=wide><td><table><td><p>one</p></td></table></td></table>"
    ((_, place),) = paragraphs(html.fragment_fromstring(page), Place())
    for selector, holds in ((".wide > td p", True), (".wide > td > p", False)):
        assert bool(Sheets(sheet(f"{selector} {{color: red}}")).holding(place)) == holds


def weights(css: str) -> list[str]:
    """The selectors of the rules for the first p, the heaviest last."""
    return [rule.selector for rule in Sheets(sheet(css)).holding(dict(PARAGRAPHS)["one"])]


def test_weight_is_told_by_names_and_then_by_place() -> None:
    css = "#top p{color:red} .lead{color:red} p{color:red} td p{color:red} .t-ink{color:red}"
    assert weights(css) == ["p", "td p", ".lead", ".t-ink", "#top p"]


def test_several_selectors_are_several_rules() -> None:
    assert [rule.selector for rule in sheet("h1, p > b ,.x{color:red}")] == ["h1", "p > b", ".x"]


@pytest.mark.parametrize(
    ("media", "kept"),
    [
        ("(prefers-color-scheme: dark)", [True]),
        ("(PREFERS-COLOR-SCHEME:DARK)", [True]),
        ("screen and (prefers-color-scheme: dark)", [True]),
        ("only screen and (prefers-color-scheme:dark)", [True]),
        ("all", [False]),
        ("screen", [False]),
        ("print", []),
        ("(max-width: 480px)", []),
        ("(prefers-color-scheme: dark) and (max-width: 480px)", []),
        ("(prefers-color-scheme: light)", []),
    ],
)
def test_rules_of_every_screen_are_kept_and_those_of_the_dark_are_marked(
    media: str, kept: list[bool]
) -> None:
    assert [rule.dark for rule in sheet(f"@media {media} {{ p {{ color: red }} }}")] == kept


def test_other_rules_are_left_out() -> None:
    css = "@import 'x'; @font-face { color: red } <!-- p { margin: 0 } --> /* p{color:red} */ }{ }"
    assert sheet(css) == ()


def test_declarations_are_those_that_decide_how_words_look() -> None:
    assert declared("COLOR: Red !important; margin:0; font-size : 1em;bad;;opacity:0") == (
        ("color", "red", True),
        ("font-size", "1em", False),
        ("opacity", "0", False),
    )


def test_an_escape_hides_no_declaration() -> None:
    assert declared(r"disp\6c ay: none") == (("display", "none", False),)
