"""Plain text as it is pasted."""

import pytest

from pipeline.stages.read.text import read_text
from pipeline.values import Line, Run, plain


def lines(text: str) -> list[tuple[str, str, str]]:
    """Kind, marker and words of each line."""
    return [(line.kind, line.marker, plain(line.text)) for line in read_text("a.txt", text).lines]


def test_read_text_gives_a_line_a_paragraph_with_its_number_and_gap() -> None:
    source = read_text("a.txt", "Title\nOne \n\n  \xa0 Two\n")
    assert source.lines == (
        Line(number=1, text=(Run("Title"),), gap=True),
        Line(number=2, text=(Run("One"),)),
        Line(number=4, text=(Run("Two"),), gap=True),
    )
    assert (source.name, source.matter) == ("a.txt", {})


@pytest.mark.parametrize(
    ("written", "marker"),
    [
        ("- a b", "-"),
        ("• a b", "•"),
        ("•\ta b", "•"),
        ("•a b", "•"),
        ("· a b", "·"),
        ("* a b", "*"),
        ("– a b", "–"),
        ("o\ta b", "o"),
        ("o\xa0\xa0 a b", "o"),
        ("    o a b", "o"),
        ("\uf0b7 a b", "\uf0b7"),
        ("   ◦  a  b ", "◦"),
        ("\xa0● a b", "●"),
    ],
)
def test_read_text_knows_a_bullet(written: str, marker: str) -> None:
    assert lines(written) == [("item", marker, "a b")]


def test_read_text_knows_words_o_before_a_capital() -> None:
    assert lines("o Relaxing") == [("item", "o", "Relaxing")]


@pytest.mark.parametrize(
    "written",
    [
        "-5 °C outside",
        "o bien dormimos",
        "–",
        "*bold*",
        "1. One",
        "— dijo",
        "#tag",
        "- \u200b",
        "-",
    ],
)
def test_read_text_leaves_what_is_no_bullet(written: str) -> None:
    assert lines(written) == [("plain", "", written.replace("\u200b", "").strip())]


@pytest.mark.parametrize("rule", ["---", "***", "* * *", "_____", "– – –", "====", "• • •", "   "])
def test_read_text_takes_a_rule_for_an_empty_line(rule: str) -> None:
    made = read_text("a.txt", f"a\n{rule}\nb").lines
    assert [(plain(line.text), line.gap) for line in made] == [("a", True), ("b", True)]


def test_read_text_keeps_an_emoji_whole_and_drops_what_nobody_sees() -> None:
    assert lines("👩‍⚕️ so\u00adft\u200b\thyphen") == [("plain", "", "👩‍⚕️ soft hyphen")]


def test_read_text_of_nothing_is_nothing() -> None:
    assert lines("\n\n") == []


def test_read_text_takes_a_small_o_for_a_bullet_where_others_surely_are() -> None:
    text = "Why\n- trade shows\n    o Meetups\n- people\no i.e., many of them\nThe end.\n\no so\n"
    read = read_text("a.txt", text).lines
    assert [(line.marker, plain(line.text)) for line in read] == [
        ("", "Why"),
        ("-", "trade shows"),
        ("o", "Meetups"),
        ("-", "people"),
        ("o", "i.e., many of them"),
        ("", "The end."),
        ("o", "so"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Descanse\no bien camine un rato.",
        "    o Primero\nDescanse en la cama\no bien camine un rato.",
        "    o Primero\nDescanse en la cama\nocho horas.",
    ],
)
def test_read_text_leaves_an_o_that_is_a_word(text: str) -> None:
    last = read_text("a.txt", text).lines[-1]
    assert (last.kind, plain(last.text)) == ("plain", text.rsplit("\n", maxsplit=1)[-1])


def test_read_text_takes_squares_that_stand_alone_for_no_bullets() -> None:
    assert lines("T\n■ 원인\nProse.\n■ 치료\nProse.")[1::2] == [
        ("plain", "", "원인"),
        ("plain", "", "치료"),
    ]
    touching = "T\n■ a\n■ b\nProse.\n■ c"
    assert [marker for _, marker, _ in lines(touching)] == ["", "■", "■", "", "■"]
    assert lines("T\n■ a\nProse.")[1] == ("item", "■", "a")
