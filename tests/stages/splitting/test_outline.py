"""Which lines of a plain text are headings, over the whole article."""

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting import model
from pipeline.stages.splitting.outline import HOPELESS, MOST_TWINS, View, declare
from pipeline.values import Line, plain

PROSE = (
    "The body keeps two sets of books, and the second one is only written when the room is quiet. "
    "It takes a while until anybody reads it."
)
MORE = (
    "What helps is rarely one thing alone. A walk, a warm towel and an hour without a screen do "
    "more together than any of them would alone, and they cost nothing."
)


def headings(text: str) -> list[str]:
    """The lines of a text that are declared headings."""
    return [plain(line.text) for line in declared(text) if line.kind == "heading"]


def declared(text: str) -> tuple[Line, ...]:
    """The lines of a text, declared."""
    return declare(read_text("a.txt", text).lines)


def items(text: str) -> list[tuple[str, str]]:
    """Marker and words of the items of a text."""
    return [(line.marker, plain(line.text)) for line in declared(text) if line.kind == "item"]


@pytest.mark.parametrize(
    "numbers",
    [
        ("1. ", "2. ", "3. "),
        ("1) ", "2) ", "3) "),
        ("(1) ", "(2) ", "(3) "),
        ("① ", "② ", "③ "),
        ("I. ", "II. ", "III. "),
        ("A. ", "B. ", "C. "),
        ("Step 1 – ", "Step 2 – ", "Step 3 – "),
        ("Mechanism 1 — ", "Mechanism 2 — ", "Mechanism 3 — "),
        ("First, ", "Second, ", "Third, "),
        ("1단계: ", "2단계: ", "3단계: "),
    ],
)
def test_declare_takes_a_run_of_numbers_over_prose_for_headings(numbers: tuple[str, ...]) -> None:
    titles = [f"{number}Rest" for number in numbers]
    text = "\n".join(f"{title}\n{PROSE}\n{MORE}" for title in titles)
    assert headings(text) == titles


def test_declare_takes_steps_that_touch_for_a_list() -> None:
    text = f"{PROSE}\n1. Turn the lights down.\n2. Leave the phone.\n3. Breathe out.\n{MORE}"
    assert headings(text) == []
    assert items(text) == [
        ("1.", "Turn the lights down."),
        ("2.", "Leave the phone."),
        ("3.", "Breathe out."),
    ]


@pytest.mark.parametrize(
    ("numbers", "markers"),
    [
        (("1) ", "2) "), ("1)", "2)")),
        (("(1) ", "(2) "), ("(1)", "(2)")),
        (("① ", "② "), ("①", "②")),
    ],
)
def test_declare_keeps_the_marker_of_an_item(
    numbers: tuple[str, ...], markers: tuple[str, ...]
) -> None:
    text = PROSE + "".join(f"\n{number}Breathe out." for number in numbers)
    assert tuple(marker for marker, _ in items(text)) == markers


def test_declare_takes_long_numbered_paragraphs_for_a_list() -> None:
    text = f"{PROSE}\n1. {MORE}\n{PROSE}\n2. {MORE}\n{PROSE}"
    assert headings(text) == []
    assert [marker for marker, _ in items(text)] == ["1.", "2."]


def test_declare_takes_steps_without_a_stop_for_a_list_too() -> None:
    text = f"{PROSE}\n1. Lights down\n2. Phone away\n3. Breathe out\n{MORE}"
    assert headings(text) == []
    assert len(items(text)) == 3


def test_declare_takes_title_like_lines_that_touch_for_a_list() -> None:
    steps = "1) Tab Order Is Logical\n- It goes on.\n2) Focus Is Visible\n3) Frames Are Named\n"
    text = f"{PROSE}\nLess Critical\n{steps}4) Links Are Unique\nMinor\n{PROSE}\n{MORE}"
    assert [title for title in headings(text) if ")" in title] == []
    assert len(items(text)) == 5


def test_declare_takes_endless_numbered_lines_for_a_list_whatever_they_end_in() -> None:
    entry = MORE.rstrip(".")
    text = f"{PROSE}\n1. {entry}\n{PROSE}\n2. {entry}\n{PROSE}"
    assert headings(text) == []
    assert len(items(text)) == 2


def test_declare_forgives_one_numbered_heading_its_stop() -> None:
    titles = ["1. Rest well", "2. Eat slowly.", "3. Walk more"]
    text = "\n".join(f"{title}\n{PROSE}\n{MORE}" for title in titles)
    assert headings(text) == titles


def test_declare_leaves_a_lone_number_a_paragraph() -> None:
    text = f"{PROSE}\n1. {MORE}\n{PROSE}"
    assert {line.kind for line in declared(text)} == {"plain"}


def test_declare_tells_lists_inside_numbered_sections_from_the_sections() -> None:
    inner = "1. Breathe in now.\n2. Breathe out now.\n"
    text = "".join(f"{n}. Rest well\n{PROSE}\n{inner}{MORE}\n" for n in (1, 2, 3))
    assert headings(text) == ["1. Rest well", "2. Rest well", "3. Rest well"]
    assert len(items(text)) == 6


def test_declare_finds_questions_short_lines_and_capitals() -> None:
    text = (
        f"Why does it hurt?\n{PROSE}\n{MORE}\nThe bigger picture\n{PROSE}\n{MORE}\n"
        f"WHAT YOU CAN DO\n{MORE}\n{PROSE}"
    )
    assert headings(text) == ["Why does it hurt?", "The bigger picture", "WHAT YOU CAN DO"]


def test_declare_takes_a_long_question_but_no_endless_line() -> None:
    question = "How many treatments does a frozen shoulder need until the arm moves?"
    assert headings(f"{question}\n{PROSE}\n{MORE}") == [question]
    endless = "Why " + "oh why " * 30 + "is that?"
    assert headings(f"{endless}\n{PROSE}\n{MORE}") == []


def test_declare_takes_numbered_sentences_over_prose_for_a_list() -> None:
    steps = ["1. Turn the lights down.", "2. Put the phone away.", "3. Open the window."]
    listed = "".join(f"{step}\n{PROSE}\n" for step in steps)
    first, second, third = "What keeps you awake", "How to begin tonight", "When to see us"
    text = f"{first}\n{PROSE}\n{MORE}\n{second}\n{MORE}\n{listed}{third}\n{PROSE}\n{MORE}"
    assert headings(text) == [first, second, third]
    assert [marker for marker, _ in items(text)] == ["1.", "2.", "3."]


@pytest.mark.parametrize(
    "line",
    [
        "Acupuncture helps change that by:",
        "2024 was the year we counted them all.",
        "3 of 4 patients slept better after a month.",
        "That is all.",
        "and so it goes",
        "“It was like a strong handshake”",
        "https://harbour-street.example.com/sleep",
        "Photo by Ana Ruiz",
    ],
)
def test_declare_leaves_what_only_looks_short(line: str) -> None:
    assert headings(f"{PROSE}\n{line}\n- one thing\n- another thing\n{MORE}") == []


def test_declare_leaves_a_signature() -> None:
    assert headings(f"{PROSE}\n{MORE}\nWarmly,\nAna Ruiz") == []


def test_declare_believes_references_and_lists_what_is_under_them() -> None:
    text = f"{PROSE}\nReferences\nEllison on Rest\nReyes on Necks\nDisclaimer\nAsk your doctor."
    assert headings(text) == ["References", "Disclaimer"]


def test_declare_keeps_words_and_order() -> None:
    text = f"Why?\n{PROSE}\n1. One.\n2. Two.\n- x\n{MORE}"
    lines = read_text("a.txt", text).lines
    made = declare(lines)
    assert [line.number for line in made] == [line.number for line in lines]
    assert [f"{line.marker} {plain(line.text)}".strip(" -") for line in made] == [
        plain(line.text) for line in lines
    ]


def test_declare_of_nothing_is_nothing() -> None:
    assert declare(()) == ()


@pytest.mark.parametrize(("times", "thought_of"), [(MOST_TWINS, MOST_TWINS), (MOST_TWINS + 1, 0)])
def test_a_line_that_stands_there_over_and_over_heads_nothing(times: int, thought_of: int) -> None:
    lines = read_text("a.txt", f"Tip\n{PROSE * 2}\n" * times).lines
    assert len(View(lines).measured) == thought_of


def test_a_line_without_hope_is_not_weighed_again() -> None:
    view = View(read_text("a.txt", f"Why does it hurt?\n{PROSE}\nWhat helps?\n{MORE}").lines)
    seen = view.seen({**dict.fromkeys(view.measured, 1.0), 2: HOPELESS})
    assert list(seen) == [place for place in view.measured if place != 2]
    assert seen[0]["opinion +2"] == HOPELESS
    assert set(view.second(model.headings())) == set(view.measured)
