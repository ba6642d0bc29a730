"""The closed list of words of the archive: complete in every language, and free of markup."""

from dataclasses import asdict
from string import Formatter

import pytest

from pipeline.stages.design import wording
from pipeline.web.public.archive.words import WORDS, archive_words

VALUES = {
    "all_newsletters": {"clinic"},
    "subscribe_to": {"newsletter"},
    "count": {"count"},
    "page": {"page", "pages"},
}


def test_every_language_of_letters_is_spoken() -> None:
    assert list(WORDS) == list(wording.WORDS)
    assert [words.language for words in WORDS.values()] == list(WORDS)


@pytest.mark.parametrize("language", WORDS)
def test_every_sentence_is_there_and_takes_what_it_must(language: str) -> None:
    for name, text in asdict(WORDS[language]).items():
        assert text.strip() == text != ""
        found = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        assert found == VALUES.get(name, set())
        assert not set(text) & set("<>&!\"'")


@pytest.mark.parametrize("language", [language for language in WORDS if language != "en"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = asdict(WORDS["en"])
    assert [k for k, text in asdict(WORDS[language]).items() if text == english[k]] == []


def test_no_korean_particle_has_to_agree_with_a_name() -> None:
    for name in ("all_newsletters", "subscribe_to"):
        after = asdict(WORDS["ko"])[name].partition("}")[2]
        assert after.startswith(" ")


@pytest.mark.parametrize(
    ("tags", "language", "direction"),
    [
        ((), "en", "ltr"),
        (("", "ko"), "ko", "ltr"),
        ((" ES_mx ",), "es", "ltr"),
        (("fr", "ar-EG"), "ar", "rtl"),
        (("he",), "he", "rtl"),
        (("kok",), "en", "ltr"),
    ],
)
def test_words_come_in_the_first_language_we_speak(
    tags: tuple[str, ...], language: str, direction: str
) -> None:
    words = archive_words(*tags)
    assert (words.language, words.direction) == (language, direction)
    assert "{part}" in words.part
    assert "{minutes}" in words.minutes
