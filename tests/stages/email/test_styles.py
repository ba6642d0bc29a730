"""Style sheets: which rule holds for which element, and how much it weighs."""

import pytest
from lxml import html

from pipeline.stages.email.styles import declared, matched, sheet

PAGE = """
<div class="card b-paper" id="top">
<table><tr><td class="cell"><p class="t-ink lead">one</p></td></tr></table>
<p>two</p></div><p class="lead">three</p>
"""


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
    root = html.document_fromstring(PAGE)
    holds = matched(root, sheet(f"{selector} {{ color: red }}"))
    assert [e.text for e in root.iter("p") if e in holds] == found


def weights(css: str) -> list[str]:
    """The selectors of the rules for the first p, the heaviest last."""
    root = html.document_fromstring(PAGE)
    (element,) = root.xpath("//p[.='one']")
    found = matched(root, sheet(css))[element]
    return [rule.selector for _, rule in sorted(found, key=lambda one: one[0])]


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
