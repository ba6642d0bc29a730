"""`meridian campaign over-cap`, `trial` and `choose`, and the caps where sums are shown."""

import json

import pytest

from pipeline.campaigns.alarms import alarm_of, raise_alarm
from pipeline.campaigns.models import Issue, LogEntry
from pipeline.outbox.models import Delivery
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import Meridian
from tests.outbox.steps import states

pytestmark = pytest.mark.database

ARTICLE = "warm-hands"
DOMAIN = "harbour-street.example.com"
CAPPED = ('archive = "public"', 'archive = "public"\nwarm_up = 10')


def test_a_warm_up_is_shown_and_a_named_person_goes_over_it_d32(
    small: Home, meridian: Meridian
) -> None:
    small.change("clinic.toml", *CAPPED)
    meridian("run")
    assert states() == {"accepted": 10, "pending": 14}
    told = f"{DOMAIN}: 10 of 10 letters today (warm-up)"
    assert told in meridian("outbox").out
    assert told in meridian("campaign", "show").out
    assert json.loads(meridian("outbox", "--json").out)[-1]["used"] == 10

    assert meridian("campaign", "over-cap", ARTICLE).status != 0
    said = meridian("campaign", "over-cap", ARTICLE, "--by", "Mara Ellison")
    assert "Mara Ellison lets it send more" in said.out
    meridian("send", "--until-empty")

    assert states() == {"accepted": 24}
    assert LogEntry.objects.get(kind="over cap").actor == "Mara Ellison"


def test_an_alarm_is_answered_by_a_named_person_d30(small: Home, meridian: Meridian) -> None:
    meridian("run")
    said = meridian("campaign", "acknowledge", ARTICLE, "--by", "Mara Ellison")
    assert (said.status, "there is no alarm of weekly" in said.err) == (2, True)
    raise_alarm("weekly", spam=3, letters=500, now=NOW)
    assert meridian("campaign", "acknowledge", ARTICLE).status != 0
    said = meridian("campaign", "acknowledge", ARTICLE, "--by", "Mara Ellison")
    assert "new campaigns of weekly may begin" in said.out
    assert alarm_of("weekly") == ""


def test_a_second_subject_is_tried_and_a_person_chooses(careful: Home, meridian: Meridian) -> None:
    meridian("tick")
    assert meridian("campaign", "trial", ARTICLE).status != 0
    subject = ("--subject", "Cold hands, warm feet")
    said = meridian("campaign", "trial", ARTICLE, *subject, "--share", "80", "--by", "Ana")
    assert "it has to be approved anew" in said.out
    assert meridian("campaign", "choose", ARTICLE, "a").status == 0
    assert meridian("campaign", "choose", ARTICLE, "b").status != 0
    assert Issue.objects.get(part=1).trial["winner"] == "a"
    meridian("campaign", "approve", ARTICLE)
    meridian("run")
    assert set(Delivery.objects.values_list("arm", flat=True)) == {"a", "b", ""}
    said = meridian("campaign", "trial", ARTICLE, "--part", "2", "--undo")
    assert (said.status, "tries no second subject" in said.out) == (0, True)
