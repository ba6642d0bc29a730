"""The closed list of words: complete in every language, and free of markup."""

from dataclasses import asdict
from string import Formatter

import pytest

from pipeline.web.public.words import WORDS, Problem, Words, words_for

NAMED = {"ask", "button", "ended"}


def sentences(words: Words) -> dict[str, str]:
    """Every text of a language, by its name."""
    flat: dict[str, str] = {}
    for name, value in asdict(words).items():
        parts = value if isinstance(value, dict) else {"": value}
        flat |= {f"{name} {part}".strip(): text for part, text in parts.items()}
    return flat


def fields(text: str) -> list[str]:
    """The names in braces."""
    return [field for _, field, _, _ in Formatter().parse(text) if field is not None]


def test_three_languages_are_spoken() -> None:
    assert list(WORDS) == ["en", "ko", "es"]
    assert [words.language for words in WORDS.values()] == ["en", "ko", "es"]


@pytest.mark.parametrize("language", WORDS)
def test_every_sentence_is_there_and_names_the_newsletter_where_it_must(language: str) -> None:
    for name, text in sentences(WORDS[language]).items():
        assert text.strip() == text != ""
        assert fields(text) == (["newsletter"] if name in NAMED else [])
        assert not set(text) & set("<>&!\"'")


@pytest.mark.parametrize("language", ["ko", "es"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = sentences(WORDS["en"])
    for name, text in sentences(WORDS[language]).items():
        assert text != english[name]


def test_no_korean_particle_has_to_agree_with_the_name() -> None:
    for text in sentences(WORDS["ko"]).values():
        after = text.partition("{newsletter}")[2]
        assert after == "" or after.startswith(" ")


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        ((), "en"),
        (("",), "en"),
        (("ko",), "ko"),
        (("KO-kr",), "ko"),
        ((" es_MX ",), "es"),
        (("fr", "", "es", "ko"), "es"),
        (("kok",), "en"),
        (("-ko",), "en"),
    ],
)
def test_words_come_in_the_first_language_we_speak(tags: tuple[str, ...], language: str) -> None:
    assert words_for(*tags).language == language


def test_a_problem_has_a_title_and_a_text() -> None:
    assert Problem("a", "b") == Problem(title="a", text="b")
