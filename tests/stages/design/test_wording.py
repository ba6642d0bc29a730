import re

import pytest

from pipeline.stages.design.wording import WORDS, direction, wording


@pytest.mark.parametrize("language", WORDS)
def test_every_language_says_the_same_things(language: str) -> None:
    assert WORDS[language].keys() == WORDS["en"].keys()
    assert all(WORDS[language].values())


@pytest.mark.parametrize("language", WORDS)
def test_every_translation_takes_the_same_values(language: str) -> None:
    for key, words in WORDS[language].items():
        assert sorted(re.findall(r"{(\w+)}", words)) == sorted(
            re.findall(r"{(\w+)}", WORDS["en"][key])
        )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "en"),
        ("ko", "ko"),
        ("ko-KR", "ko"),
        ("es_MX", "es"),
        ("ES", "es"),
        ("fi", "en"),
        ("", "en"),
    ],
)
def test_wording_is_that_of_the_language_or_english(language: str, expected: str) -> None:
    assert wording(language) is WORDS[expected]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("FA", "rtl"), ("ko", "ltr"), ("", "ltr")],
)
def test_direction_is_that_of_the_script(language: str, expected: str) -> None:
    assert direction(language) == expected
