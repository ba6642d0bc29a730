"""The words of joining: complete in every language, and free of markup."""

from dataclasses import asdict

import pytest

from pipeline.web.public.words import WORDS, spoken
from pipeline.web.public.words.joining import JOINING, Joining, joining_words
from tests.web.public.words.test_words import fields

NAMED = {
    "title": ["newsletter"],
    "weekly": ["clinic"],
    "consent": ["clinic", "newsletter"],
    "button": ["newsletter"],
    "sent text": ["newsletter"],
    "newsletter_rests text": ["newsletter"],
    "asks title": ["newsletter"],
    "yes": ["newsletter"],
    "joined text": ["newsletter"],
    "anew": ["newsletter"],
}
NAMES = {"language", "called"}


def sentences(words: Joining) -> dict[str, str]:
    """Every text of a language, by its name."""
    flat: dict[str, str] = {}
    for name, value in asdict(words).items():
        parts = value if isinstance(value, dict) else {"": value}
        flat |= {f"{name} {part}".strip(): text for part, text in parts.items()}
    return {name: text for name, text in flat.items() if name not in NAMES}


def test_the_same_languages_are_spoken_as_on_all_pages() -> None:
    assert list(JOINING) == list(WORDS)
    assert [words.language for words in JOINING.values()] == list(WORDS)
    assert [words.called for words in JOINING.values()] == ["English", "한국어", "Español"]


@pytest.mark.parametrize("language", JOINING)
def test_every_sentence_is_there_and_names_what_it_must(language: str) -> None:
    for name, text in sentences(JOINING[language]).items():
        assert text.strip() == text != ""
        assert fields(text) == NAMED.get(name, []), name
        assert not set(text) & set("<>&!\"'")


@pytest.mark.parametrize("language", ["ko", "es"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = sentences(JOINING["en"])
    for name, text in sentences(JOINING[language]).items():
        assert text != english[name]


def test_no_korean_particle_has_to_agree_with_a_name() -> None:
    for text in sentences(JOINING["ko"]).values():
        for name in ("{newsletter}", "{clinic}"):
            after = text.partition(name)[2]
            assert after == "" or after.startswith(" ")


def test_words_come_in_the_first_language_we_speak() -> None:
    assert joining_words("fr", "es-MX").language == spoken("fr", "es-MX") == "es"
    assert joining_words().language == spoken() == "en"
