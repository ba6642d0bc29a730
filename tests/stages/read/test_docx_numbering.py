"""Word's own numbers: they stand in no text and are counted as Word counts them."""

import pytest

from tests.stages.read.packing import listed, p, packed, shown, styled


def level(
    place: int, form: str = "decimal", pattern: str | None = None, *, start: int = 1, more: str = ""
) -> str:
    """One level of a list."""
    written = f"%{place + 1}." if pattern is None else pattern
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'{more}<w:lvlText w:val="{written}"/></w:lvl>'
    )


def abstract(key: int, *levels: str) -> str:
    """The definition of a list."""
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int, of: int, override: str = "") -> str:
    """A list that follows a definition."""
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def markers(body: str, numbering: str, styles: str = "") -> list[str]:
    """The markers of all items."""
    return [marker for _, marker, _ in shown(packed(body, numbering=numbering, styles=styles))]


def test_levels_count_and_begin_anew_below_a_higher_one() -> None:
    numbering = abstract(0, level(0), level(1, pattern="%1.%2")) + num(1, 0)
    body = "".join(listed("x", level=depth) for depth in (0, 1, 1, 0, 1))
    assert markers(body, numbering) == ["1.", "1.1", "1.2", "2.", "2.1"]


def test_a_level_above_that_was_never_used_counts_as_begun() -> None:
    numbering = abstract(0, level(0, start=4), level(1, pattern="%1.%2")) + num(1, 0)
    assert markers(listed("x", level=1), numbering) == ["4.1"]


@pytest.mark.parametrize(
    ("form", "start", "marker"),
    [
        ("decimal", 3, "3."),
        ("upperRoman", 9, "IX."),
        ("lowerRoman", 44, "xliv."),
        ("upperRoman", 5000, "5000."),
        ("upperLetter", 2, "B."),
        ("lowerLetter", 28, "bb."),
        ("lowerLetter", 999999, "999999."),
        ("decimalZero", 7, "07."),
        ("decimalEnclosedCircle", 2, "②."),
        ("decimalEnclosedCircle", 99, "99."),
        ("ganada", 3, "다."),
        ("chineseCounting", 3, "3."),
        ("none", 3, "."),
        ("bullet", 1, "-"),
    ],
)
def test_numbers_are_written_in_their_form(form: str, start: int, marker: str) -> None:
    numbering = abstract(0, level(0, form, start=start)) + num(1, 0)
    assert markers(listed("x"), numbering) == [marker]


def test_lists_of_one_definition_count_together_unless_one_starts_over() -> None:
    over = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = abstract(0, level(0)) + num(1, 0) + num(2, 0) + num(3, 0, over)
    body = "".join(listed("x", number) for number in (1, 2, 3, 3, 1))
    assert markers(body, numbering) == ["1.", "2.", "5.", "6.", "7."]


def test_a_list_may_write_a_level_its_own_way() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "(%1)")}</w:lvlOverride>'
    assert markers(listed("x"), abstract(0, level(0)) + num(1, 0, own)) == ["(A)"]


def test_legal_numbers_are_digits_at_every_level() -> None:
    legal = level(1, pattern="%1.%2", more="<w:isLgl/>")
    numbering = abstract(0, level(0, "upperRoman"), legal) + num(1, 0)
    assert markers(listed("x") + listed("y", level=1), numbering) == ["I.", "1.1"]


STYLES = (
    '<w:style w:styleId="L"><w:name w:val="List"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    '</w:pPr></w:style><w:style w:styleId="L2"><w:basedOn w:val="L"/></w:style>'
    '<w:style w:type="numbering" w:styleId="N"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>'
    "</w:pPr></w:style>"
)


def test_a_style_can_number_and_its_level_can_name_it() -> None:
    named = level(1, pattern="%2)", more='<w:pStyle w:val="L"/>')
    numbering = abstract(0, level(0), named) + num(1, 0)
    assert markers(styled("x", "L") + styled("y", "L2"), numbering, STYLES) == ["1)", "2)"]


def test_a_paragraph_can_leave_the_list_of_its_style() -> None:
    off = p("x", '<w:pStyle w:val="L"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert markers(off, abstract(0, level(0)) + num(1, 0), STYLES) == [""]


def test_a_definition_can_be_that_of_a_numbering_style() -> None:
    link = '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="N"/></w:abstractNum>'
    numbering = link + abstract(1, level(0, "upperLetter")) + num(1, 0) + num(2, 1)
    assert markers(listed("x"), numbering, STYLES) == ["A."]


@pytest.mark.parametrize(
    "numbering",
    [
        "",
        num(1, 9),
        abstract(0) + num(1, 0),
        abstract(0, level(0, pattern="")) + num(1, 0),
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="?"/></w:abstractNum>'
        + num(1, 0),
    ],
)
def test_a_list_that_says_nothing_leaves_a_plain_line(numbering: str) -> None:
    assert shown(packed(listed("x"), numbering=numbering)) == [("plain", "", "x")]


@pytest.mark.parametrize(("written", "marker"), [("-1", "1."), ("99", "9."), ("9" * 5000, "1.")])
def test_absurd_levels_are_the_nearest_there_is(written: str, marker: str) -> None:
    numbering = abstract(0, *(level(place, start=place + 1) for place in range(9))) + num(1, 0)
    inner = f'<w:ilvl w:val="{written}"/><w:numId w:val="1"/>'
    assert markers(p("x", f"<w:numPr>{inner}</w:numPr>"), numbering) == [marker]
