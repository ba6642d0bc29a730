"""An article with `welcome: true` becomes one letter without a slot, approved like any other."""

import datetime as dt

import pytest

from pipeline.campaigns.acts import approve_issues
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.welcome import begin
from pipeline.errors import SourceError
from pipeline.reports.summary import campaigns
from tests.campaigns.desk import OPEN, SLOTS, article, parts, slots, take
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

WELCOME = article(matter="welcome: true\n")


def test_a_welcome_is_one_letter_without_a_slot() -> None:
    take(WELCOME, clinic=OPEN)
    (issue,) = parts().values()
    assert (issue.slot, issue.of, issue.folder) == ("", 1, "welcome-warmth")
    assert Campaign.objects.get().kind == Campaign.Kind.WELCOME
    assert [each.slot for each in campaigns()[0].issues] == [None]


def test_a_welcome_takes_no_slot_from_a_series() -> None:
    take(WELCOME, name="welcome.md")
    take(article(2), name="warmth.md")
    assert slots() == SLOTS[:2]


def test_a_welcome_is_ready_when_it_is_approved_and_anew_when_it_is_changed() -> None:
    take(WELCOME)
    assert begin(now=NOW) == []
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    assert [issue.state for issue in begin(now=NOW)] == ["scheduled"]
    assert begin(now=NOW) == []
    assert list(Issue.objects.values_list("state", "released_at")) == [("sending", NOW)]

    take(WELCOME.replace("oldest remedy", "oldest and simplest remedy"))
    assert begin(now=NOW) == []
    later = NOW + dt.timedelta(days=1)
    approve_issues(article="warmth", approver="Mara Ellison", now=later)
    assert len(begin(now=later)) == 1
    assert list(Issue.objects.values_list("state", "released_at")) == [("sending", NOW)]


def test_what_is_no_yes_or_no_is_told() -> None:
    with pytest.raises(SourceError, match="must be true or false"):
        take(article(matter="welcome: perhaps\n"))
