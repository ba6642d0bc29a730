import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.text.wrap import COLUMNS, columns, table, underline, wrap


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("warm", 4),
        ("따뜻", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("手、", 4),
        ("Ａ！", 4),
        ("a\u200bb", 2),
    ],
)
def test_columns_count_wide_characters_twice(text: str, expected: int) -> None:
    assert columns(text) == expected


def test_lines_hold_as_many_words_as_fit() -> None:
    text = "Warmth brings no medicine with it. " * 5
    lines = wrap(text).splitlines()
    assert " ".join(lines) == text.strip()
    assert lines[0] == "Warmth brings no medicine with it. Warmth brings no medicine with it."


def test_a_line_of_exactly_the_width_is_not_broken() -> None:
    assert wrap("a" * 35 + " " + "b" * 36) == "a" * 35 + " " + "b" * 36
    assert wrap("a" * 35 + " " + "b" * 37) == "a" * 35 + "\n" + "b" * 37


def test_a_bullet_hangs() -> None:
    lines = wrap("slow breathing " * 8, "  *  ").splitlines()
    assert lines[0].startswith("  *  slow")
    assert lines[1].startswith("     breathing")


def test_the_rest_may_begin_otherwise() -> None:
    assert wrap("a " * 40, "> ", "| ").splitlines()[1].startswith("| a")


def test_a_long_link_keeps_its_line() -> None:
    link = "https://example.com/" + "x" * 100
    assert wrap(f"Read {link} tonight") == f"Read\n{link}\ntonight"


def test_a_script_without_spaces_is_broken_between_characters() -> None:
    lines = wrap("字" * 100).splitlines()
    assert [len(line) for line in lines] == [36, 36, 28]


def test_korean_words_stay_whole() -> None:
    text = "따뜻해지면 혈관이 넓어지고 더 많은 피가 지나갑니다. " * 3
    assert " ".join(wrap(text).splitlines()) == text.strip()


def test_own_line_ends_are_kept() -> None:
    assert wrap("one\ntwo", "  ") == "  one\n  two"


def test_nothing_is_an_empty_line() -> None:
    assert wrap("") == ""
    assert wrap("", "  *  ") == "  *"


@given(st.text(alphabet="ab 字따\n", max_size=300))
def test_no_word_is_lost_and_no_line_too_long(text: str) -> None:
    wrapped = wrap(text, " 1. ")
    assert "".join(wrapped.split()) == "1." + "".join(text.split())
    short = all(len(word) <= 60 for word in text.split())
    assert not short or all(columns(line) <= COLUMNS for line in wrapped.splitlines())


def test_an_underline_is_as_long_as_its_title_is_wide() -> None:
    assert underline("Muscle", "=") == "Muscle\n======"
    assert underline("근육", "-") == "근육\n----"
    assert underline("", "-") == "\n"


def test_the_underline_of_a_long_title_is_as_long_as_its_longest_line() -> None:
    title, rule = underline("word " * 20, "=").rsplit("\n", 1)
    assert rule == "=" * max(map(len, title.splitlines()))


def test_a_table_stands_in_columns() -> None:
    assert table([["When", "How long"], ["Morning", "5 min"], ["밤", "10 min"]]) == (
        "When      How long\n-------   --------\nMorning   5 min\n밤        10 min"
    )


def test_a_table_with_uneven_rows_loses_nothing() -> None:
    assert table([["A"], ["b", "c"]]) == "A\n-   -\nb   c"


def test_a_wide_table_stands_row_by_row() -> None:
    wide = "a long cell that goes on and on for more than half a line"
    lines = table([["A", "B"], [wide, wide]]).splitlines()
    assert lines[0] == "A | B"
    assert lines[1] == f"{wide} | a long cell"
    assert lines[2].startswith("    that goes on")


def test_a_table_as_wide_as_the_page_stands_in_columns() -> None:
    assert "-" * 35 + "   " + "-" * 34 in table([["a" * 35, "b" * 34]])
    assert table([["a" * 35, "b" * 35]]) == f"{'a' * 35} |\n    {'b' * 35}"


def test_a_table_without_rows_is_nothing() -> None:
    assert table([]) == ""
