"""An issue in feed readers: every word of it, and nothing that lays it out or does anything."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from lxml import html
from markupsafe import escape

from pipeline.stages.email.page import page
from pipeline.stages.merge import mark
from pipeline.stages.readable import readable, writable
from pipeline.stages.text.inline import solid
from pipeline.values import Block, Design, Run, plain
from tests.browser.test_hostile import CORPUS
from tests.samples import article, paragraph
from tests.specimens import DESIGNS, clinic_of, everything, rendered_for, specimen, written
from tests.stages.letters import first, one_block

ARCHIVE = "https://letters.example.com/archive"
KEPT = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "blockquote", "pre", "code", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "img", "strong", "em"),
}


def made(letter: str, without: str = "") -> html.HtmlElement:
    text = readable(letter, archive=ARCHIVE, without=without)
    return html.fragment_fromstring(text, create_parent="div")


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("language", ["en", "ko", "es", "ar"])
def test_no_word_of_the_author_is_lost_and_no_layout_is_kept(design: Design, language: str) -> None:
    shown = made(specimen(language, design).html)
    assert {element.tag for element in shown.iter()} - {"div"} <= KEPT
    said = solid(shown.text_content())
    whole = written(language)
    blocks = [*whole.lead] if language != "es" else []
    for section in whole.sections[:1] if language != "es" else whole.sections[1:2]:
        blocks += section.blocks
    for block in blocks:
        for text in (block.text, *block.items):
            if block.kind != "image":
                assert solid(plain(text)) in said


def test_it_begins_below_the_title_which_the_feed_says_itself() -> None:
    shown = made(first().html)
    assert "Why Warmth Helps" not in shown.text_content().split("A warm hand")[0]
    assert "The Harbour Letter" not in shown.text_content().split("A warm hand")[0]
    assert shown.find(".//h1") is None


def test_without_a_title_nothing_is_dropped() -> None:
    assert readable("<p>One</p><p>Two</p>", archive=ARCHIVE) == "<p>One</p><p>Two</p>"


def test_a_number_in_a_disc_goes_to_its_heading_and_initials_go() -> None:
    shown = made(specimen("en", "calm").html)
    assert shown.findtext(".//h2") == "1. " or shown.find(".//h2").text_content().startswith("1. ")
    assert not [p for p in shown.iter("p") if p.text_content().strip() in ("ME", "1")]


def test_a_disc_without_a_row_or_a_number_is_no_trouble() -> None:
    disc = '<table><tr><td class="tile">{}</td></tr></table>'
    assert readable(f"<p>A</p>{disc.format('1')}", archive=ARCHIVE) == "<p>A</p>"
    row = f"<table role=presentation><tr><td>{disc.format('')}</td><td><h2>B</h2></td></tr></table>"
    assert readable(row, archive=ARCHIVE) == "<h2>B</h2>"


def test_tables_and_lists_of_the_author_stay_what_they_are() -> None:
    shown = made(rendered_for(everything(), clinic_of("en", "calm"))[0].html)
    assert len(shown.findall(".//table")) >= 1
    assert shown.find(".//table").find(".//th").text_content() == "Column a"
    assert shown.find(".//ol[@start='98']") is not None
    assert "👩‍⚕️ emoji 🌡️" in shown.text_content()


def test_every_address_is_whole() -> None:
    words = (Run("See "), Run("here", link="https://example.com/x?a=1&b=2"), Run(" now."))
    shown = made(one_block(Block(kind="paragraph", text=words)).html)
    assert shown.find(".//a[@href='https://example.com/x?a=1&b=2']").text == "here"
    letter = (
        f'<p><a href="{mark("archive_url")}/weekly/a/1/">Part 1</a> <a href="b">B</a></p>'
        '<p><img src="c.png" alt="C">D<img src="https://example.com/e.png" alt="E"></p>'
    )
    assert readable(letter, archive=ARCHIVE) == (
        f'<p><a href="{ARCHIVE}/weekly/a/1/">Part 1</a> B</p>'
        '<p>D<img src="https://example.com/e.png" alt="E"></p>'
    )


def test_nothing_personal_is_in_it() -> None:
    words = 'Hi {{ first_name | default("friend") }}'
    issue = first(replace(article(), lead=(paragraph(words),)))
    shown = made(issue.html, issue.about.why)
    assert "Hi friend" in shown.text_content()
    assert "@@" not in html.tostring(shown, encoding="unicode")
    assert "Unsubscribe" not in shown.text_content()
    assert issue.about.why.startswith("You get this letter")
    assert issue.about.why not in shown.text_content()


@pytest.mark.parametrize("words", CORPUS)
def test_hostile_words_stay_words_s3(words: str) -> None:
    for letter in (f"<p>{escape(words)}</p>", f"<div>{words}</div>", f"<p title='{words}'>x</p>"):
        text = readable(letter, archive=ARCHIVE)
        seen = page(text)
        assert seen.handlers == ()
        assert seen.elements <= KEPT | {"hr", "figure", "figcaption", "caption", "sub", "sup", "b"}
        for link in seen.links:
            assert urlsplit(link.href).scheme in ("http", "https", "mailto", "tel")
        assert all(load.startswith(("http:", "https:")) for load in seen.loads)


def test_what_no_xml_may_hold_is_left_out() -> None:
    assert writable("a\x00b\x0bc\ud800d\ufffee\u200bf\t\n온👩") == "abcdef\t\n온👩"
    assert readable("<p>a\x0bb</p>", archive=ARCHIVE) == "<p>ab</p>"
