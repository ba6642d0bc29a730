"""Every error is one line that a person, a terminal and a log can take (S34, promise 9)."""

import inspect
from datetime import timedelta
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import errors
from pipeline.errors import (
    MeridianError,
    RefusedError,
    SendError,
    SettingError,
    SourceError,
    UnsureError,
)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SourceError("the file is empty"), "the file is empty."),
        (SourceError("it is empty", mend="Write."), "it is empty. Write."),
        (SourceError("it is empty", path="a.md"), "a.md: it is empty."),
        (
            SourceError("it is empty", path=PurePath("x/a.md"), line=3),
            "x/a.md, line 3: it is empty.",
        ),
        (SourceError("it is empty", line=3), "it is empty."),
        (SettingError("no key", mend="Add it.", path="c", line=1), "c, line 1: no key. Add it."),
        (SourceError("it ended.", mend="Mend it."), "it ended. Mend it."),
        (SourceError("two\n  lines", mend="Mend\tit."), "two lines. Mend it."),
    ],
)
def test_an_error_says_where_what_and_what_to_do(error: MeridianError, told: str) -> None:
    assert str(error) == told
    assert error.args == (told,)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\x00b", "a\\x00b"),
        ("a\x9bb", "a\\x9bb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2066b", "a\\u2066b"),
        ("a\udcffb", "a\\udcffb"),
    ],
)
def test_orders_to_a_terminal_are_shown_and_not_obeyed_s34(hostile: str, shown: str) -> None:
    assert str(SourceError(hostile, mend="Mend it.", path=hostile)) == f"{shown}: {shown}. Mend it."


def test_a_line_end_in_a_file_name_begins_no_line_s34() -> None:
    assert str(SourceError("it is empty", path="a\r\nb\u2028c.md")) == (
        "a\\r\\nb\\u2028c.md: it is empty."
    )


def test_letters_of_every_script_are_left_alone() -> None:
    told = "침은 “여기” שלום 👩‍⚕️ می‌شود"
    assert str(SourceError(told, path=f"{told}.md")) == f"{told}.md: {told}."


@given(st.text(), st.text(), st.text(), st.integers(0, 9))
def test_any_error_is_one_line_that_can_be_printed(
    message: str, mend: str, path: str, line: int
) -> None:
    told = str(MeridianError(message, mend=mend, path=path, line=line))
    assert len(told.splitlines()) == 1
    assert told.encode()


def test_a_refusal_says_how_long_to_wait_and_whether_it_is_final() -> None:
    assert (RefusedError("busy").wait, RefusedError("busy").final) == (None, False)
    error = RefusedError("busy", wait=timedelta(minutes=2), final=True)
    assert (error.wait, error.final, str(error)) == (timedelta(minutes=2), True, "busy.")


def test_the_tree_is_drawn_as_it_is() -> None:
    """Every class stands in the drawing, indented below its parent."""
    assert issubclass(RefusedError, SendError)
    assert issubclass(UnsureError, SendError)
    drawing = (errors.__doc__ or "").splitlines()
    classes = dict(inspect.getmembers(errors, inspect.isclass))
    found = {
        name: cls
        for name, cls in classes.items()
        if issubclass(cls, MeridianError) and cls.__module__ == errors.__name__
    }
    assert len(found) == 12
    for name, cls in found.items():
        (row,) = [row for row in drawing if f"{name} " in row]
        depth = len(cls.__mro__) - len(MeridianError.__mro__)
        assert row.index(name) == 4 * (depth + 1)
