"""What may be kept of a person beside name and language (P5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.fields import checked
from pipeline.errors import SourceError
from pipeline.values import CustomField

TOWN = CustomField(key="town", label="Your town")
TOPIC = CustomField(key="topic", label="Topic", kind="choice", choices=("Sleep", "Movement"))
SINCE = CustomField(key="since", label="Member since", kind="date")
ALL = (TOWN, TOPIC, SINCE)


def test_what_is_declared_is_kept_and_tidied() -> None:
    typed = {"town": "  Fair \n haven ", "topic": "sleep", "since": "20260301", "other": "x"}
    assert checked(ALL, typed) == {"town": "Fair haven", "topic": "Sleep", "since": "2026-03-01"}


def test_what_is_empty_is_left_out() -> None:
    assert checked(ALL, {"town": " ", "topic": ""}) == {}


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("topic", "Back", "Topic: 'Back' is none of the answers"),
        ("since", "March", "Member since: 'March' is no day"),
        ("since", "2026-02-30", "Member since: '2026-02-30' is no day"),
        ("town", "x" * 201, "Your town is too long, or holds a control character"),
        ("town", "a\0b", "Your town is too long, or holds a control character"),
        ("town", "M54.5", "Your town holds what looks like a patient's data"),
    ],
)
def test_what_its_field_cannot_have_is_refused(key: str, value: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        checked(ALL, {key: value})
    assert caught.value.message == told
    assert caught.value.mend


@given(st.dictionaries(st.sampled_from(["town", "topic", "since"]), st.text(max_size=300)))
def test_what_is_kept_is_kept_again_as_it_is(typed: dict[str, str]) -> None:
    try:
        kept = checked(ALL, typed)
    except SourceError:
        return
    assert checked(ALL, kept) == kept
