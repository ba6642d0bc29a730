"""What other programs say of a person: nothing but a clear yes subscribes (PAINS 54, 55)."""

import pytest

from pipeline.audience.lists.states import (
    BOUNCED,
    COMPLAINED,
    LEFT,
    LEFT_ALL,
    Verdict,
    by_cleaned,
    by_left,
    by_no,
    by_why,
    by_word,
    by_yes,
    verdict,
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("subscribed", ""), ("Active", ""), ("enabled", ""), ("true", ""), ("opted_in", ""),
        ("unsubscribed", LEFT), ("Cancelled", LEFT), ("false", LEFT), ("left", LEFT),
        ("cleaned", BOUNCED), ("bounced", BOUNCED), ("complained", COMPLAINED),
        ("blocklisted", LEFT_ALL), ("suppressed", LEFT),
        ("unconfirmed", "is “unconfirmed” there"), ("disabled", "is “disabled” there"),
        ("", "its status is empty"), ("CA", "its status 'CA' is not known"),
    ],
)  # fmt: skip
def test_a_word(said: str, told: Verdict) -> None:
    assert by_word(said) == told


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [
        ("true", "", LEFT), ("1", "", LEFT), ("sí", "", LEFT),
        ("false", LEFT, ""), ("0", LEFT, ""), ("FALSE", LEFT, ""),
        ("", "its status is empty", ""), ("perhaps", "its status 'perhaps' is not known",
                                          "its status 'perhaps' is not known"),
    ],
)  # fmt: skip
def test_a_question(said: str, yes: Verdict, no: Verdict) -> None:
    assert (by_yes(said), by_no(said)) == (yes, no)


def test_a_time_or_a_reason() -> None:
    assert (by_left("2024-01-01"), by_left(" ")) == (LEFT, "")
    assert (by_cleaned("2024-01-01"), by_cleaned("")) == (BOUNCED, "")
    assert [by_why(said) for said in ("", "No longer interested", "Marked as SPAM")] == [
        "",
        LEFT,
        COMPLAINED,
    ]


def test_the_gravest_counts() -> None:
    assert verdict(["", ""]) == ""
    assert verdict(["", "is “pending” there"]) == "is “pending” there"
    assert verdict(["is “pending” there", LEFT]) == LEFT
    assert verdict([LEFT, COMPLAINED, BOUNCED]) == COMPLAINED
    assert verdict([LEFT, LEFT_ALL]) == LEFT_ALL
