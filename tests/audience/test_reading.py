"""Which language each reader of a newsletter reads, and how many read each."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.audience.models import Subscription
from pipeline.audience.reading import offered, readers_by_language
from pipeline.audience.segments import Filter, count
from tests.campaigns.desk import CLINIC
from tests.web.readers import NOW, reader

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LETTER = replace(CLINIC.newsletters[0], key="weekly", languages=("es", "es-MX", "en", "ko"))


def test_the_nearest_language_that_is_offered_counts_and_all_are_counted_once() -> None:
    assert offered(LETTER) == ["es-MX", "es", "ko"]
    tongues = ("es", "es-AR", "es-mx", "ko-KR", "kok", "en", "de", "")
    for place, tongue in enumerate(tongues):
        reader(f"reader{place}@example.com", language=tongue)
    by = readers_by_language(LETTER, now=NOW)
    assert by == {"": 4, "es": 2, "es-MX": 1, "ko": 1}
    assert sum(by.values()) == len(tongues)


def test_who_wants_one_letter_a_month_counts_for_the_digest_alone() -> None:
    for name in ("ana", "moe", "pia"):
        reader(f"{name}@example.com", language="ko")
    ties = Subscription.objects
    ties.filter(subscriber__address="moe@example.com").update(frequency="monthly")
    late = NOW + dt.timedelta(days=9)
    ties.filter(subscriber__address="pia@example.com").update(paused_until=late)
    assert readers_by_language(LETTER, now=NOW)["ko"] == 1
    assert readers_by_language(LETTER, now=NOW, digest=True)["ko"] == 1

    weekly, digest = (count(Filter(), LETTER, now=NOW, digest=each) for each in (False, True))
    assert (weekly.reached, weekly.excluded) == (1, {"monthly": 1, "paused": 1})
    assert (digest.reached, digest.excluded) == (1, {"weekly": 2})
    assert weekly.adds_up()
    assert digest.adds_up()


def test_a_newsletter_in_one_language_has_readers_of_that_alone() -> None:
    reader(language="ko")
    assert readers_by_language(replace(LETTER, languages=()), now=NOW) == {"": 1}
