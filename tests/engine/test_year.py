"""A year of three newsletters: nothing early, nothing twice, nothing unapproved, all explained.

Chance is seeded. By default it is the first ten weeks of one year, in which clocks change on both
continents; `make years` takes whole years, from several seeds (`SEED=…`: the first of them).
"""

import logging
import os

import pytest

from pipeline.campaigns.models import Campaign, Issue
from tests.engine.year import Year
from tests.home import Home

pytestmark = [pytest.mark.database, pytest.mark.no_cover]

SEED = int(os.environ.get("SEED", "4"))
YEARS = int(os.environ.get("YEARS", "1"))
WEEKS = int(os.environ.get("WEEKS", "10"))


@pytest.mark.parametrize("seed", range(SEED, SEED + YEARS))
def test_every_promise_is_kept_at_every_step_x11_x15(home: Home, seed: int) -> None:
    year = Year(home, seed)

    year.run(weeks=WEEKS)

    # A year in which nothing happens keeps every promise, too.
    sent = Issue.objects.filter(released_at__isnull=False)
    kinds = set(sent.values_list("newsletter", "campaign__kind"))
    assert {(key, Campaign.Kind.SERIES) for key in ("harbour", "hafen", "hangang")} <= kinds
    # Digests are made in the first days of a month, of what went out in the one before.
    assert ("harbour", Campaign.Kind.DIGEST) in kinds
    everything = [one for each in year.channel.sent.values() for one in each]
    assert {one.language for one in everything} == {"", "ko", "es"}
    assert any(one.kind == Campaign.Kind.DIGEST for one in everything)
    letters = len(everything)
    assert letters > 5 * WEEKS
    assert year.did["outage"] >= WEEKS // 6
    logging.getLogger(__name__).info("%s issues, %s letters, %s", len(sent), letters, year.did)
