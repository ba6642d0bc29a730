"""What takes a claim back, or makes less of it."""

import pytest

from pipeline.stages.check.claims.pack import pack
from pipeline.stages.check.claims.sentence import Sentence


def negated(text: str, word: str, language: str = "en") -> bool:
    sentence = Sentence(text, pack(language))
    start = sentence.text.index(word)
    return sentence.negated(start, start + len(word))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we cure it", False),
        ("we do not cure it", True),
        ("we don’t cure it", True),
        ("nobody here will cure it", True),
        ("it does not diagnose, treat or cure it", True),
        ("we do not wait: we cure it", False),
        ("we do not sell pills but cure it", False),
        ("no honest clinic would cure it", True),
        ("no fuss, no drugs, we cure it", False),
        ("not only do we cure it", False),
        ("don't wait, cure it", False),
        ("no matter how old, we cure it", False),
        ("nothing works like this cure", False),
        (f"we do not {'very ' * 8}cure it", True),
        (f"we do not {'very ' * 9}cure it", False),
        (f"no {'very ' * 4}cure it", True),
        (f"no {'very ' * 5}cure it", False),
        (f"we do not {'extraordinarily ' * 6}cure it", True),
    ],
)
def test_a_negation_reaches_over_its_clause(text: str, expected: bool) -> None:
    assert negated(text, "cure") is expected


@pytest.mark.parametrize(
    ("text", "word", "language", "expected"),
    [
        ("no curamos la migraña", "curamos", "es", True),
        ("no solo curamos la migraña", "curamos", "es", False),
        ("비염을 완치할 수 없습니다", "완치", "ko", True),
        ("비염을 완치합니다", "완치", "ko", False),
        ("완치는 꿈이 아닙니다", "완치", "ko", False),
        ("완치합니다. 걱정할 것은 없습니다", "완치", "ko", False),
        (f"완치{'가' * 22}할 수 없습니다", "완치", "ko", True),
        (f"완치{'가' * 23}할 수 없습니다", "완치", "ko", False),
        ("완치, 할 수 없습니다", "완치", "ko", False),
    ],
)
def test_every_language_negates_in_its_own_way(
    text: str,
    word: str,
    language: str,
    expected: bool,
) -> None:
    assert negated(text, word, language) is expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Can it cure migraine?", "en", True),
        ("Can it cure migraine?”", "en", True),
        ("It can cure migraine.", "en", False),
        ("Want to cure your migraine?", "en", False),
        ("¿Cura la migraña?", "es", True),
        ("¿Quieres curar la migraña?", "es", False),
        ("비염을 완치할 수 있나요?", "ko", True),
        ("비염을 완치하고 싶으신가요?", "ko", False),
    ],
)
def test_a_question_asks_or_only_seems_to(text: str, language: str, expected: bool) -> None:
    assert Sentence(text, pack(language)).asks is expected


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("Can it cure migraine?", "No, it cannot.", True),
        ("Can it cure migraine?", "– No, it cannot.", True),
        ("Can it cure migraine?", "Yes, there is no doubt.", False),
        ("It cures migraine.", "No, it does.", False),
        ("Can it cure migraine?", "", False),
    ],
)
def test_a_question_may_be_answered_by_no(text: str, answer: str, expected: bool) -> None:
    assert Sentence(text, pack("en"), answer=answer).denied is expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Myth: it cures migraine", "en"),
        ("Beware of anyone who promises to cure it", "en"),
        ("Mito: cura la migraña", "es"),
        ("비염이 낫는다는 말은 사실이 아닙니다", "ko"),
    ],
)
def test_what_is_told_as_a_myth_is_believed_by_nobody(text: str, language: str) -> None:
    assert Sentence(text, pack(language)).debunks


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It may help", "en"),
        ("Some people feel better", "en"),
        ("Puede ayudar", "es"),
        ("도움이 될 수 있습니다", "ko"),
    ],
)
def test_a_hedge_is_seen(text: str, language: str) -> None:
    assert Sentence(text, pack(language)).hedges


def test_promises_are_not_debunked_by_themselves() -> None:
    assert not Sentence("We promise you will walk again", pack("en")).debunks


@pytest.mark.parametrize("text", ["We cure migraine.", "We are open on Mondays."])
def test_a_sentence_is_flagged_by_what_it_was_alerted_by(text: str) -> None:
    english = pack("en")
    alerts = english.alerts(text.lower())
    sentence = Sentence(text, english, alerts=alerts)
    told = {(alarm.table, alarm.group) for alarm in map(english.alarms.__getitem__, alerts)}
    assert (("cure", "flag") in told) is ("cure" in text)
    assert {
        (a.table, a.group) for a in english.alarms if [*sentence.flagged(a.table, a.group)]
    } == told
