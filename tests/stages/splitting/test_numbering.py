"""A number in front of words: its forms, and what is none."""

import pytest

from pipeline.stages.splitting.numbering import numbering


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Endorphins", ("dot", 1, "1", "Endorphins")),
        ("12) Sleep", ("bracket", 12, "12", "Sleep")),
        ("(3) Sleep", ("paren", 3, "3", "Sleep")),
        ("① 근육", ("circled", 1, "①", "근육")),
        ("⑳끝", ("circled", 20, "⑳", "끝")),
        ("IV. Autumn", ("roman", 4, "IV", "Autumn")),
        ("XIX) Late", ("roman", 19, "XIX", "Late")),
        ("B. Words", ("letter", 2, "B", "Words")),
        ("1.배열", ("dot", 1, "1", "배열")),
        ("1.2 Overview", ("dotted", 2, "1.2", "Overview")),
        ("2 – Circulation", ("dash", 2, "2", "Circulation")),
        ("2: Circulation", ("dash", 2, "2", "Circulation")),
        ("#3 Rest", ("hash", 3, "#3", "Rest")),
        ("#3: Rest", ("hash", 3, "#3", "Rest")),
        ("Step 3 – Warm it", ("label step", 3, "Step 3", "Warm it")),
        ("Mechanism 1 — Swelling", ("label mechanism", 1, "Mechanism 1", "Swelling")),
        ("Part A: Needles", ("label part", 1, "Part A", "Needles")),
        ("Part Two: Needles", ("label part", 2, "Part Two", "Needles")),
        ("Chapter IX. Needles", ("label chapter", 9, "Chapter IX", "Needles")),
        ("Paso 2: Calor", ("label paso", 2, "Paso 2", "Calor")),
        ("First, the needles", ("ordinal", 1, "First", "the needles")),
        ("셋째, 습관", ("ordinal", 3, "셋째", "습관")),
        ("2단계: 온찜질", ("korean", 2, "2단계", "온찜질")),
        ("제3장 침", ("korean", 3, "제3장", "침")),
        ("Reason No. 2: Rest", ("label reason", 2, "Reason No. 2", "Rest")),
        ("Reason number two: Rest", ("label reason", 2, "Reason number two", "Rest")),
        ("Consejo n.º 2: Calor", ("label consejo", 2, "Consejo n.º 2", "Calor")),
        ("Fase 1: Calor", ("label fase", 1, "Fase 1", "Calor")),
        ("Étape 3 : Chaleur", ("label étape", 3, "Étape 3", "Chaleur")),
        ("비결 1. 걷기", ("label 비결", 1, "비결 1", "걷기")),
        ("No. 3: Rest", ("number", 3, "No. 3", "Rest")),
        ("Nº 3 – Calor", ("number", 3, "Nº 3", "Calor")),
        ("첫 번째, 걷기", ("korean ordinal", 1, "첫 번째", "걷기")),
        ("두번째 이유: 잠", ("korean ordinal", 2, "두번째 이유", "잠")),
        ("나) 걷기", ("hangul", 2, "나", "걷기")),
        ("Secondly, the rest", ("ordinal", 2, "Secondly", "the rest")),
    ],
)
def test_numbering_reads_every_form(text: str, expected: tuple[str, int, str, str]) -> None:
    found = numbering(text)
    assert found is not None
    assert (found.form, found.value, found.number, found.rest) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024 was the year we counted",
        "2024. A year",
        "3.5 mg a day",
        "1.5 million people",
        "10 ways to rest",
        "1. ",
        "1. …",
        "I think so",
        "Step by step",
        "Question 3",
        "First we rest",
        "1000) too many",
        "Step a: rest",
        "No 3 ways are alike",
        "다. ",
        "첫 번째로 걷습니다",
        "",
    ],
)
def test_numbering_is_none_for_years_amounts_and_sentences(text: str) -> None:
    assert numbering(text) is None


def test_numbering_tells_a_roman_i_from_a_letter_a() -> None:
    roman, letter = numbering("I. One"), numbering("C. Three")
    assert roman is not None
    assert letter is not None
    assert (roman.form, letter.form, letter.value) == ("roman", "letter", 3)


def test_numbering_gives_an_impossible_roman_number_up() -> None:
    assert numbering("IIX. Odd") is None
