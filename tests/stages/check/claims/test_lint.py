"""A text, its sentences, and the strongest claim of each span."""

import pytest

from pipeline.stages.check.claims.lint import LONGEST, MOST, lint
from pipeline.stages.check.claims.profiles import DEFAULT, PROFILES


def told(text: str, language: str = "en", profile: str = "us-ftc") -> list[tuple[str, str, str]]:
    return [
        (claim.rule.number, claim.level, claim.words)
        for claim in lint(text, language=language, profile=PROFILES[profile])
    ]


def test_claims_come_in_the_order_of_the_text() -> None:
    assert told("Detox with us. We cure migraine.\nNo side effects!") == [
        ("C8", "warning", "Detox"),
        ("C1", "error", "cure migraine"),
        ("C3", "error", "No side effects"),
    ]


def test_one_span_has_one_claim_the_heaviest() -> None:
    assert told("Acupuncture cures insomnia.") == [("C1", "error", "cures insomnia")]
    assert told("Cupping boosts circulation and sleep") == [
        ("C6", "warning", "Cupping boosts circulation and sleep")
    ]


def test_spans_count_from_the_start_of_the_text() -> None:
    text = "Hello.\n\n  We cu\u200bre migraine.  "
    (claim,) = lint(text, language="en", profile=DEFAULT)
    assert text[slice(*claim.span)] == claim.words == "cu\u200bre migraine"
    assert claim.sentence == "We cu\u200bre migraine."


def test_a_sentence_never_goes_over_a_line() -> None:
    assert told("Relieves\nmigraine") == []


def test_a_question_of_a_few_words_is_read_with_what_follows_it() -> None:
    text = "Tired? Hello.\nHigh blood pressure? Two points bring it down. Detox!"
    assert told(text) == [
        ("C5", "error", "High blood pressure? Two points bring it down"),
        ("C8", "warning", "Detox"),
    ]
    spans = [claim.span for claim in lint(text, language="en", profile=DEFAULT)]
    assert [text[start:end] for start, end in spans] == [words for _, _, words in told(text)]


def test_c1_a_sentence_that_goes_on_is_read_with_the_one_before_it() -> None:
    text = "He had migraines for years. We ended them in a month. Detox!"
    assert told(text) == [
        ("C1", "error", "migraines for years. We ended them"),
        ("C8", "warning", "Detox"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He had migraines for years.\nWe ended them in a month.",
        "He had migraines for years. Then the council met. We ended them in a month.",
        "We ended them in a month.",
    ],
)
def test_c1_what_stands_further_away_is_not(text: str) -> None:
    assert told(text) == []


def test_a_span_over_such_a_question_has_one_claim_the_heaviest() -> None:
    assert told("Knee arthritis? We heal it.") == [("C1", "error", "Knee arthritis? We heal it")]
    assert told("A cure for migraine? We heal it.") == [("C1", "error", "migraine? We heal it")]


@pytest.mark.parametrize(
    "text",
    [
        "High blood pressure?\nTwo points bring it down.",
        "High blood pressure? Do two points bring it down?",
        "What do we know of high blood pressure? Two points bring it down.",
        "High blood pressure? We do not heal it.",
        "High blood pressure? Come and have it measured.",
    ],
)
def test_other_questions_stand_for_themselves(text: str) -> None:
    assert told(text) == []


def test_each_sentence_is_looked_at_in_its_own_language() -> None:
    text = "비염을 완치합니다. We cure migraine, they say: 두통 안녕!"
    assert [number for number, _, _ in told(text, "ko")] == ["C1", "C1", "C1"]
    assert told("Curamos la migraña de los pies.", "en") == [("C1", "error", "Curamos la migraña")]
    assert told("Wir heilen Migräne.", "de") == []


def test_a_quotation_is_known_by_the_marks_around_it() -> None:
    assert told("My pain vanished.") == []
    assert told("“I came in May. My pain vanished. Thank you!”")[0][0] == "C9"
    assert told("My pain vanished. - Anna, 42")[0][0] == "C9"


def test_a_sentence_without_end_is_looked_at_in_pieces() -> None:
    filler = "word " * LONGEST
    assert told(f"{filler} we cure migraine {filler}") == [("C1", "error", "cure migraine")]
    assert told("a" * 5 * LONGEST) == []


def test_pieces_end_where_a_word_does() -> None:
    """Cut after so many letters, "cure" would be parted."""
    assert told("word " * (LONGEST // 5 - 1) + "we cure migraine") == [
        ("C1", "error", "cure migraine")
    ]


def test_a_text_of_nothing_but_claims_is_known_well_enough() -> None:
    found = told("We cure migraine.\n" * (MOST + 50))
    assert len(found) == MOST


def test_of_one_sentence_not_more_is_told_than_anybody_reads() -> None:
    assert len(told("cure for migraine and " * 25)) == 8


@pytest.mark.parametrize(
    ("profile", "level"),
    [("us-ftc", "warning"), ("uk-cap", "warning"), ("au-ahpra", "error"), ("kr-msa", "error")],
)
def test_c9_testimonials_weigh_as_the_profile_says(profile: str, level: str) -> None:
    assert told("“My pain vanished.”", profile=profile) == [("C9", level, "My pain vanished")]
    assert told("See our before and after photos", profile=profile)[0][:2] == ("C9", level)


@pytest.mark.parametrize(
    ("text", "uk", "us"),
    [
        ("Acupuncture relieves migraine.", ["C7"], ["C6"]),
        ("Acupuncture may relieve migraine.", [], []),
        ("Acupuncture relieves insomnia.", ["C6"], ["C6"]),
        ("Acupuncture may relieve insomnia.", ["C6"], []),
        ("Short-term relief of neck pain", [], []),
    ],
)
def test_c7_the_uk_accepts_seven_conditions_for_a_while(
    text: str, uk: list[str], us: list[str]
) -> None:
    assert [number for number, _, _ in told(text, profile="uk-cap")] == uk
    assert [number for number, _, _ in told(text, profile="us-ftc")] == us


def test_c11_korea_forbids_the_best_and_what_does_not_hurt() -> None:
    text = "최고의 의료진, 통증 없는 시술"
    assert [level for _, level, _ in told(text, "ko")] == ["warning", "warning"]
    assert [level for _, level, _ in told(text, "ko", "kr-msa")] == ["error", "error"]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Can acupuncture cure migraine?", ["warning"]),
        ("Does it treat diabetes?", ["warning"]),
        ("Is it safe for everyone?", []),
        ("Is it guaranteed to help?", []),
        ("Want guaranteed relief?", ["error"]),
    ],
)
def test_a_question_for_a_cure_is_a_warning_and_any_other_none(
    text: str, levels: list[str]
) -> None:
    assert [level for _, level, _ in told(text)] == levels
