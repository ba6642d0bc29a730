"""Looks: which lines stand out from the text around them."""

import pytest

from pipeline.stages.splitting.looks import Looks
from pipeline.values import Line, LineKind, Run

PROSE = Line(
    number=1, text=(Run("Feet are far away from the heart, and so they grow cold."),), size=11
)


def line(text: str, *, bold: bool = False, size: float = 11, kind: LineKind = "plain") -> Line:
    """A line in one look."""
    return Line(number=2, text=(Run(text, bold=bold),), size=size, kind=kind)


@pytest.mark.parametrize(
    ("own", "stands_out"),
    [
        (line("Vessels"), False),
        (line("Vessels", bold=True), True),
        (line("Vessels", size=14), True),
        (line("Vessels", size=12), False),
        (line("Vessels", size=9), False),
        (line("Vessels", bold=True, kind="item"), True),
        (line("Vessels", bold=True, kind="quotation"), False),
        (line("Vessels", bold=True, size=0), True),
        (line("Vessels", size=0), False),
        (line("x" * 161, bold=True), False),
    ],
)
def test_a_short_line_stands_out_if_it_is_bold_or_larger(own: Line, *, stands_out: bool) -> None:
    assert Looks([PROSE, own, PROSE, PROSE, PROSE, PROSE, PROSE]).stands_out(own) is stands_out


def test_a_line_that_is_bold_in_part_does_not_stand_out() -> None:
    own = Line(number=2, text=(Run("Note", bold=True), Run(": keep warm")), size=11)
    assert not Looks([PROSE, own]).stands_out(own)
    spaced = Line(number=2, text=(Run("A", bold=True), Run(" "), Run("b", bold=True)), size=11)
    assert Looks([PROSE, spaced]).stands_out(spaced)


def test_in_a_bold_text_bold_says_nothing() -> None:
    own = line("Vessels", bold=True)
    assert not Looks([own, line("Feet are far away from the heart.", bold=True)]).stands_out(own)


def test_headings_are_marked_by_looks_from_two_on() -> None:
    assert not Looks([PROSE, line("Vessels", bold=True)]).mark_headings
    assert Looks([PROSE, *[line("Vessels", bold=True)] * 2]).mark_headings
    assert not Looks([]).mark_headings
