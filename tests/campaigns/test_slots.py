"""Slots in the tables: given to series in turn, moved under a lock, each move told in the log."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from pipeline.campaigns import slots as slots_module
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.slots import cadence_of, lock_slots, put_off, settle, shifts
from tests.campaigns import desk, weeks
from tests.campaigns.desk import CLINIC, article, take
from tests.campaigns.weeks import TUE, at
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_a_newsletter_that_is_not_in_force_has_no_cadence() -> None:
    assert cadence_of("weekly", now=NOW) is None
    weeks.clinic()
    assert cadence_of("monthly", now=NOW) is None
    found = cadence_of("weekly", now=NOW)
    assert found is not None
    assert f"{found.here:%Y-%m-%dT%H:%M}" == "2026-03-03T10:00"


# --- New series -----------------------------------------------------------------------------------


def test_a_new_series_passes_over_closed_days_and_what_others_have() -> None:
    weeks.clinic(calendar="closed = [2026-03-10]")
    weeks.series(TUE[2], article="cold")
    take(article(3))
    assert desk.slots() == [TUE[1], TUE[3], TUE[4]]


def test_a_new_part_comes_behind_those_of_its_series() -> None:
    take(article(2))
    Issue.objects.filter(part=2).update(slot=TUE[4])
    take(article(3))
    assert desk.slots() == [TUE[0], TUE[4], TUE[5]]


def test_a_new_part_of_a_campaign_with_a_start_waits_for_it() -> None:
    take(article(1))
    Campaign.objects.update(start="2026-04-01")
    Issue.objects.update(state="cancelled")
    take(article(2))
    assert desk.slots() == [TUE[4], TUE[5]]


def test_a_digest_takes_no_weekly_slot_from_a_series() -> None:
    weeks.issue(1, TUE[0], article="digest")
    Campaign.objects.update(kind=Campaign.Kind.DIGEST)
    take(article(1))
    assert desk.slots() == [TUE[0]]


def test_an_evergreen_article_waits_for_free_slots_and_may_become_a_series() -> None:
    take(article(2, matter="evergreen: true\nseason: pollen\n"))
    campaign = Campaign.objects.get()
    assert (campaign.kind, campaign.season) == ("evergreen", "pollen")
    assert desk.slots() == ["", ""]
    assert Issue.objects.get(part=1).folder == "evergreen-warmth-part-1"
    take(article(2))
    assert (Campaign.objects.get().kind, desk.slots()) == ("series", TUE[:2])
    assert Issue.objects.get(part=1).folder == "2026-03-10-warmth-part-1"
    weeks.fix(Issue.objects.get(part=2))
    take(article(2, matter="evergreen: true\n"))
    assert desk.slots() == ["", TUE[1]]


def test_another_zone_is_left_to_the_pass_that_tells_it() -> None:
    take(article(1))
    berlin = replace(CLINIC.newsletters[0], time_zone="Europe/Berlin")
    take(article(1), clinic=replace(CLINIC, newsletters=(berlin,)))
    assert Issue.objects.get().time_zone == "America/New_York"
    weeks.clinic(zone="Europe/Berlin")
    (shift,) = settle(weeks.rules(), now=NOW)
    assert shift.told.startswith("Why warmth helps: from Tue 10 Mar 2026 15:00 to Tue 10 Mar 2026")
    assert Issue.objects.get().time_zone == "Europe/Berlin"
    assert desk.slots() == [TUE[0]]


# --- Moving ---------------------------------------------------------------------------------------


def test_a_move_is_in_the_log_with_its_times() -> None:
    weeks.clinic(calendar="closed = [2026-03-10]")
    (made,) = weeks.series(TUE[0])
    settle(weeks.rules(), now=NOW)
    entry = weeks.entries().get()
    assert (entry.kind, entry.actor, entry.issue_id) == ("moved", "scheduler", made.pk)
    assert entry.values == {"before": "2026-03-10 10:00:00", "after": "2026-03-17 10:00:00"}
    made.refresh_from_db()
    assert made.folder == "2026-03-17-warmth-part-1"


def test_a_campaign_that_is_paused_keeps_its_slots_on_the_calendar_too() -> None:
    weeks.clinic(calendar="closed = [2026-03-17]")
    weeks.series(TUE[0], TUE[1])
    Campaign.objects.update(state="paused")
    late = at("2026-03-12")
    assert [shift.issue.part for shift in shifts(weeks.rules(late), now=late)] == [2]
    Campaign.objects.update(state="cancelled")
    assert shifts(weeks.rules(late), now=late) == []


def test_what_another_process_has_put_off_is_put_off_once() -> None:
    weeks.clinic()
    (made,) = weeks.series(TUE[0])
    late = at("2026-03-10", "18:00")
    rules = weeks.rules(late)
    assert len(put_off(made, rules, why="nothing ran", now=late)) == 1
    assert put_off(made, rules, why="nothing ran", now=late) == []
    assert weeks.slots() == [TUE[1]]


def test_what_was_made_while_the_slots_were_being_locked_is_left_to_the_next_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weeks.clinic(calendar="closed = [2026-03-10]")
    weeks.series(TUE[0])
    monkeypatch.setattr(slots_module, "lock_slots", lambda _: frozenset())
    assert settle(weeks.rules(), now=NOW) == []
    monkeypatch.undo()
    assert len(settle(weeks.rules(), now=NOW)) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_passes_move_an_issue_once() -> None:
    weeks.clinic(calendar="closed = [2026-03-10]")
    weeks.series(*TUE[:3])
    found: list[int] = []

    def move() -> None:
        found.append(len(settle(weeks.rules(), now=NOW)))
        connection.close()

    with transaction.atomic():
        lock_slots("weekly")
        threads = [threading.Thread(target=move) for _ in range(3)]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 0, 3]
    assert weeks.slots() == TUE[1:4]
    assert weeks.entries().count() == 3
