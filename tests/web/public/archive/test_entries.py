"""What is told of an issue."""

import datetime as dt

import pytest

from pipeline.campaigns.archive import publication_of
from pipeline.campaigns.publications import house
from pipeline.web.public.archive.entries import entry_of
from tests.web.public.archive.desk import went_out
from tests.web.readers import NOW, configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", 4), ("America/New_York", 3), ("UTC", 3)]
)
def test_the_day_is_that_of_the_newsletter(zone: str, day: int) -> None:
    configure()
    issue = went_out()
    issue.time_zone = zone
    publication = publication_of("weekly", house())
    assert publication is not None
    entry = entry_of(issue, publication)
    assert entry.day == dt.date(2026, 3, day)
    assert entry.released == NOW
    assert entry.moment == "2026-03-03T15:00:00Z"
