"""What the benchmark says of chances and of asking."""

from dataclasses import dataclass
from types import ModuleType

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.outline import View
from tests.benchmarks.loading import module
from tests.weights import simple_weights

__all__ = ["simple_weights"]


@dataclass(frozen=True)
class Example:
    """An article and its answers, as the benchmark has them."""

    view: View
    answers: dict[int, bool]


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    """The module, which stands in no package."""
    return module("split/calibration.py")


def rows(report: str) -> list[list[str]]:
    """The rows of the tables of a report, without their heads."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in report.splitlines()
        if line[:2] == "| "
    ]
    return [row for row in cells if "%" in row[0]]


@pytest.mark.usefixtures("simple_weights")
def test_the_report_counts_what_is_asked_and_what_an_answer_mends(calibration: ModuleType) -> None:
    text = "It hurts.\n\nWhy?\n\nIt does.\n\nWhat helps\n\nIt does.\n\nNote:\n\nThat is all."
    answers = {0: True, 1: True, 2: False, 3: False, 4: False, 5: False}
    made = calibration.Calibration()
    made.add([Example(View(read_text("a.txt", text).lines), answers)] * 2)
    found = {row[0].strip("*"): row[1:] for row in rows(made.report())}
    assert found["0–2 %"][:4] == ["6", "0.002", "0.333", "2"]
    assert found["35–50 %"] == ["2", "0.401", "0.000", "0", "yes"]
    assert found["50–65 %"] == ["2", "0.550", "0.000", "2", "yes"]
    assert found["98–100 %"][:4] == ["2", "0.985", "1.000", "0"]
    assert found["25–85 %"] == ["2.00", "1.000", "0.500", "0.500"]


def test_the_report_of_nothing_has_no_shares(calibration: ModuleType) -> None:
    found = rows(calibration.Calibration().report())
    assert {tuple(row[1:5]) for row in found if len(row) > 5} == {("0", "–", "–", "0")}
    assert {tuple(row[1:]) for row in found if len(row) == 5} == {("0.00", "–", "–", "0.000")}


def test_what_is_asked_is_marked_in_both_tables(calibration: ModuleType) -> None:
    low, high = (f"{100 * limit:.0f}" for limit in calibration.UNSURE)
    found = rows(calibration.Calibration().report())
    assert [row[0] for row in found if "**" in row[0]] == [f"**{low}–{high} %**"]
    asked = [row[0] for row in found if row[-1].startswith("yes")]
    assert (asked[0].split("–")[0], asked[-1].split("–")[1]) == (low, f"{high} %")
