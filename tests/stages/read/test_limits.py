"""Texts no person wrote: told at once, and real ones, however long, never taken for them."""

from pathlib import PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read import read
from pipeline.stages.read.limits import LARGEST, MOST_SHORT_LINES

MEND = "Keep the article in this file, and what is data in another."


def told(name: str, text: str) -> str:
    """The error that reading gives, or "" if there is none."""
    try:
        read(PurePath(name), text.encode())
    except SourceError as error:
        return str(error)
    return ""


def test_a_text_over_the_largest_is_refused() -> None:
    line = "It hurts for a while, and then it is over. " * 20 + "\n"
    text = line * (LARGEST // len(line) + 1)
    assert told("a.txt", text) == f"a.txt: this text is longer than 20,000,000 letters. {MEND}"
    assert told("a.txt", text[:2_000_000]) == ""


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_text_in_shreds_is_refused(name: str) -> None:
    message = f"{name}: this text has more than 40,000 short lines. {MEND}"
    assert told(name, "Word\n" * (MOST_SHORT_LINES + 1)) == message
    assert told(name, "Word\n" * MOST_SHORT_LINES) == ""


@pytest.mark.no_cover
def test_empty_lines_and_long_ones_are_no_shreds() -> None:
    long = "x" * 41 + "\n"
    assert told("a.txt", long * (MOST_SHORT_LINES + 1)) == ""
    assert told("a.txt", "Word" + "\n" * 500_000) == ""


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("[", "this text has more than 10,000 brackets"),
        *[(mark, "this text has more than 50,000 stars, bars and their like") for mark in "*_`|\\"],
    ],
)
def test_markdown_that_is_mostly_marks_is_refused(mark: str, message: str) -> None:
    most = 10_000 if mark == "[" else 50_000
    assert told("a.md", "Word " + mark * (most + 1)) == f"a.md: {message}. {MEND}"
    assert told("a.txt", "Word " + mark * (most + 1)) == ""


@pytest.mark.no_cover
def test_a_long_text_may_hold_many_marks() -> None:
    paragraph = "See [the study](https://a.test/1) of the *vagus* nerve. " + "It rests. " * 20
    assert told("a.md", f"{paragraph}\n\n" * 10_001) == ""
