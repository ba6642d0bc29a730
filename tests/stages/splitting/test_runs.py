"""Numbers that count on."""

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.runs import runs


def places(text: str) -> list[list[int]]:
    """Where the lines of each run stand."""
    return [run.places for run in runs(read_text("a.txt", text).lines)]


def test_runs_are_lines_that_count_on() -> None:
    assert places("1. a\nprose\n2. b\nprose\n3. c") == [[0, 2, 4]]


def test_runs_of_other_forms_do_not_mix() -> None:
    assert places("1. a\n1) b\n2. c\n2) d") == [[0, 2], [1, 3]]


def test_runs_tell_an_inner_list_from_the_outer_numbers() -> None:
    assert places("1. a\nprose\n1. x\n2. y\nprose\n2. b\n1. x\n2. y") == [[0, 5], [2, 3], [6, 7]]


def test_runs_keep_a_lone_number_and_leave_items_alone() -> None:
    assert places("- 1. a\n7. b\nprose") == [[1]]


def test_runs_hold_the_number_of_each_line() -> None:
    (run,) = runs(read_text("a.txt", "Step 1: rest\nStep 2: walk").lines)
    assert [(number.number, number.rest) for number in run.numbers] == [
        ("Step 1", "rest"),
        ("Step 2", "walk"),
    ]


def test_runs_of_a_thousand_equal_numbers_end() -> None:
    assert len(places("1. a\n" * 1000)) == 1000
