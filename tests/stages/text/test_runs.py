"""Runs have one canonical form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.text.runs import as_text, clean, fold, tidy
from pipeline.values import Run, plain

_runs = st.lists(
    st.builds(
        Run,
        text=st.text(st.sampled_from("ab \t\n\xa0\u200b\u00ad❤침"), max_size=6),
        bold=st.booleans(),
        italic=st.booleans(),
        link=st.sampled_from(["", "/a"]),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("dirty", "washed"),
    [
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("word\u2060joiner\x02", "wordjoiner"),
        ("stray\u200djoiner\u200c", "strayjoiner"),
        ("👩‍⚕️ and 👩🏽‍⚕️", "👩‍⚕️ and 👩🏽‍⚕️"),
        ("می‌خواهم", "می‌خواهم"),
        ("क्‍ष", "क्‍ष"),
        ("👩\u200d ", "👩 "),
        ("👩\u200da", "👩a"),
        ("👨‍👩‍👧🏳️‍🌈", "👨‍👩‍👧🏳️‍🌈"),
        (unicodedata.normalize("NFD", "침"), "침"),
        ("keeps\ttab", "keeps\ttab"),
    ],
)
def test_clean_takes_out_only_what_nobody_sees(dirty: str, washed: str) -> None:
    assert clean(dirty) == washed


def test_fold_makes_one_space_of_any_white_space() -> None:
    assert fold(" \xa0a\t\u3000b\u2028c \n") == "a b c"


def test_tidy_merges_neighbours_of_one_style() -> None:
    assert tidy([Run("a"), Run(""), Run("b"), Run("c", bold=True)]) == (
        Run("ab"),
        Run("c", bold=True),
    )


def test_tidy_gives_a_space_the_styles_both_sides_share() -> None:
    runs = [Run("a ", bold=True, italic=True), Run("b", bold=True), Run(" c", link="/x"), Run("d")]
    assert tidy(runs) == (
        Run("a", bold=True, italic=True),
        Run(" b", bold=True),
        Run(" "),
        Run("c", link="/x"),
        Run("d"),
    )


def test_tidy_keeps_spaces_inside_code_and_puts_those_between_outside() -> None:
    runs = [Run("a b", code=True), Run(" c", code=True, bold=True)]
    assert tidy(runs) == (Run("a b", code=True), Run(" "), Run("c", code=True, bold=True))


def test_tidy_of_nothing_to_read_is_empty() -> None:
    assert tidy([Run(" \xa0"), Run("\u200b", bold=True)]) == ()
    assert tidy([Run(" ")]) == ()
    assert tidy([]) == ()


@given(_runs)
def test_tidy_changes_no_word_and_is_settled_at_once(runs: list[Run]) -> None:
    made = tidy(runs)
    assert plain(made) == " ".join("".join(clean(run.text) for run in runs).split())
    assert tidy(made) == made


def test_as_text_is_one_plain_run() -> None:
    assert as_text("  some \n words ") == (Run("some words"),)
    assert as_text(" ") == ()


def test_clean_leaves_accents_heaped_up_by_the_hundred_as_they_are() -> None:
    heap = "\u0323\u0301" * 60
    long = "It hurts. " * 100
    assert clean(f"{long}e\u0301 o{heap}e\u0301") == f"{long}é o{heap}é"
    assert clean(clean(f"o{heap}{long}")) == clean(f"o{heap}{long}")


def test_tidy_joins_spaces_of_neighbours_and_drops_outer_ones() -> None:
    runs = [
        Run(" \n"),
        Run("a  b ", bold=True),
        Run("\t"),
        Run(" c", bold=True),
        Run("d"),
        Run(" "),
    ]
    assert tidy(runs) == (Run("a b c", bold=True), Run("d"))
    assert tidy([Run("a", bold=True), Run("\u200b"), Run("b", bold=True)]) == (
        Run("ab", bold=True),
    )
    assert tidy([Run("a", code=True), Run(" b", code=True)]) == (Run("a b", code=True),)
    assert tidy([Run("a", code=True), Run(" b")]) == (Run("a", code=True), Run(" b"))
