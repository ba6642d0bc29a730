"""Which packs look at a sentence."""

import pytest

from pipeline.stages.check.claims.languages import spoken_in


@pytest.mark.parametrize(
    ("written", "language", "packs"),
    [
        ("We cure migraine", "en", ["en"]),
        ("We cure migraine", "en-GB", ["en"]),
        ("Curamos la migraña de los pies", "en", ["en", "es"]),
        ("We are with you and your pain", "es", ["es", "en"]),
        ("Curamos la migraña", "es_MX", ["es"]),
        ("비염을 완치합니다", "ko", ["ko"]),
        ("비염을 완치합니다", "en", ["ko"]),
        ("비염 완치, we cure it", "ko", ["ko", "en"]),
        ("We cure it", "fr", ["en"]),
        ("La acupuntura cura la migraña", "pt", ["es"]),
        ("Мы лечим", "ru", []),
        ("12:30", "en", []),
        ("", "en", []),
    ],
)
def test_a_sentence_is_known_by_its_letters_and_words(
    written: str, language: str, packs: list[str]
) -> None:
    assert spoken_in(written, language) == packs
