"""The few values that do something."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import values
from pipeline.values import Run, plain


@given(st.lists(st.text()))
def test_plain_text_is_the_words_in_order(words: list[str]) -> None:
    assert plain(tuple(Run(word, bold=True, link="x") for word in words)) == "".join(words)


def test_every_value_is_frozen() -> None:
    kinds = [
        kind for kind in vars(values).values() if isinstance(kind, type) and is_dataclass(kind)
    ]
    assert len(kinds) == 28
    for kind in kinds:
        made = object.__new__(kind)
        with pytest.raises(FrozenInstanceError):
            setattr(made, fields(kind)[0].name, None)
