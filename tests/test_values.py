"""The few values that do something."""

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import values
from pipeline.errors import SourceError
from pipeline.values import Run, plain
from tests.samples import configuration

CONFIGURATION = replace(
    configuration(),
    newsletters=(
        configuration().newsletters[0],
        replace(configuration().newsletters[0], key="monthly"),
    ),
)


@given(st.lists(st.text()))
def test_plain_text_is_the_words_in_order(words: list[str]) -> None:
    assert plain(tuple(Run(word, bold=True, link="x") for word in words)) == "".join(words)


@pytest.mark.parametrize(
    ("key", "found"), [("", "weekly"), ("weekly", "weekly"), ("monthly", "monthly")]
)
def test_a_newsletter_is_found_by_its_key(key: str, found: str) -> None:
    assert CONFIGURATION.newsletter(key).key == found


@pytest.mark.parametrize("key", ["daily", "Weekly", "weekly "])
def test_a_newsletter_that_is_not_there(key: str) -> None:
    with pytest.raises(SourceError, match="is not there: "):
        CONFIGURATION.newsletter(key)


def test_every_value_is_frozen() -> None:
    kinds = [
        kind for kind in vars(values).values() if isinstance(kind, type) and is_dataclass(kind)
    ]
    assert len(kinds) == 21
    for kind in kinds:
        made = object.__new__(kind)
        with pytest.raises(FrozenInstanceError):
            setattr(made, fields(kind)[0].name, None)
