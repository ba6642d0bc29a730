"""Bare names under a title, and headings that have the same form."""

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.name import is_bare_name, is_people

PROSE = (
    "Most of us sit for hours and wonder why it hurts. A muscle that never moves gets less blood. "
    "It stiffens, and a stiff muscle complains sooner than a warm one does. Small walks help more "
    "than one long one, and nobody needs a special chair for that. Try it for a week or two, and "
    "write down how the evenings feel."
)
KOREAN = (
    "오래 앉아 있으면 허리 깊은 곳의 근육이 짧아지고 굳습니다. 침 치료는 이 긴장을 풀어 혈액 "
    "순환을 돕습니다. 통증이 오래되면 신경은 작은 자극에도 크게 반응합니다. 한 시간에 한 번은 "
    "일어나 걷는 것이 좋습니다. 무거운 물건은 무릎을 굽혀 들어 올리세요. 따뜻한 찜질도 좋습니다. "
    "잠들기 전에는 가벼운 스트레칭을 해 보세요. 다음 날 아침이 훨씬 가벼워집니다. 물도 자주 드세요."
)


def bare(*lines: str, title: str = "Why Sitting Hurts") -> bool:
    """Whether the first line is a name."""
    return is_bare_name(read_text("a.txt", "\n".join(lines)).lines, title)


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe",
        "JANE DOE",
        "Jane A. Doe",
        "Anne-Marie O’Neill",
        "María de la Cruz",
        "Jane Doe (@jane)",
        "Jane Doe, Jay Roe and Ann Poe",
        "Ana Ruiz y Tomás Rey",
        "김민지",
        "김민지, 박서준",
        "남궁민수",
        "Tom Fleming",
        "Laura Clement",
        "Will Park",
        "Anna-Lena Roe (@anna-lena)",
    ],
)
def test_is_people_knows_the_form_of_names(text: str) -> None:
    assert is_people(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jane",
        "jane doe",
        "Jane Doe.",
        "What Helps",
        "Key Takeaways",
        "Common Causes and Treatment",
        "Moving Forward",
        "Physical Activity",
        "One Two Three Four Five",
        "마무리",
        "주의점",
        "서론",
        "허리 통증",
        "잘못된",
        "이완법",
        "Как помочь спине",
        "A, B, C, D, E, F",
        "",
    ],
)
def test_is_people_knows_other_lines(text: str) -> None:
    assert not is_people(text)


def test_is_bare_name_takes_a_name_over_prose() -> None:
    assert bare("Jane Doe", PROSE)
    assert bare("김민지", KOREAN, title="허리 통증")


def test_is_bare_name_takes_a_name_whose_owner_is_presented_at_the_end() -> None:
    assert bare("Jane Doe", PROSE, "Jane Doe is a physical therapist.")
    assert bare("김민지", KOREAN, "김민지 원장은 한의사입니다.", title="허리 통증")


@pytest.mark.parametrize(
    ("line", "below"),
    [
        ("Stiff Muscles", PROSE),
        ("Doe Walking", PROSE),
        ("Jane Hurts", PROSE),
        ("Jane Doe", "Small Walks\nAll of it"),
        ("Jane Doe", "A short piece of prose that is just a little longer than sixty letters."),
        ("Jane Doe", KOREAN + KOREAN),
        ("Jane Doe", PROSE + "\nAs Doe wrote, it takes time."),
        ("한가위", KOREAN + " 이번 한가위 연휴에 걸어 보세요."),
        ("김민지", KOREAN + " 그래서 김민지 방식이 좋습니다."),
    ],
)
def test_is_bare_name_leaves_what_may_be_a_heading(line: str, below: str) -> None:
    assert not bare(line, below)


def test_is_bare_name_wants_more_below_where_no_prose_follows() -> None:
    assert not bare("Jane Doe", "- Time: 5", PROSE)
    assert bare("Jane Doe", "- Time: 5", PROSE, PROSE, PROSE)


def test_is_bare_name_knows_first_names_that_are_words() -> None:
    assert bare("Will Park", PROSE + " It will help.")
    assert not bare("Will Walks", PROSE + " It will help.")


def test_is_bare_name_lets_one_word_of_several_names_come_again() -> None:
    assert bare("Jane Walks and Ann Poe", PROSE)
    assert not bare("Jane Walks and Ann Chairs", PROSE)


def test_is_bare_name_believes_a_handle() -> None:
    assert bare("Jane Walks (@jane)", PROSE)
    assert bare("Jane Walks @jane_w", "- Time: 5")


def test_is_bare_name_of_a_last_line() -> None:
    assert not bare("Jane Doe")
