"""Word files: what is read of each paragraph."""

import pytest

from pipeline.values import Line, Run, plain
from tests.stages.read.packing import (
    NAMES,
    lines,
    listed,
    p,
    packed,
    relation,
    shown,
    styled,
    texts,
    with_parts,
)

BOLD = "<w:b/>"
LIGHT = '<w:b w:val="0"/>'
STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/>
  <w:rPr><w:sz w:val="52"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Our part"/>
  <w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Outline"><w:name w:val="Our outline"/>
  <w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/>
  <w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Strong">
  <w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Loop">
  <w:name w:val="Loop"/><w:basedOn w:val="Pool"/></w:style>
<w:style w:type="paragraph" w:styleId="Pool">
  <w:name w:val="Pool"/><w:basedOn w:val="Loop"/></w:style>
"""


def r(text: str, look: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def runs(body: str, **kinds: str) -> tuple[Run, ...]:
    """The runs of the only line."""
    (line,) = lines(packed(body, **kinds))
    return line.text


def test_a_paragraph_is_a_line_with_its_size() -> None:
    content = packed(p("One") + "<w:p/>" + p("Two", look='<w:sz w:val="28"/>'))
    assert lines(content) == (
        Line(number=1, text=(Run("One"),), gap=True, size=10),
        Line(number=3, text=(Run("Two"),), gap=True, size=14),
    )


@pytest.mark.parametrize(
    ("style", "kind", "level"),
    [
        ("Titel", "heading", 1),
        ("berschrift2", "heading", 2),
        ("Own", "heading", 2),
        ("Outline", "heading", 3),
        ("Zitat", "quotation", 0),
        ("Heading4", "heading", 4),
        ("Heading9", "heading", 6),
        ("Loop", "plain", 0),
        ("NotThere", "plain", 0),
    ],
)
def test_a_style_declares_by_its_name_in_any_language(style: str, kind: str, level: int) -> None:
    (line,) = lines(packed(styled("Words", style), styles=STYLES))
    assert (line.kind, line.level, plain(line.text)) == (kind, level, "Words")


def test_a_paragraph_declares_its_own_level_or_none() -> None:
    own = '<w:pStyle w:val="berschrift2"/><w:outlineLvl w:val="{}"/>'
    body = p("One", own.format(0)) + p("None", own.format(9)) + p("Odd", own.format("x"))
    assert [line.level for line in lines(packed(body, styles=STYLES))] == [1, 0, 0]


def test_the_size_of_a_line_is_that_of_its_smallest_words() -> None:
    big = '<w:sz w:val="40"/>'
    body = f"<w:p>{r('Big', big)}{r(' small')}</w:p><w:p>{r('Big', big)}{r(' ')}</w:p>"
    assert [line.size for line in lines(packed(body, styles=STYLES))] == [11, 20]


def test_bold_and_italic_come_from_runs_and_styles() -> None:
    assert runs(f"<w:p>{r('a', BOLD)}{r('b', '<w:i/>')}{r('c', LIGHT)}</w:p>") == (
        Run("a", bold=True),
        Run("b", italic=True),
        Run("c"),
    )
    assert runs(styled("q", "Zitat"), styles=STYLES) == (Run("q", italic=True),)
    loud = '<w:p><w:pPr><w:pStyle w:val="Loud"/></w:pPr>'
    strong = '<w:rStyle w:val="Strong"/>'
    assert runs(f"{loud}{r('a')}{r('b', strong)}</w:p>", styles=STYLES) == (
        Run("a", bold=True),
        Run("b"),
    )


def test_old_looks_of_a_tracked_change_do_not_count() -> None:
    change = "<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>"
    assert runs(f"<w:p>{r('a', change)}</w:p>") == (Run("a"),)


def test_letters_of_a_code_font_are_code() -> None:
    mono = '<w:rFonts w:ascii="Courier New"/>'
    assert runs(f"<w:p>{r('Say ')}{r('x', mono)}</w:p>") == (Run("Say "), Run("x", code=True))
    body = f"<w:p>{r('a = 1', mono)}<w:r><w:br/></w:r>{r('  b = 2', mono)}</w:p>"
    assert shown(packed(body)) == [("code", "", "a = 1\n  b = 2")]


def test_tracked_changes_are_accepted() -> None:
    body = (
        f"<w:p>{r('Keep ')}<w:ins>{r('new ')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r>"
        f"{r('old')}</w:del><w:moveFrom>{r('gone')}</w:moveFrom><w:moveTo>{r('here')}</w:moveTo></w:p>"
    )
    assert texts(packed(body)) == ["Keep new here"]


def test_a_paragraph_whose_end_was_struck_out_goes_on() -> None:
    struck = "<w:rPr><w:del/></w:rPr>"
    assert texts(packed(p("One ", struck) + p("two") + p("three"))) == ["One two", "three"]


def test_a_link_keeps_its_address_and_a_place_inside_is_none() -> None:
    body = (
        f'<w:p><w:hyperlink r:id="l">{r("Out")}</w:hyperlink> {r(" and ")}'
        f'<w:hyperlink w:anchor="x">{r("in")}</w:hyperlink></w:p>'
    )
    relations = relation("l", "hyperlink", "https://example.com/a", outside=True)
    (line,) = lines(packed(body, relations=relations))
    assert line.text == (Run("Out", link="https://example.com/a"), Run(" and in"))


def field(instruction: str, result: str) -> str:
    """A field in five parts."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    asked = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"{mark.format('begin')}{asked}{mark.format('separate')}{result}{mark.format('end')}"


def test_a_field_shows_its_result_and_never_its_instruction() -> None:
    nested = field(
        f"IF</w:instrText></w:r>{field('PAGE', r('9'))}{r('no')}<w:r><w:instrText>", r("shown")
    )
    simple = f'<w:fldSimple w:instr="DATE">{r(" today")}</w:fldSimple>'
    assert texts(packed(f"<w:p>{nested}{simple}</w:p>")) == ["shown today"]


def test_a_field_can_be_a_link() -> None:
    link = field('HYPERLINK "https://example.com"', r("Out"))
    body = f"<w:p>{link}{r(' in')}</w:p>"
    assert runs(body) == (Run("Out", link="https://example.com"), Run(" in"))


def test_stray_ends_of_fields_are_harmless() -> None:
    ends = '<w:r><w:fldChar w:fldCharType="separate"/><w:fldChar w:fldCharType="end"/></w:r>'
    stray = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    assert texts(packed(f"<w:p>{ends}{stray}{r('Words')}</w:p>")) == ["Words"]


def test_hyphens_tabs_and_symbols() -> None:
    body = (
        "<w:p><w:r><w:t>soft</w:t><w:softHyphen/><w:t>ly a</w:t><w:noBreakHyphen/><w:t>b</w:t>"
        "<w:tab/>"
        '<w:sym w:font="Symbol" w:char="F062"/><w:t>-endorphin</w:t>'
        '<w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
    )
    assert texts(packed(body)) == ["softly a\u2011b β-endorphin"]


def test_a_break_begins_a_line_but_not_in_a_heading_or_an_item() -> None:
    inner = "<w:r><w:t>One</w:t><w:br/><w:t>Two</w:t></w:r></w:p>"
    plain_one = f"<w:p>{inner}"
    heading = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{inner}'
    assert shown(packed(plain_one + heading)) == [
        ("plain", "", "One"),
        ("plain", "", "Two"),
        ("heading", "", "One Two"),
    ]


def test_what_nobody_sees_is_left_out() -> None:
    comment = "<w:commentRangeStart/><w:r><w:annotationRef/><w:commentReference/></w:r>"
    asked = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{r('Click here')}</w:sdtContent></w:sdt>"
    )
    body = f"<w:p>{r('Seen')}{r('Hidden', '<w:vanish/>')}{comment}{asked}</w:p>"
    assert texts(packed(styled("Seen 1", "TOC1") + body, styles=STYLES)) == ["Seen"]


def test_frames_around_paragraphs_are_looked_into() -> None:
    inside = p("In a control")
    body = (
        f"<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
        f"<w:customXml>{p('In XML')}</w:customXml><w:bookmarkStart/>"
        f"<mc:AlternateContent><mc:Choice>{p('New')}</mc:Choice>"
        f"<mc:Fallback>{p('Old')}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(packed(body)) == ["In a control", "In XML", "New"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("• Walk", ("item", "•", "Walk")),
        ("- Walk", ("item", "-", "Walk")),
        ("•", ("plain", "", "•")),
    ],
)
def test_typed_bullets_are_items_as_in_pasted_text(text: str, line: tuple[str, str, str]) -> None:
    assert shown(packed(p(text))) == [line]


def test_a_typed_bullet_leaves_the_styles_behind_it() -> None:
    assert runs(f"<w:p>{r('• ')}{r('Walk', BOLD)}{r(' far')}</w:p>") == (
        Run("Walk", bold=True),
        Run(" far"),
    )


def cell(*paragraphs: str, properties: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row of a table."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def test_a_table_is_rows_of_one_width() -> None:
    span = '<w:gridSpan w:val="2"/>'
    rows = (
        row(cell(p("a"), p("b")), cell(p("c", look=BOLD)))
        + row(cell(p("wide"), properties=span), cell(p("d")))
        + row(cell(p("gone")), properties="<w:del/>")
        + f"<w:sdt><w:sdtContent>{row(cell(p('e')))}</w:sdtContent></w:sdt>"
    )
    got = lines(packed(p("Above") + f"<w:tbl>{rows}</w:tbl>" + p("Below")))
    assert [(line.kind, line.gap) for line in got] == [
        ("plain", True), ("table", True), ("table", False), ("table", False), ("plain", True),
    ]  # fmt: skip
    assert [line.cells for line in got[1:4]] == [
        ((Run("a b"),), (Run("c", bold=True),), ()),
        ((Run("wide"),), (), (Run("d"),)),
        ((Run("e"),), (), ()),
    ]


def test_a_table_of_one_cell_is_a_frame() -> None:
    body = f"<w:tbl>{row(cell(styled('Head', 'Heading1'), p('Text')))}</w:tbl><w:tbl/>"
    assert shown(packed(body)) == [("heading", "", "Head"), ("plain", "", "Text")]


def test_absurd_spans_are_cut() -> None:
    span = '<w:gridSpan w:val="999999999"/>'
    (line,) = lines(packed(f"<w:tbl>{row(cell(p('a'), properties=span), cell(p('b')))}</w:tbl>"))
    assert len(line.cells) == 64


def drawing(descr: str, inner: str = "") -> str:
    """A run with a drawing."""
    return f'<w:r><w:drawing><wp:docPr descr="{descr}"/>{inner}</w:drawing></w:r>'


def test_an_image_is_its_words_and_an_address_on_the_web() -> None:
    web = drawing("A hand", '<a:blip r:link="w"/>')
    local = drawing("A foot", '<a:blip r:embed="e" r:link="f"/>')
    vml = '<w:r><w:pict><v:shape alt="A knee"/></w:pict></w:r>'
    relations = relation("w", "image", "https://example.com/a.png", outside=True) + relation(
        "f", "image", "file:///etc/passwd", outside=True
    )
    content = packed(f"<w:p>{r('Text')}{web}{local}{vml}{drawing('')}</w:p>", relations=relations)
    assert [(line.kind, plain(line.text), line.target) for line in lines(content)] == [
        ("plain", "Text", ""),
        ("image", "A hand", "https://example.com/a.png"),
        ("image", "A foot", ""),
        ("image", "A knee", ""),
    ]


def box(*paragraphs: str) -> str:
    """The inside of a text box."""
    return f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"


def test_a_text_box_is_read_once() -> None:
    new = f"<w:drawing><wps:txbx>{box(p('In the box'), p('More'))}</wps:txbx></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{box(p('In the box'))}</v:textbox></v:shape></w:pict>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice>{new}</mc:Choice>"
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(packed(f"<w:p>{both}{r('Around')}</w:p>")) == ["Around", "In the box", "More"]
    only_old = f"<w:p><w:r>{old}</w:r></w:p>"
    assert texts(packed(only_old)) == ["In the box"]


def test_pictures_and_boxes_in_a_cell_leave_their_words() -> None:
    boxed = f"<w:r><w:pict>{box(p('boxed'))}</w:pict></w:r>"
    beside = cell(f"<w:p>{drawing('A hand')}{boxed}</w:p>")
    table = f"<w:tbl>{row(cell(p('a')), beside)}</w:tbl>"
    (line,) = lines(packed(table))
    assert [plain(text) for text in line.cells] == ["a", "A hand boxed"]


def called(key: int, kind: str = "footnote") -> str:
    """The call of a note."""
    return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'


def test_notes_stand_at_the_end_in_the_order_they_are_called() -> None:
    notes = {
        f"{kind}s": "".join(
            f'<w:{kind} w:id="{key}">{p(f"{kind} {key}")}{p("more")}</w:{kind}>' for key in (1, 2)
        )
        for kind in ("footnote", "endnote")
    }
    body = (
        f"<w:p>{r('One')}{called(2)}{r(' two')}{called(1, 'endnote')}{called(2)}{called(7)}</w:p>"
    )
    assert shown(packed(body, **notes)) == [
        ("plain", "", "One[1] two[2][1][3]"),
        ("note", "1.", "footnote 2 more"),
        ("note", "2.", "endnote 1 more"),
    ]


def test_numbers_before_headings_are_written_and_before_items_are_markers() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    heading = p("Head", '<w:pStyle w:val="Heading1"/><w:numPr><w:numId w:val="1"/></w:numPr>')
    assert shown(packed(heading + listed("Item"), numbering=numbering)) == [
        ("heading", "", "1. Head"),
        ("item", "2.", "Item"),
    ]


DIAGRAM = (
    f'<dgm:dataModel {NAMES} xmlns:dgm="urn:dgm"><dgm:ptLst>'
    "<dgm:pt><dgm:t><a:p><a:r><a:t>Rest</a:t></a:r></a:p></dgm:t></dgm:pt>"
    "<dgm:pt><dgm:t><a:p><a:r><a:t>Move</a:t></a:r></a:p><a:p><a:r><a:t>a bit</a:t></a:r></a:p>"
    '</dgm:t></dgm:pt><dgm:pt type="pres"/></dgm:ptLst></dgm:dataModel>'
)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("d", ["Words", "Rest", "Move", "a bit"]), ("o", ["Words"]), ("none", ["Words"])],
)
def test_the_words_of_a_diagram_are_read(key: str, expected: list[str]) -> None:
    diagram = drawing("", f'<a:relIds r:dm="{key}"/>')
    body = f"<w:p><w:r><w:t>Words</w:t></w:r>{diagram}</w:p>"
    relations = relation("d", "diagramData", "diagrams/data1.xml") + relation(
        "o", "diagramData", "https://example.com/data1.xml", outside=True
    )
    content = with_parts(packed(body, relations=relations), {"word/diagrams/data1.xml": DIAGRAM})
    assert texts(content) == expected


@pytest.mark.parametrize("said", ["1", "true", "on"])
def test_a_paragraph_without_a_style_is_in_the_usual_one(said: str) -> None:
    usual = f"""<w:style w:type="paragraph" w:default="{said}" w:styleId="S"><w:name w:val="N"/>
        <w:rPr><w:sz w:val="30"/></w:rPr></w:style>"""
    assert [line.size for line in lines(packed(p("A"), styles=usual))] == [15]
    other = usual.replace("paragraph", "character")
    assert [line.size for line in lines(packed(p("A"), styles=other))] == [10]
