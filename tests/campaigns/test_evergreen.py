"""The evergreen queue: a slot that nothing claims is fed, by the season, then by age."""

import datetime as dt

import pytest

from pipeline.campaigns.acts import pause
from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.release import release
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at, log
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

POLLEN = """
[[calendar.seasons]]
name = "Pollen"
first = "03-15"
last = "03-20"
"""


def begun(slot: str, *, late: int = 0) -> list[str]:
    """The articles that a pass begins in a slot, some minutes late."""
    now = at(slot[:10], slot[11:]) + dt.timedelta(minutes=late)
    return [issue.campaign.article for issue in release(now=now)]


def test_a_slot_that_nothing_claims_is_fed_with_the_oldest() -> None:
    weeks.clinic()
    weeks.evergreen("tea", parts=2)
    weeks.evergreen("walks")
    assert begun("2026-03-10T09:59") == []
    assert begun(TUE[0]) == ["tea"]
    assert weeks.slots("tea") == [TUE[0], ""]
    assert Issue.objects.get(slot=TUE[0]).folder == "2026-03-10-tea-part-1"
    assert log() == [
        "Part 1 of tea takes the slot of Tue 10 Mar 2026 10:00, which no series claims"
    ]
    assert begun(TUE[0], late=1) == []
    assert [begun(slot) for slot in TUE[1:4]] == [["tea"], ["walks"], []]


def test_a_slot_that_a_series_claims_is_not_fed() -> None:
    weeks.clinic()
    weeks.evergreen("tea")
    weeks.series(TUE[0])
    weeks.issue(1, TUE[1], article="unread", approved=False)
    assert begun(TUE[0]) == ["warmth"]
    assert begun(TUE[1]) == []  # it may be approved at any minute
    assert begun(TUE[2]) == ["tea"]


@pytest.mark.parametrize(
    ("day", "fed"),
    [("2026-03-13T15:00", []), ("2026-03-04T15:00", []), ("2026-03-16T15:00", ["tea"])],
)
def test_an_issue_less_than_six_days_away_claims_the_slot(day: str, fed: list[str]) -> None:
    weeks.clinic()
    weeks.evergreen("tea")
    if day < TUE[0]:
        weeks.issue(1, day, gone=at(day[:10], day[11:]))
    else:
        weeks.fix(weeks.issue(1, day))
    assert begun(TUE[0]) == fed


@pytest.mark.parametrize("state", ["paused", "planned", "cancelled"])
def test_a_campaign_that_sends_nothing_claims_no_slot(state: str) -> None:
    weeks.clinic()
    weeks.evergreen("tea")
    weeks.series(TUE[0])
    Campaign.objects.filter(article="warmth").update(state=state)
    assert begun(TUE[0]) == ["tea"]


def test_a_season_takes_what_is_written_for_it_and_what_is_not_waits() -> None:
    weeks.clinic(calendar=POLLEN)
    weeks.evergreen("walks")
    weeks.evergreen("noses", season="pollen")
    weeks.evergreen("eyes", season="pollen")
    weeks.evergreen("ghosts", season="all souls")  # no season of clinic.toml
    assert [begun(slot) for slot in TUE[:4]] == [["walks"], ["noses"], ["ghosts"], []]


def test_a_holiday_is_fed_no_more_than_it_is_claimed() -> None:
    weeks.clinic(calendar="closed = [2026-03-10]")
    weeks.evergreen("tea")
    assert [begun(TUE[0]), begun(TUE[1])] == [[], ["tea"]]


def test_what_is_not_ready_lets_others_go_first() -> None:
    weeks.clinic()
    first, _ = weeks.evergreen("tea", parts=2)
    Issue.objects.filter(pk=first.pk).update(held="sent back")
    weeks.evergreen("unread", approved=False)
    weeks.evergreen("stopped")
    pause(article="stopped", actor="ana", now=NOW)
    weeks.evergreen("later")
    Campaign.objects.filter(article="later").update(start="2026-03-18")
    weeks.evergreen("walks")
    assert [begun(TUE[0]), begun(TUE[1]), begun(TUE[2])] == [["walks"], [], ["later"]]


def test_a_free_slot_that_was_missed_is_told_once_and_the_next_one_is_taken() -> None:
    weeks.clinic()
    weeks.evergreen("tea")
    assert begun(TUE[0], late=31) == []
    assert begun(TUE[0], late=90) == []
    assert log() == ["tea takes a later slot: Tue 10 Mar 2026 10:00 passed while nothing ran"]
    assert begun(TUE[1]) == ["tea"]


def test_a_free_slot_may_be_fed_late_where_the_newsletter_says_so() -> None:
    weeks.clinic(newsletter='missed = "send"')
    weeks.evergreen("tea")
    assert begun(TUE[0], late=90) == ["tea"]


def test_what_is_approved_behind_a_free_slot_has_missed_nothing() -> None:
    weeks.clinic()
    (made,) = weeks.evergreen("tea", approved=False)
    assert begun(TUE[0]) == []
    now = at("2026-03-11")
    approve(issue=made, content_hash=made.content_hash, approver="Mara Ellison", now=now)
    assert begun("2026-03-11T15:00") == []
    assert log() == []
    assert begun(TUE[1]) == ["tea"]
