"""A calendar without a day to send on holds what it leaves no day, and all else goes on."""

import pytest

from pipeline.campaigns.acts import let_go, resume
from pipeline.campaigns.effects import effect_of_resume
from pipeline.campaigns.models import Campaign, Issue, LogEntry
from pipeline.campaigns.slots import settle
from pipeline.outbox.release import release
from pipeline.outbox.upkeep import bring_forward
from tests import factories
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at, rules
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.weeks import one_pass, person, tie

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

NEVER = """
[[calendar.seasons]]
name = "all year"
first = "01-01"
last = "12-31"
act = "skip"
"""
WHY = "the calendar leaves the newsletter weekly no day to go out"


def held() -> list[str]:
    """Why each part is held."""
    return list(Issue.objects.order_by("pk").values_list("held", flat=True))


def never() -> None:
    """A clinic that sends on no day."""
    weeks.clinic(calendar=NEVER)


def test_what_waits_is_held_with_one_line_and_what_a_person_set_goes() -> None:
    person("ana")
    first, second, fixed = weeks.series(*TUE[:3])
    weeks.fix(fixed)
    never()
    for _ in range(2):
        assert release(now=at("2026-03-09")) == []
    assert held() == [WHY, WHY, ""]
    assert weeks.log("held") == [
        f"Part 1 of Why Warmth Helps is held: {WHY}",
        f"Part 2 of Why Warmth Helps is held: {WHY}",
    ]
    # A person may let it go all the same, and once the calendar is mended it goes on.
    let_go(article="warmth", actor="Ana", now=at("2026-03-11"), part=1)
    weeks.clinic()
    assert release(now=at("2026-03-11")) == [first]
    let_go(article="warmth", actor="Ana", now=at("2026-03-12"))
    assert held() == ["", "", ""]
    assert second.pk in {issue.pk for issue in release(now=at("2026-03-17"))}


def test_other_newsletters_go_on() -> None:
    weeks.series(TUE[0])
    other = factories.issue(part=1, article="cold", newsletter="other", state=Issue.State.SCHEDULED)
    never()
    assert release(now=NOW) == [other]


def test_what_is_missed_is_held_where_there_is_no_later_slot() -> None:
    weeks.clinic(newsletter='missed = "skip"', calendar=NEVER)
    (made,) = weeks.series(TUE[0])
    weeks.fix(made)
    release(now=at("2026-03-10", "14:00"))
    assert held() == [WHY]


def test_an_evergreen_letter_finds_no_slot_and_nothing_fails() -> None:
    weeks.evergreen("tea")
    never()
    assert release(now=at("2026-03-10")) == []
    assert held() == [""]


def test_resuming_shows_and_does_that_it_is_held_x15() -> None:
    weeks.series(TUE[0])
    never()
    campaign = Campaign.objects.get()
    Campaign.objects.update(state=Campaign.State.PAUSED)
    campaign.refresh_from_db()
    shown = effect_of_resume(campaign, now=at("2026-03-11")).told
    assert shown == (f"Part 1 of Why Warmth Helps is held: {WHY}",)
    resume(article="warmth", actor="Ana", now=at("2026-03-11"))
    assert held() == [WHY]
    assert settle(rules(), now=at("2026-03-11")) == []


def test_who_has_had_a_letter_of_the_week_holds_the_next_one_where_no_day_is_left() -> None:
    """The sender does not fail: the issue is held, and what else is due goes out."""
    ana = person("ana")
    had = factories.issue(part=1, article="cold")
    factories.delivery(had, ana)
    channel = one_pass(NOW)
    waits = factories.issue(part=1, article="warmth")
    factories.delivery(waits, ana)
    other = factories.issue(part=1, article="tea", newsletter="other")
    factories.delivery(other, factories.subscriber("ben@example.com", newsletter="other"))
    never()
    one_pass(at("2026-03-04"), channel)
    assert len(channel.keys) == 2
    waits.refresh_from_db()
    assert waits.held == WHY
    assert LogEntry.objects.filter(issue_id=waits.pk, kind="held").count() == 1


def test_a_late_joiner_and_an_ended_pause_wait_without_an_error() -> None:
    made = factories.issue(part=1, article="warmth")
    weeks.clinic(newsletter='late_joiners = "from the start"', calendar=NEVER)
    person("new", joined=at("2026-03-04", "09:00"))
    one_pass(at("2026-03-04"), ListChannel())
    made.refresh_from_db()
    assert made.held == WHY

    pausing = person("pia")
    row = factories.delivery(made, pausing, now=at("2026-03-30"))
    type(row).objects.filter(pk=row.pk).update(reason="paused")
    assert tie(pausing).paused_until is None
    assert bring_forward(now=at("2026-03-05")) == 0
