"""Rich text: what the control words say of each paragraph, and no more."""

import contextlib
from pathlib import Path, PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.values import Line, Run, plain
from tests.stages.read.hostile import in_a_child

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fnil\fcharset129 Batang;}"
    r"{\f2\fnil\fcharset204 Arial;}}"
)


def rich(body: str) -> bytes:
    """Rich text as Word writes it."""
    return (r"{\rtf1\ansi\ansicpg1252\uc1\deff0" + FONTS + body + "}").encode("latin-1")


def lines(body: str) -> tuple[Line, ...]:
    """The lines of a body."""
    return read(PurePath("a.rtf"), rich(body)).lines


def shown(body: str) -> list[tuple[str, str, str]]:
    """Kind, marker and words of each line."""
    return [(line.kind, line.marker, plain(line.text)) for line in lines(body)]


def texts(body: str) -> list[str]:
    """The words of each line."""
    return [words for _, _, words in shown(body)]


def told(content: bytes) -> str:
    """The error that reading gives."""
    with pytest.raises(SourceError) as error:
        read(PurePath("a.rtf"), content)
    return str(error.value)


def test_paragraphs_end_with_par_and_the_last_one_with_the_file() -> None:
    assert texts(r"\pard One\par Two\par\par Three") == ["One", "Two", "Three"]
    assert [line.gap for line in lines(r"\pard One\par Two\par\par Three")] == [True, False, True]
    assert texts("One\\\nTwo\\\r\nThree\\sect Four") == ["One", "Two", "Three", "Four"]


def test_line_ends_of_the_file_are_nothing() -> None:
    assert texts("On\ne wo\r\nrd") == ["One word"]


def test_looks_end_with_their_group_or_where_it_is_said() -> None:
    (line,) = lines(r"{\b bold} {\i slanted}\b  both\b0  none\i  i\plain  p")
    assert line.text == (
        Run("bold", bold=True),
        Run(" "),
        Run("slanted", italic=True),
        Run(" "),
        Run("both", bold=True),
        Run(" none "),
        Run("i", italic=True),
        Run(" p"),
    )


def test_sizes_are_half_points_and_12_where_nothing_is_said() -> None:
    made = lines(r"\fs36 A\par\fs B\par\plain C\par{\fs21 D}")
    assert [line.size for line in made] == [18, 12, 12, 10.5]


@pytest.mark.parametrize(
    ("said", "level"), [("0", 1), ("1", 2), ("8", 6), ("9", 0), ("", 0), ("-1", 0)]
)
def test_an_outline_level_is_a_heading(said: str, level: int) -> None:
    (line, after) = lines(rf"\pard\outlinelevel{said} A\par\pard B")
    assert (line.kind, line.level) == ("heading" if level else "plain", level)
    assert after.kind == "plain"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (r"\'93a\'94 \'e9", "“a” é"),
        (r"\u8217?s", "’s"),
        (r"\u54840\'bd?", "호?"),
        (r"\uc2\u54840\'c8\'a3!", "호!"),
        (r"{\uc0\u8217}s", "’s"),
        (r"\u8217\b0 s", "’s"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"\u-8704?a\u-10179?b", "ab"),
        (r"{\f1 \'c4\'a7}", "침"),
        (r"{\f2 \'e4\'e0}", "да"),
        (r"{\f1 \plain\'e9}", "é"),
        (r"\ansicpg949 \'c4\'a7", "침"),
        (r"\ansicpg99999 \'e9", "é"),
        (r"\mac \'8e", "é"),
        (r"\{a\}\\b\~c\_d\-e", "{a}\\b c\u2011de"),
        (r"a\emdash b\endash c\lquote d\rquote\ldblquote e\rdblquote\bullet", "a—b–c‘d’“e”•"),
        (r"a\tab b\emspace c\enspace d", "a b c d"),
        (r"a\nosuchword b\nosuchword12 c", "abc"),
    ],
)
def test_letters_come_in_many_ways(written: str, read_as: str) -> None:
    assert texts(written) == [read_as]


def test_lists_are_told_by_what_is_drawn_before_them() -> None:
    body = (
        r"{\listtext\pard\plain\f3 \'b7\tab}\pard\ls1\ilvl0 a\par"
        r"{\listtext\tab\uc0\u8226 \tab}\ilvl1 b\par"
        r"{\pntext 2.\tab}c\par{\listtext iv)\tab}d\par{\listtext }e"
    )
    assert [(line.kind, line.marker, line.level, plain(line.text)) for line in lines(body)] == [
        ("item", "-", 0, "a"),
        ("item", "-", 1, "b"),
        ("item", "2.", 1, "c"),
        ("item", "iv)", 1, "d"),
        ("plain", "", 0, "e"),
    ]


def test_typed_bullets_are_items_and_a_break_in_a_line_begins_another() -> None:
    assert shown("\\bullet\\tab one\\par Two\\line three") == [
        ("item", "•", "one"),
        ("plain", "", "Two"),
        ("plain", "", "three"),
    ]


def test_links_are_fields() -> None:
    field = r'{\field{\*\fldinst{HYPERLINK "https://a.test/"}}{\fldrslt{\ul this}}}'
    (line,) = lines(f"See {field} now {{\\field{{\\*\\fldinst PAGE}}{{\\fldrslt 3}}}}")
    assert line.text == (Run("See "), Run("this", link="https://a.test/"), Run(" now 3"))


def test_tables_are_rows_of_one_width() -> None:
    body = (
        r"Before\par\trowd\cellx1\cellx2\pard\intbl A\cell{\b B}\par b\cell\row"
        r"\trowd\pard\intbl C\cell\row\pard After\par"
        r"\trowd\pard\intbl D\cell\row"
    )
    made = lines(body)
    assert [(line.kind, [plain(cell) for cell in line.cells]) for line in made] == [
        ("plain", []),
        ("table", ["A", "B b"]),
        ("table", ["C", ""]),
        ("plain", []),
        ("table", ["D"]),
    ]
    assert [line.gap for line in made] == [True, True, False, True, True]


def test_notes_are_called_and_stand_at_the_end() -> None:
    body = r"So{\super\chftn{\footnote\pard{\super\chftn} Smith 2020\par p. 4}} it is.\par More"
    assert shown(body) == [
        ("plain", "", "So[1] it is."),
        ("plain", "", "More"),
        ("note", "1.", "Smith 2020 p. 4"),
    ]


def test_what_nobody_sees_is_no_part_of_it() -> None:
    body = (
        r"{\info{\title T}}{\stylesheet{\s1 heading 1;}}{\colortbl;\red0;}"
        r"{\header\pard Head{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv X}}{\shptxt Y}}}\par}"
        r"{\*\generator Riched;}{\deleted gone}{\v hidden}{\*\atnid A}{\annotation why}Words"
    )
    assert texts(body) == ["Words"]


def test_pictures_say_what_they_show_and_boxes_are_read() -> None:
    knee = (
        r"{\*\shppict{\pict{\*\picprop{\sp{\sn wzName}{\sv Picture 1}}{\sp{\sn wzDescription}"
        r"{\sv A knee}}}\pngblip 8950}}{\nonshppict{\pict 00}}"
    )
    box = r"{\shp{\*\shpinst\shpleft1{\sp{\sn x}{\sv 1}}{\shptxt\pard In {\b it}\par}}{\shprslt x}}"
    made = lines(f"Words{knee}{box}\\par Last")
    assert [(line.kind, plain(line.text)) for line in made] == [
        ("plain", "Words"),
        ("image", "A knee"),
        ("plain", "In it"),
        ("plain", "Last"),
    ]
    (row,) = lines(rf"\trowd\intbl a{knee}{box}\cell\row")
    assert [plain(cell) for cell in row.cells] == ["a A knee In it"]


def test_raw_bytes_of_pictures_are_stepped_over() -> None:
    assert texts(r"a{\pict\bin6 }}}{\b}b") == ["ab"]
    assert texts(r"a\bin-6 b\bin99999 c") == ["ab"]


def test_textedit_and_pages_are_read() -> None:
    body = (
        "{\\rtf1\\ansi\\ansicpg1252\\cocoartf2761\n{\\fonttbl\\f0\\fswiss\\fcharset0 Helvetica;}\n"
        "\\pard\\tx560\\pardirnatural\n\\f0\\b\\fs36 \\cf0 Why it hurts\\\n\\b0\\fs24 It\\'92s "
        "\\uc0\\u8220 late\\u8221 .\\\n{\\listtext\t\\uc0\\u8226 \t}a\\\n}"
    )
    made = read(PurePath("a.rtf"), body.encode()).lines
    assert [(line.kind, line.size, plain(line.text)) for line in made] == [
        ("plain", 18, "Why it hurts"),
        ("plain", 12, "It’s “late”."),
        ("item", 12, "a"),
    ]


def test_an_article_whose_headings_are_only_bold_is_split() -> None:
    prose = r"\b0 It hurts for a while, and then it is over, and nobody knows why. " * 4
    body = r"\b\fs32 On pain\fs24\par " + "".join(
        rf"\b {name}\par {prose}\par " for name in ("Why", "When", "Where")
    )
    made = split(read(PurePath("a.rtf"), rich(body)), language="en")
    assert (made.title, [part.heading for part in made.sections]) == (
        "On pain",
        ["Why", "When", "Where"],
    )


DATA = "Keep the article in this file, and what is data in another."
MEND = "Copy the article into a new document and save that, as .docx or .txt."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Only text", "this is not rich text"),
        (rich("{" * 501), "groups are nested more than 500 deep in this file"),
        (rich("\\b" * 500_001), "this rich text is larger than any article"),
        (rich("a" * 32_000_001), "this rich text is larger than any article"),
        (rich("a\\par " * 41_000), "this file has more than 40,000 short lines"),
    ],
)
def test_what_is_no_article_is_refused(content: bytes, message: str) -> None:
    mend = DATA if "short lines" in message else MEND
    assert told(content) == f"a.rtf: {message}. {mend}"


def test_a_file_that_ends_early_is_read_so_far() -> None:
    whole = rich(r"One\par{\b Two {\footnote note}} three\par{\listtext 1.}\u54840?\'e9")
    for end in range(6, len(whole)):
        words = " ".join(plain(line.text) for line in read(PurePath("a.rtf"), whole[:end]).lines)
        assert words[:3] in ("", "O", "On", "One")
    assert texts(r"a}}}} b") == ["a b"]
    assert plain(read(PurePath("a.rtf"), rb"{\rtf1 {\b One").lines[0].text) == "One"


def test_damage_anywhere_is_a_line_or_a_reading() -> None:
    whole = rich(r"One\par{\b Two} \u8217?s\par\trowd\intbl a\cell\row{\listtext 1.}b\'e9")
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :]
        with contextlib.suppress(SourceError):
            read(PurePath("a.rtf"), damaged)


@pytest.mark.parametrize(
    "body",
    [
        r"\'e9" * 400_000,
        r"{\listtext a" * 400 + r"\'e9\b" * 100_000,
        "{}" * 240_000,
        r"\u8217?" * 240_000,
        r"{\footnote " * 400 + "a\\par" * 100_000,
        r"\cell\row" * 100_000,
        r"\object{\*\objdata 0105}{\field{\*\fldinst INCLUDETEXT file:///etc/passwd}}" * 1000,
    ],
)
def test_nonsense_takes_little_and_asks_for_nothing(tmp_path: Path, body: str) -> None:
    _, asked = in_a_child(tmp_path, "a.rtf", rich(body), good=rich("Good"))
    assert asked == []


def test_one_letter_is_left_out_behind_a_unicode_one_where_nothing_is_said() -> None:
    (line,) = read(PurePath("a.rtf"), rb"{\rtf1 It\u8217?s so}").lines
    assert plain(line.text) == "It’s so"


def test_a_note_changes_nothing_of_the_paragraph_around_it() -> None:
    note = r"{\footnote\pard\plain\outlinelevel3\ilvl4 Smith}"
    assert [(line.kind, line.level) for line in lines(rf"\pard\outlinelevel1 A{note} b\par")] == [
        ("heading", 2),
        ("note", 0),
    ]
    (row, last) = lines(rf"\trowd\pard\intbl a{note} b\cell c\cell\row")
    assert [plain(cell) for cell in row.cells] == ["a[1] b", "c"]
    assert plain(last.text) == "Smith"


def test_a_note_has_its_own_looks() -> None:
    (line, note) = lines(r"{\b\fs40 A{\footnote Smith{\i  2020}} b} c")
    assert line.text == (Run("A[1] b", bold=True), Run(" c"))
    assert note.text == (Run("Smith "), Run("2020", italic=True))
