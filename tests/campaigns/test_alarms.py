"""An alarm keeps new campaigns of a newsletter from beginning, until a person answers (D30)."""

import datetime as dt

import pytest

from pipeline.campaigns.acts import resume
from pipeline.campaigns.alarms import acknowledge, alarm_of, raise_alarm, stop, was_stopped_for
from pipeline.campaigns.models import Campaign, LogEntry
from pipeline.campaigns.preflight import facts_of, preflight
from pipeline.errors import SettingError
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + dt.timedelta(hours=1)
TOLD = "3 of the last 500 letters of weekly were called spam"


def errors(newsletter: str = "weekly") -> list[tuple[str, str]]:
    """What stops a campaign of a newsletter."""
    facts = facts_of(newsletter, name="x", postal_address=("x",), welcome=True, now=NOW)
    return [(finding.code, finding.message) for finding in preflight(facts) if finding.stops]


def test_an_alarm_stops_new_campaigns_of_its_newsletter_until_it_is_answered_d30() -> None:
    raise_alarm("weekly", spam=3, letters=500, now=NOW)
    raise_alarm("weekly", spam=4, letters=500, now=NOW)
    assert errors() == [("complaints", TOLD)]
    assert errors("monthly") == []
    acknowledge("weekly", actor="Mara Ellison", now=LATER)
    assert (errors(), alarm_of("weekly")) == ([], "")
    entry = LogEntry.objects.order_by("pk").last()
    assert entry is not None
    assert (entry.kind, entry.actor, entry.told) == ("acknowledged", "Mara Ellison", TOLD)


def test_what_is_no_alarm_cannot_be_answered() -> None:
    with pytest.raises(SettingError, match="there is no alarm of weekly"):
        acknowledge("weekly", actor="Mara Ellison", now=NOW)


def test_a_person_who_lets_the_campaign_go_on_has_answered_too() -> None:
    factories.issue()
    stop(Campaign.objects.get().pk, why="3 were called spam", now=NOW)
    raise_alarm("weekly", spam=3, letters=500, now=NOW)
    resume(article="why-warmth-helps", actor="Mara Ellison", now=LATER)
    assert alarm_of("weekly") == ""


def test_a_campaign_is_paused_once_and_the_log_says_why() -> None:
    factories.issue()
    campaign = Campaign.objects.get()
    assert stop(campaign.pk, why="because", code="5.7.1", now=NOW)
    assert not stop(campaign.pk, why="because", code="5.7.1", now=NOW)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.PAUSED
    entry = LogEntry.objects.get(kind="paused")
    assert (entry.actor, entry.told) == ("scheduler", "Why Warmth Helps is paused: because")
    assert entry.values["effect"]
    assert was_stopped_for(campaign.pk, "5.7.1")
    assert not was_stopped_for(campaign.pk, "5.7.26")
