"""On what right a list is read in (L7, L8)."""

import dataclasses
import datetime as dt

import pytest

from pipeline.audience.imports.terms import BASES, agreed
from pipeline.errors import SettingError
from tests.audience.lists.test_columns import WEEKLY
from tests.factories import NOW


def refusal(basis: str, until: str, actor: str = "Kim") -> str:
    """The words of the error."""
    with pytest.raises(SettingError) as caught:
        agreed(newsletter=WEEKLY, basis=basis, until=until, actor=actor, update=False, now=NOW)
    assert caught.value.mend
    return caught.value.message


def test_three_bases_l7() -> None:
    assert BASES == ("express", "implied", "existing")


def test_an_implied_consent_needs_its_end_l8() -> None:
    for until in ("", "soon", "2027-02-30", "9999-12-31"):
        assert refusal("implied", until) == "an implied consent needs its last day"
    assert refusal("implied", "2026-03-02") == "--until 2026-03-02 is past"


def test_others_have_none() -> None:
    assert refusal("express", "2027-01-01") == "a consent that is express has no end"


def test_somebody_answers_for_it() -> None:
    for actor in ("", " ", "x" * 201):
        assert refusal("express", "", actor) == "nobody answers for this list"


def test_the_day_ends_on_the_newsletters_clock() -> None:
    seoul = dataclasses.replace(WEEKLY, time_zone="Asia/Seoul")
    terms = agreed(
        newsletter=seoul, basis="implied", until="2027-03-31", actor="Kim", update=False, now=NOW
    )
    assert terms.until == dt.datetime(2027, 3, 31, 15, tzinfo=dt.UTC)
