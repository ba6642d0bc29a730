"""How easy a text is to read: the published formulas, worked by hand."""

import pytest

from pipeline.stages.text.ease import Ease, ease, english_syllables, spanish_syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        *(("the", 1), ("needle", 2), ("table", 2), ("muscles", 2), ("makes", 1), ("helped", 1)),
        *(("wanted", 2), ("rested", 2), ("acupuncture", 4), ("being", 2), ("people", 2)),
        *(("rhythm", 1), ("hm", 1), ("breathe", 1), ("causes", 2), ("shoulder", 2)),
    ],
)
def test_english_syllables(word: str, syllables: int) -> None:
    assert english_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        *(("caer", 2), ("día", 2), ("aguja", 3), ("guitarra", 3), ("queso", 2), ("poeta", 3)),
        *(("murciélago", 4), ("país", 2), ("ciudad", 2), ("buey", 1), ("averigüéis", 4)),
        *(("y", 1), ("acupuntura", 5), ("leer", 2), ("pst", 1)),
    ],
)
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert spanish_syllables(word) == syllables


def test_english_is_measured_by_flesch_and_kincaid() -> None:
    """Seven words of nine syllables in two sentences: 206.835 - 1.015*3.5 - 84.6*9/7 = 94.5."""
    assert ease(["The warm hand helps. It opens vessels."], "en-GB") == Ease(
        words=7, told="reading ease 95 of 100 (very easy), school grade 1"
    )


def test_hard_english_is_told_so() -> None:
    found = ease(
        ["Neurophysiological investigations demonstrate considerable interindividual variability."],
        "en",
    )
    assert found is not None
    assert found.hard
    assert found.told.startswith("reading ease -")
    assert "(very hard)" in found.told


def test_spanish_is_measured_by_inflesz() -> None:
    """Four words of eight syllables in one sentence: 206.835 - 62.3*8/4 - 4 = 78.2."""
    assert ease(["Las manos tibias ayudan."], "es") == Ease(
        words=4, told="INFLESZ 78 of 100 (easy)", hard=False
    )


def test_korean_is_measured_by_its_sentences() -> None:
    short = ease(["따뜻한 손이 도움이 됩니다. 천천히 숨을 쉬세요."], "ko")
    assert short == Ease(words=7, told="4 words in a sentence on average")
    long = ease([" ".join(["손이"] * 16) + " 됩니다."], "ko")
    assert long is not None
    assert long.hard


def test_other_languages_are_counted_only() -> None:
    assert ease(["Warme Hände helfen."], "de") == Ease(words=3)


@pytest.mark.parametrize("texts", [[], [""], ["… 42"]])
def test_no_words_have_no_ease(texts: list[str]) -> None:
    assert ease(texts, "en") is None
