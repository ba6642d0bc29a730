"""`meridian tick`: the scheduler's pass; it sends nothing."""

import json

import pytest

from tests.home import Home
from tests.management.steps import Meridian, write
from tests.outbox.steps import states
from tests.web.readers import everything

pytestmark = pytest.mark.database


def test_it_takes_in_and_releases_and_sends_nothing(small: Home, meridian: Meridian) -> None:
    said = meridian("tick")

    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        "taken in: warm-hands.md",
        "released: Warm hands (weekly), part 1 of 2",
    ]
    assert states() == {"pending": 24}
    assert list(small.outbox.rglob("*")) == []


def test_a_second_pass_changes_nothing(small: Home, meridian: Meridian) -> None:
    meridian("tick")
    kept = everything()

    assert meridian("tick").out == "Nothing to do.\n"
    assert everything() == kept


def test_json_says_the_same(small: Home, meridian: Meridian) -> None:
    write(small, "articles/broken.md", "")

    said = meridian("tick", "--json")

    told = json.loads(said.out)
    assert said.status == 2
    assert told["changed"] == ["warm-hands.md"]
    assert told["released"] == ["Warm hands (weekly), part 1 of 2"]
    assert told["errors"] == [said.refusal()]


def test_names_with_brackets_are_printed_as_they_are(small: Home, meridian: Meridian) -> None:
    small.change("articles/warm-hands.md", "title: Warm hands", 'title: "Warm [bold]hands[/]"')

    assert "released: Warm [bold]hands[/] (weekly), part 1 of 2" in meridian("tick").out
