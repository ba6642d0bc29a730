"""OpenDocument texts: what the file says of each paragraph, and no more."""

from pathlib import PurePath

import pytest

from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.values import Run, plain
from tests.stages.read.opendocument import (
    AUTOMATIC,
    STYLES,
    frame,
    h,
    lines,
    p,
    packed,
    shown,
    texts,
    ul,
)


def test_headings_say_their_level_and_the_title_is_the_first() -> None:
    body = p("The title", "P1") + h("One", 1) + h("Two", 2) + h("Nine", 9) + h("None", 0)
    made = [(line.kind, line.level) for line in lines(packed(body))]
    assert made == [("heading", 1), ("heading", 1), ("heading", 2), ("heading", 6), ("heading", 1)]


def test_spans_are_bold_and_italic_and_in_a_size() -> None:
    (line,) = lines(packed(p('It <text:span text:style-name="B">hurts</text:span> less')))
    assert line.text == (Run("It "), Run("hurts", bold=True), Run(" less"))
    (line,) = lines(packed(p('<text:span text:style-name="I">now</text:span>')))
    assert (line.text, line.size) == ((Run("now", italic=True),), 12)


def test_a_heading_that_is_only_bold_and_larger_shows_it() -> None:
    made = lines(packed(p("Why", "P2") + p("It hurts.")))
    assert [(line.kind, line.size) for line in made] == [("plain", 18), ("plain", 12)]
    assert made[0].text == (Run("Why", bold=True),)


@pytest.mark.parametrize(
    ("said", "size"),
    [("24pt", 24), ("1in", 72), ("50%", 6), ("2cm", 56.7), ("10px", 7.5), ("large", 12), ("", 12)],
)
def test_sizes_are_in_points(said: str, size: float) -> None:
    own = f"""<style:style style:name="S" style:family="paragraph">
        <style:text-properties fo:font-size="{said}"/></style:style>"""
    (line,) = lines(packed(p("A", "S"), automatic=own))
    assert line.size == pytest.approx(size)


@pytest.mark.parametrize(
    ("weight", "bold"), [("bold", True), ("600", True), ("500", False), ("normal", False)]
)
def test_weights_from_600_are_bold(weight: str, bold: bool) -> None:
    own = f"""<style:style style:name="S" style:family="paragraph">
        <style:text-properties fo:font-weight="{weight}"/></style:style>"""
    (line,) = lines(packed(p("A", "S"), automatic=own))
    assert line.text == (Run("A", bold=bold),)


def test_a_style_that_stands_on_itself_ends() -> None:
    own = """<style:style style:name="S" style:family="paragraph" style:parent-style-name="T"/>
        <style:style style:name="T" style:family="paragraph" style:parent-style-name="S"/>"""
    assert texts(p("A", "S")) == ["A"]
    assert [plain(line.text) for line in lines(packed(p("A", "S"), automatic=own))] == ["A"]


def test_a_span_may_take_bold_away() -> None:
    own = (
        AUTOMATIC
        + """<style:style style:name="N" style:family="text">
        <style:text-properties fo:font-weight="normal" fo:font-style="normal"/></style:style>"""
    )
    body = p('A <text:span text:style-name="N">b</text:span>', "P2")
    (line,) = lines(packed(body, automatic=own))
    assert line.text == (Run("A", bold=True), Run(" b"))


def test_bullets_and_numbers_are_items_with_their_depth() -> None:
    body = ul(p("a"), p("b") + ul(p("c"))) + ul(p("d"), p("e") + ul(p("f"), style=""), style="L2")
    assert [(line.marker, line.level, plain(line.text)) for line in lines(packed(body))] == [
        ("-", 0, "a"),
        ("-", 0, "b"),
        ("-", 1, "c"),
        ("1.", 0, "d"),
        ("2.", 0, "e"),
        ("a)", 1, "f"),
    ]


def test_numbers_show_the_levels_above_them() -> None:
    inner = ul(ul(p("deep"), p("deeper"), style=""), style="")
    assert shown(ul(p("a") + inner, style="L2"))[1:] == [
        ("item", "1.a.1.", "deep"),
        ("item", "1.a.2.", "deeper"),
    ]


def test_a_list_goes_on_where_it_says_so_and_starts_anew_elsewhere() -> None:
    first = ul(p("a"), p("b"), style="L2", more='xml:id="x"')
    body = first + p("Words") + ul(p("c"), style="L2", more='text:continue-numbering="true"')
    body += ul(p("d"), style="L2") + ul(p("e"), style="L2", more='text:continue-list="x"')
    assert [marker for _, marker, _ in shown(body)] == ["1.", "2.", "", "3.", "1.", "4."]


def test_an_item_may_say_its_number() -> None:
    body = f'<text:list text:style-name="L2"><text:list-item text:start-value="5">{p("a")}'
    body += f"</text:list-item><text:list-item>{p('b')}</text:list-item></text:list>"
    assert [marker for _, marker, _ in shown(body)] == ["5.", "6."]


def test_only_the_first_paragraph_of_an_item_is_the_item() -> None:
    body = ul(p("a") + p("more")) + (
        f"<text:list><text:list-header>{p('Head')}</text:list-header></text:list>"
    )
    assert shown(body) == [("item", "-", "a"), ("plain", "", "more"), ("plain", "", "Head")]


def test_headings_in_a_list_or_an_outline_have_their_number() -> None:
    assert shown(ul(h("One"), h("Two"), style="L2")) == [
        ("heading", "", "1. One"),
        ("heading", "", "2. Two"),
    ]
    outline = (
        STYLES
        + """<text:outline-style>
        <text:outline-level-style text:level="1"/>
        <text:list-level-style-number text:level="2" style:num-format="I" style:num-suffix="."/>
        </text:outline-style>"""
    )
    made = lines(packed(h("A") + h("B", 2) + h("C", 2), styles=outline))
    assert [plain(line.text) for line in made] == ["A", "I. B", "II. C"]


def test_links_keep_their_address_and_anchors_are_none() -> None:
    body = p('See <text:a xlink:href="https://a.test/">this</text:a>.')
    body += p('<text:a xlink:href="#top">Up</text:a>')
    made = lines(packed(body))
    assert made[0].text == (Run("See "), Run("this", link="https://a.test/"), Run("."))
    assert made[1].text == (Run("Up"),)


def test_spaces_tabs_and_breaks_are_elements() -> None:
    assert texts(p("a<text:s/>b<text:s text:c='3'/>c<text:tab/>d\ne")) == ["a b c d e"]
    assert texts(p("a<text:line-break/>b")) == ["a", "b"]
    assert texts(ul(p("a<text:line-break/>b"))) == ["a b"]


def test_notes_are_called_and_stand_at_the_end() -> None:
    note = (
        "<text:note><text:note-citation>i</text:note-citation>"
        f"<text:note-body>{p('Smith 2020')}{p('p. 4')}</text:note-body></text:note>"
    )
    assert shown(p(f"So it is{note}.") + p("More")) == [
        ("plain", "", "So it is[1]."),
        ("plain", "", "More"),
        ("note", "1.", "Smith 2020 p. 4"),
    ]


def test_what_nobody_sees_is_no_part_of_it() -> None:
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{p('Struck out')}"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:table-of-content><text:index-body>{p('Contents')}</text:index-body>"
        "</text:table-of-content>"
    )
    body += p(
        "A<text:change-start/> new<text:change-end/><office:annotation><text:p>Why?</text:p>"
        '</office:annotation><text:span text:style-name="H">hidden</text:span> word'
        "<text:hidden-text>secret</text:hidden-text>"
    )
    assert texts(body) == ["A new word"]


def test_sections_and_rubies_are_read_through() -> None:
    ruby = "<text:ruby-base>침</text:ruby-base><text:ruby-text>chim</text:ruby-text>"
    assert texts(f"<text:section>{p(f'<text:ruby>{ruby}</text:ruby>')}</text:section>") == ["침"]


def test_pictures_say_what_they_show_and_boxes_are_read() -> None:
    picture = frame('<draw:image xlink:href="Pictures/a.png"/><svg:desc>A knee</svg:desc>')
    titled = frame('<draw:image xlink:href="https://a.test/b.png"/><svg:title>B</svg:title>')
    mute = frame('<draw:image xlink:href="Pictures/c.png"/>')
    box = frame(f"<draw:text-box>{p('Boxed')}</draw:text-box>")
    body = p(f"Words{picture}{titled}{mute}{box}") + frame("<svg:desc>Alone</svg:desc>")
    assert [(line.kind, plain(line.text), line.target) for line in lines(packed(body))] == [
        ("plain", "Words", ""),
        ("image", "A knee", ""),
        ("image", "B", "https://a.test/b.png"),
        ("plain", "Boxed", ""),
        ("image", "Alone", ""),
    ]


def row(*cells: str) -> str:
    """A row of a table."""
    inner = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{inner}</table:table-row>"


def test_tables_have_rows_of_one_width() -> None:
    wide = (
        f'<table:table-row><table:table-cell table:number-columns-spanned="2">{p("wide")}'
        "</table:table-cell><table:covered-table-cell/></table:table-row>"
    )
    head = f"<table:table-header-rows>{row(p('Food'), p('Gram'))}</table:table-header-rows>"
    rows = row(p("a") + p("b"), ul(p("c"))) + wide + row(p("d"))
    body = f"<table:table><table:table-column/>{head}{rows}"
    cells = [
        [plain(cell) for cell in line.cells] for line in lines(packed(f"{body}</table:table>"))
    ]
    assert cells == [["Food", "Gram"], ["a b", "c"], ["wide", ""], ["d", ""]]


def test_a_table_of_one_cell_is_a_frame_and_repeated_cells_are_few() -> None:
    assert shown(f"<table:table>{row(h('In'))}</table:table>") == [("heading", "", "In")]
    sheet = (
        f"<table:table><table:table-row><table:table-cell>{p('a')}</table:table-cell>"
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row></table:table>'
    )
    (line,) = lines(packed(sheet))
    assert [plain(cell) for cell in line.cells] == ["a", ""]


def test_quotations_code_and_typed_bullets_are_seen() -> None:
    body = p("Rest, he said.", "Quotations") + p("x = 1", "Preformatted_20_Text") + p("• a")
    assert shown(body) == [
        ("quotation", ">", "Rest, he said."),
        ("code", "", "x = 1"),
        ("item", "•", "a"),
    ]


def test_an_article_whose_headings_are_only_bold_is_split() -> None:
    prose = p("It hurts for a while, and then it is over; nobody knows quite why that is so. " * 3)
    body = p("On pain", "P1") + "".join(p(name, "P2") + prose for name in ("Why", "When", "Where"))
    made = split(read(PurePath("a.odt"), packed(body)), language="en")
    assert (made.title, [part.heading for part in made.sections]) == (
        "On pain",
        ["Why", "When", "Where"],
    )


def test_pictures_and_boxes_in_cells_are_words_of_the_cell() -> None:
    picture = frame("<svg:desc>A knee</svg:desc>")
    box = frame(f"<draw:text-box>{p('Boxed')}</draw:text-box>")
    made = lines(packed(f"<table:table>{row(p(f'a{picture}'), p(f'b{box}'))}</table:table>"))
    assert [plain(cell) for cell in made[0].cells] == ["a A knee", "b Boxed"]


def test_a_level_without_a_number_is_a_bullet_and_one_without_a_form_draws_none() -> None:
    own = """<text:list-style style:name="L3">
        <text:list-level-style-number text:level="1" style:num-format="" style:num-suffix="."/>
        <text:list-level-style-image text:level="2"/>
        <text:list-level-style-number text:level="99" style:num-format="1"/></text:list-style>"""
    body = ul(p("a") + ul(p("b"), style=""), "<text:soft-page-break/>", style="L3")
    made = lines(packed(body, automatic=own))
    assert [(line.marker, line.level) for line in made] == [("-", 0), ("-", 1)]


def test_a_level_shows_only_the_numbers_that_are_drawn() -> None:
    own = """<text:list-style style:name="L3">
        <text:list-level-style-number text:level="1" style:num-format=""/>
        <text:list-level-style-number text:level="2" style:num-format="I" text:start-value="4"
         style:num-prefix="(" style:num-suffix=")" text:display-levels="2"/></text:list-style>"""
    made = lines(packed(ul(p("a") + ul(p("b"), style=""), style="L3"), automatic=own))
    assert [line.marker for line in made] == ["-", "(IV)"]


def test_a_level_shows_no_more_levels_than_there_are() -> None:
    own = """<text:list-style style:name="L3">
        <text:list-level-style-number text:level="1" style:num-format="1"
         text:display-levels="9"/></text:list-style>"""
    made = lines(packed(ul(p("a"), p("b"), style="L3"), automatic=own))
    assert [line.marker for line in made] == ["1", "2"]
