"""A year of three newsletters: nothing early, nothing twice, nothing unapproved, all explained.

Chance is seeded; ``YEARS=20`` runs so many years from other seeds (`make years`).
"""

import logging
import os

import pytest

from pipeline.campaigns.models import Campaign, Issue
from tests.engine.year import Year
from tests.home import Home

pytestmark = [pytest.mark.database, pytest.mark.no_cover]

YEARS = int(os.environ.get("YEARS", "1"))
WEEKS = int(os.environ.get("WEEKS", "52"))


@pytest.mark.parametrize("seed", range(1, YEARS + 1))
def test_a_year_keeps_every_promise_x11_x15(home: Home, seed: int) -> None:
    year = Year(home, seed)

    year.run(weeks=WEEKS)

    # A year in which nothing happens keeps every promise, too.
    sent = Issue.objects.filter(released_at__isnull=False)
    kinds = set(sent.values_list("newsletter", "campaign__kind"))
    assert {(key, Campaign.Kind.SERIES) for key in ("harbour", "hafen", "hangang")} <= kinds
    assert sum(map(len, year.channel.sent.values())) > 5 * WEEKS
    assert year.did["outage"] >= WEEKS / 4
    letters = sum(map(len, year.channel.sent.values()))
    logging.getLogger(__name__).info("%s issues, %s letters, %s", len(sent), letters, year.did)
