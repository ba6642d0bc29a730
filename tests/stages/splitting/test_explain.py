"""Why each line is what it is: each decision has a probability and its reasons."""

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.corrections import heed
from pipeline.stages.splitting.explain import (
    DECLARED,
    SAID,
    UNSURE,
    Decision,
    Reason,
    explain,
    told,
)
from pipeline.stages.splitting.model import chance
from pipeline.stages.splitting.outline import declare
from pipeline.values import Line, Run, plain
from tests.stages.splitting.test_outline import MORE, PROSE


def decided(text: str, **said: tuple[str, ...]) -> list[Decision]:
    """The decision on each line of a plain text."""
    return list(explain(heed(read_text("a.txt", text).lines, said)))


def looking(text: str, *, bold: bool = False, size: float = 11) -> Line:
    """A line whose looks are known."""
    return Line(number=1, text=(Run(text, bold=bold),), size=size)


def test_explain_gives_a_decision_for_each_line_as_declared() -> None:
    text = f"Why does it hurt?\n{PROSE}\n1. One.\n2. Two.\n- x\n{MORE}\nReferences\nA book"
    lines = heed(read_text("a.txt", text).lines, {"headings": ("A book",)})
    assert tuple(decision.line for decision in explain(lines)) == declare(lines)


def test_explain_of_nothing_is_nothing() -> None:
    assert list(explain(())) == []


def test_explain_says_how_sure_it_is_and_why() -> None:
    text = f"{MORE} {PROSE}\nWhy does it hurt?\n{PROSE}\n{MORE}"
    prose, question, *_ = decided(text)
    assert (prose.probability, prose.reasons, prose.heading) == (0.0, (), False)
    assert question.heading
    assert question.probability > 0.5
    sizes = [abs(reason.weight) for reason in question.reasons]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 5
    assert "first opinion" not in {reason.name for reason in question.reasons}


def test_explain_names_the_caption_as_the_reason() -> None:
    decision = decided(f"{PROSE}\nPhoto by Ana Ruiz\n{PROSE}\n{MORE}")[1]
    assert decision.probability < 0.5
    (caption,) = [reason for reason in decision.reasons if reason.name == "caption"]
    assert (caption.value, caption.weight < -3) == (1, True)


@pytest.mark.usefixtures("simple_weights")
def test_explain_gives_each_measure_the_odds_it_added() -> None:
    decision = decided(f"{PROSE}\nWhy does it hurt?\n{PROSE}")[1]
    assert decision.reasons == (Reason("ends question", 1, 4.0),)
    assert decision.probability == pytest.approx(chance(0.2 + 4.0))


@pytest.mark.usefixtures("simple_weights")
@pytest.mark.parametrize(
    ("line", "heading", "unsure"),
    [
        ("Why does it hurt?", True, False),
        ("What helps", True, True),
        ("What helps:", False, True),
        ("Photo by Ana Ruiz", False, False),
        ("That is all.", False, False),
        ("References", True, False),
    ],
)
def test_explain_is_unsure_of_what_was_decided_by_a_hair(
    line: str, *, heading: bool, unsure: bool
) -> None:
    decision = decided(f"{PROSE}\n{line}\n{PROSE}")[1]
    assert (decision.heading, decision.unsure) == (heading, unsure)
    assert (decision.probability > 0.5) is heading


@pytest.mark.usefixtures("simple_weights")
def test_explain_weighs_the_lines_of_a_run_together() -> None:
    text = "".join(f"{n}) Rest well\n{PROSE}\n{MORE}\n" for n in (1, 2, 3, 4, 5))
    first, *_ = decided(text)
    assert first.probability == pytest.approx(chance(5 * (0.2 + 0.4)))
    assert first.grounds == ("counts on: 1, 2, 3, …, 5",)


def test_explain_tells_few_numbers_in_full() -> None:
    text = "".join(f"Step {n} – Rest\n{PROSE}\n{MORE}\n" for n in (1, 2, 3))
    assert decided(text)[0].grounds == ("counts on: Step 1, Step 2, Step 3",)


def test_explain_is_sure_of_a_list_whose_lines_touch() -> None:
    text = f"{PROSE}\n1. Lights down\n2. Phone away\n3. Breathe out\n{MORE}"
    steps = decided(text)[1:4]
    assert [(step.line.kind, step.unsure, step.grounds) for step in steps] == [
        ("item", False, ())
    ] * 3
    assert max(step.probability for step in steps) < 1e-9


def test_explain_says_that_a_closing_word_is_always_a_heading() -> None:
    *_, references, book = decided(f"{PROSE}\n{MORE}\nReferences\nEllison on Rest")
    assert references.grounds == ("“References” is always a heading",)
    assert references.heading
    assert (book.heading, book.unsure) == (False, False)


@pytest.mark.usefixtures("simple_weights")
def test_explain_asks_nothing_under_the_references() -> None:
    text = f"{PROSE}\nReferences\nEllison on Rest:\nReyes on Necks\nDisclaimer\nAsk:\n{PROSE}"
    _, _, *books, _, ask, _ = decided(text)
    assert [(book.heading, book.probability) for book in books] == [(False, 0.0)] * 2
    assert ask.unsure


@pytest.mark.usefixtures("simple_weights")
def test_explain_weighs_a_line_alone_that_its_run_does_not_decide() -> None:
    stopped = f"Step 1 – Rest.\n{PROSE}\nStep 2 – Walk.\n{PROSE}\nStep 3 – Why?\n{PROSE}"
    decisions = decided(stopped)
    assert [each.line.kind for each in decisions[::2]] == ["plain", "plain", "heading"]
    why = decisions[4]
    assert why.grounds == ()
    assert why.probability == pytest.approx(chance(0.2 + 0.4 + 4.0))


def test_explain_says_what_a_person_said_and_asks_no_more() -> None:
    text = f"{PROSE}\nWhat helps\n{MORE}\nWhy does it hurt?\n{PROSE}"
    _, helps, _, why, _ = decided(
        text, headings=("what helps",), not_headings=("why does it hurt",)
    )
    assert [(each.probability, each.grounds, each.reasons) for each in (helps, why)] == [
        (1.0, (SAID,), ()),
        (0.0, (SAID,), ()),
    ]
    assert not helps.unsure
    assert not why.unsure


def test_explain_names_the_looks() -> None:
    prose = looking(f"{PROSE} {MORE}")
    lines = [looking("Heat", bold=True), prose, looking("Cold", size=16), prose]
    heat, _, cold, _ = explain(lines)
    assert (heat.grounds, cold.grounds) == (("bold",), ("larger than the text",))


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        (Line(number=1, text=(Run("A"),), kind="heading"), (1.0, (DECLARED,))),
        (Line(number=1, text=(Run("A"),)), (0.0, (DECLARED,))),
        (Line(number=1, text=(Run("A"),), said=False), (0.0, (SAID,))),
        (Line(number=1, text=(Run("A"),), kind="heading", said=True), (1.0, (SAID,))),
    ],
)
def test_told_believes_the_file_and_the_person(
    line: Line, decision: tuple[float, tuple[str, ...]]
) -> None:
    assert told(line) == Decision(line, *decision)
    assert not told(line).unsure


def test_what_is_unsure_lies_on_both_sides_of_the_half() -> None:
    assert 0 < UNSURE[0] < 0.5 < UNSURE[1] < 1


def test_explain_lets_no_capital_speak_where_there_are_none() -> None:
    decision = decided("침 치료는 무엇일까요?\n" + "몸은 기억합니다. 그래서 쉬어야 합니다. " * 4)[0]
    assert plain(decision.line.text).startswith("침")
    assert [r.name for r in decision.reasons if r.name.startswith(("capital", "run "))] == []
