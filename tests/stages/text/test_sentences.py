"""Where sentences end; a missed end is pardoned, a wrong one is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.text.sentences import sentences


def cut(text: str) -> list[str]:
    """The sentences as texts."""
    return [text[start:end] for start, end in sentences(text)]


CUT = [
    ("one", ["Warmth helps a little.", "It fades within hours."]),
    ("question", ["Does it hurt?", "Rarely!", "Then rest."]),
    ("year", ["They met in 1965.", "They proposed a gate."]),
    ("number", ["Take 5.", "Then rest."]),
    ("unit", ["Take 80 mg.", "Then rest for 10 min. or so."]),
    ("reference", ["Nothing changed [3].", "Not every study agreed [1, 2–4]."]),
    ("reference behind", ["Nothing changed.[1]", "Mice are not people.²", "True."]),
    ("dots", ["Wait…", "It comes.", "Soon..."]),
    ("quoted", ["“It hurts. Please stop.”", "She left."]),
    ("straight", ['He said "It hurts. Stop."', "Then he left."]),
    ("bracketed", ["(See below. Or above.)", "Then read on (or not. Really)."]),
    ("french", ["Il dit « Non. Jamais. »", "Puis il part."]),
    ("spanish", ["¿Duele?", "¡No!", "Muy bien."]),
    ("german date", ["Sie kam am 5. Mai.", "Es regnete."]),
    ("german quote", ["Sie sagte „Nein. Nie.“", "Dann ging sie."]),
    ("korean", ["통증이 줄어듭니다.", "하지만 오래가지 않습니다."]),
    ("korean date", ["2026. 3. 5. 진료를 시작합니다.", "예약해 주세요."]),
    ("korean quote", ["“아파요. 그만해요.”라고 말했습니다.", "다음 날 나았습니다."]),
    ("japanese", ["これは文です。", "次の文です。"]),
    ("emoji", ["Rest well.", "🙂 Then walk."]),
    ("bullet", ["Rest well.", "– Then walk."]),
    ("no", ["The answer is no.", "Then rest."]),
]


@pytest.mark.parametrize("parts", [parts for _, parts in CUT], ids=[name for name, _ in CUT])
def test_sentences_are_cut_at_their_ends(parts: list[str]) -> None:
    assert cut(" ".join(parts)) == parts


WHOLE = [
    "Dr. Smith and Prof. Jones came at 9 a.m. Monday.",
    "Take max. 80 mg a day.",
    "It takes approx. 10 minutes.",
    "Use cold, e.g. Peas, or warmth, i.e. A bath.",
    "Mara Ellison, L.Ac. We know her.",
    "See fig. 3 and no. 5 on p. 12 of vol. 2.",
    "The dose is 3.5 mg and 42.0 °C.",
    "1. Rest well",
    "Vitamin D. It helps",
    "Open Mon. Tue. Wed. and on 3 Jan. Monday.",
    "He asked “Does it hurt?” and left.",
    "It works... or not.",
    "Visit example.com today",
    "no end",
    "あ「はい。そうです。」と言った。",
    "2026.3.5에 시작합니다.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_doubtful_places_are_left_whole(text: str) -> None:
    assert cut(text) == [text]


def test_korean_without_a_space_is_cut() -> None:
    assert cut("시작합니다.그리고 쉽니다.") == ["시작합니다.", "그리고 쉽니다."]


def test_japanese_without_a_space_is_cut() -> None:
    assert cut("これは文です。次の文です。「はい。」「いいえ。」") == [
        "これは文です。",
        "次の文です。",
        "「はい。」",
        "「いいえ。」",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "An unclosed (bracket. Then more.",
        'A 5" scar. It healed.',
        "A bracket) too many. Then more.",
        "The dogs’ bowls. The cats’ too.",
        "(An outer [unclosed inner) part. Then more.",
    ],
)
def test_an_unpaired_mark_encloses_nothing(text: str) -> None:
    assert len(cut(text)) == 2


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_an_empty_text_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


def test_spans_leave_out_the_space_between() -> None:
    assert sentences("  One.   Two.\n") == [(2, 6), (9, 13)]


def test_a_stop_without_a_word_is_kept() -> None:
    assert cut(". Then.") == [".", "Then."]


LETTERS = st.text(alphabet='Aa1 .!?…。"“”()[]’\n다요김', max_size=60)


@given(st.one_of(LETTERS, st.text(max_size=60)))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    spans = sentences(text)
    ends = [place for span in spans for place in span]
    assert ends == sorted(ends)
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)


@pytest.mark.parametrize(
    "text", ["a. " * 30_000, "(. " * 30_000, '". ' * 30_000, "(" * 100_000, "다." * 50_000]
)
def test_a_hostile_text_is_cut(text: str) -> None:
    assert cut(text)
