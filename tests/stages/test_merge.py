"""Merge fields: a closed list of names, so no text can call for anything else (S1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.merge import FIELDS, mark, marks, merge, translate

URL = "https://clinic.example.com/u/5.weekly.abc"
VALUES = {"unsubscribe_url": URL}


def test_a_mark_is_found_again() -> None:
    assert mark("unsubscribe_url") == "@@unsubscribe_url@@"
    assert marks(f"a {mark('unsubscribe_url')} b {mark('nonsense')}") == [
        "unsubscribe_url",
        "nonsense",
    ]


def test_every_mark_is_filled() -> None:
    text = f'<a href="{mark("unsubscribe_url")}">{mark("unsubscribe_url")}</a>'
    assert merge(text, VALUES) == f'<a href="{URL}">{URL}</a>'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no marks",
        "@@nonsense@@",
        "@@UNSUBSCRIBE_URL@@",
        "@@unsubscribe_url@",
        "@@ unsubscribe_url @@",
        "@@unsubscribe_url.__class__@@",
        "@@unsubscribe-url@@",
        "@@@@",
        "mara@@clinic@@example",
        "{{ unsubscribe_url }} {% include '/etc/passwd' %} ${7*7} <%= 7*7 %> %recipient.x% {0}",
    ],
)
def test_nothing_else_is_filled_s1(text: str) -> None:
    assert merge(text, VALUES) == text


def test_a_field_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="unsubscribe_url"):
        merge(mark("unsubscribe_url"), {})


def test_marks_are_translated_to_a_providers_own() -> None:
    text = f"{mark('unsubscribe_url')} @@nonsense@@"
    assert translate(text, lambda name: f"%recipient.{name}%") == (
        "%recipient.unsubscribe_url% @@nonsense@@"
    )


def test_a_value_that_looks_like_a_mark_calls_for_nothing() -> None:
    assert merge(mark("unsubscribe_url"), {"unsubscribe_url": "@@unsubscribe_url@@"}) == (
        "@@unsubscribe_url@@"
    )


@given(st.lists(st.sampled_from(["@", "@@", "unsubscribe_url", "_", "a", " ", *map(mark, FIELDS)])))
def test_only_marks_change_and_all_of_them_do(pieces: list[str]) -> None:
    text = "".join(pieces)
    filled = merge(text, VALUES)
    known = [name for name in marks(text) if name in FIELDS]
    assert filled.count(URL) == len(known)
    assert translate(text, mark) == text
