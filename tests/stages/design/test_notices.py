"""The words of notices: the same things said in every language."""

import re
from dataclasses import asdict

import pytest

from pipeline.stages.design.notices import NOTICES, NoticeKind, NoticeWords, spoken
from pipeline.stages.design.wording import WORDS

KINDS: tuple[NoticeKind, ...] = ("confirm", "known", "approve")


def fields(words: NoticeWords) -> dict[str, list[str]]:
    """What each text of a notice is filled with."""
    return {
        key: sorted(set(re.findall(r"{(\w*)}", str(text)))) for key, text in asdict(words).items()
    }


def test_notices_speak_every_language_that_letters_do() -> None:
    assert NOTICES.keys() == WORDS.keys()


@pytest.mark.parametrize("language", NOTICES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_language_says_the_same_things(language: str, kind: NoticeKind) -> None:
    words, english = NOTICES[language][kind], NOTICES["en"][kind]
    assert all(asdict(words).values())
    assert len(words.notes) == len(english.notes)
    assert fields(words) == fields(english)
    # Who asked for what must be told, whatever else is.
    asked = ["article"] if kind == "approve" else []
    assert fields(words)["lead"] == [*asked, "clinic", "newsletter"]


@pytest.mark.parametrize("language", NOTICES)
def test_a_subject_begins_with_a_word_and_makes_no_noise(language: str) -> None:
    for kind in KINDS:
        assert not re.search(r"[!¡✔✅]|^(re|fwd?):", NOTICES[language][kind].subject.lower())


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (("ko",), "ko"),
        (("es-MX",), "es"),
        (("pt_BR", "ES"), "es"),
        (("", "he"), "he"),
        (("fi", "sv"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_is_spoken_is_taken(
    languages: tuple[str, ...], expected: str
) -> None:
    assert spoken(*languages) == expected
