"""The alarm of a newsletter whose form rests (S16)."""

import datetime as dt

import pytest

from pipeline.reports.joining import resting
from tests.audience.forms import HOUR, send, wish
from tests.factories import NOW
from tests.web.readers import configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_without_a_configuration_nothing_rests() -> None:
    assert resting(now=NOW) == []


def test_a_newsletter_rests_until_there_is_a_place_again_s16() -> None:
    configure(('key = "weekly"', 'key = "weekly"\njoins_per_hour = 2'))
    for number in range(3):
        at = NOW + number * dt.timedelta(minutes=10)
        assert (resting(now=at) == []) == (number < 2)
        send(wish(f"a{number}@example.com"), most=2, now=at)
    (told,) = resting(now=NOW + HOUR / 2)
    assert told.startswith("Joining The Harbour Letter rests until 11:00 (America/New_York): 2 peo")
    assert resting(now=NOW + HOUR) == []
