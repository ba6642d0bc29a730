"""A missed start goes late, is held, or takes the next slot; the log says which (promise 6)."""

import datetime as dt

import pytest

from pipeline.campaigns.acts import let_go
from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.revisions import current_configuration
from pipeline.outbox.holding import hold_after_silence
from pipeline.outbox.release import release
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at, log
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def begun(day: str, time: str = "10:00") -> list[int]:
    """The parts that a pass begins at a wall time."""
    return [issue.part for issue in release(now=at(day, time))]


def held() -> dict[int, str]:
    """Why parts are held."""
    return dict(Issue.objects.exclude(held="").values_list("part", "held"))


# --- Missed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("missed", ["send", "hold", "skip"])
def test_half_an_hour_is_no_miss(missed: str) -> None:
    weeks.clinic(newsletter=f'missed = "{missed}"')
    weeks.series(*TUE[:2])
    assert begun("2026-03-10", "10:30") == [1]
    assert log() == []


def test_what_is_missed_is_held_until_somebody_lets_it_go() -> None:
    weeks.clinic()
    weeks.series(*TUE[:3])
    assert begun("2026-03-10", "10:31") == []
    assert begun("2026-03-10", "10:32") == []
    why = "Tue 10 Mar 2026 10:00 passed while nothing ran"
    assert held() == {1: why}
    assert log() == [f"Part 1 of Why Warmth Helps is held: {why}"]
    let_go(article="warmth", actor="ana", now=at("2026-03-12", "15:00"))
    assert begun("2026-03-12", "15:00") == [1]
    # Thursday to Tuesday is too soon: the rest goes on a week later.
    assert begun("2026-03-12", "15:01") == []
    assert weeks.slots() == ["2026-03-12T15:00", TUE[2], TUE[3]]


def test_what_is_missed_goes_late_until_the_cut_off() -> None:
    weeks.clinic(newsletter='missed = "send"\nmissed_hours = 6')
    weeks.series(*TUE[:1])
    assert begun("2026-03-10", "15:59") == [1]
    assert log() == [
        "Part 1 of Why Warmth Helps: 5 h 59 min late; nothing ran at Tue 10 Mar 2026 10:00"
    ]


def test_what_is_missed_by_more_than_the_cut_off_is_held() -> None:
    weeks.clinic(newsletter='missed = "send"\nmissed_hours = 6')
    weeks.series(*TUE[:1])
    assert begun("2026-03-10", "16:01") == []
    why = "Tue 10 Mar 2026 10:00 passed while nothing ran, more than 6 hours ago"
    assert held() == {1: why}


def test_what_is_missed_takes_the_next_slot_and_those_behind_it_too() -> None:
    weeks.clinic(newsletter='missed = "skip"')
    weeks.series(*TUE[:2])
    weeks.series(TUE[2], article="cold")
    assert begun("2026-03-10", "18:00") == []
    assert weeks.slots() == TUE[1:3]
    assert weeks.slots("cold") == [TUE[3]]
    assert log("moved")[0] == (
        "Part 1 of Why Warmth Helps: from Tue 10 Mar 2026 10:00 to Tue 17 Mar 2026 10:00: "
        "Tue 10 Mar 2026 10:00 passed while nothing ran"
    )
    assert len(log()) == 3
    assert begun("2026-03-10", "18:01") == []
    assert len(log()) == 3
    assert begun("2026-03-17") == [1]


@pytest.mark.parametrize(
    ("missed", "first", "slots"),
    [
        ("send", [], [TUE[0], TUE[3], TUE[4]]),  # past the cut-off: held
        ("skip", [], [TUE[3], TUE[4], TUE[5]]),
        ("hold", [], [TUE[0], TUE[3], TUE[4]]),
    ],
)
def test_three_weeks_off_flood_nobody(missed: str, first: list[int], slots: list[str]) -> None:
    weeks.clinic(newsletter=f'missed = "{missed}"')
    weeks.series(*TUE[:3])
    assert begun("2026-03-26") == first
    assert weeks.slots() == slots
    assert begun("2026-03-26", "10:01") == first


@pytest.mark.parametrize(
    ("silent_since", "parts"),
    [("09:20", []), ("10:00", [1]), ("10:05", [1])],  # came due in the silence, or before it
)
def test_what_came_due_in_a_silence_is_missed_however_short_ago(
    silent_since: str, parts: list[int]
) -> None:
    """Promise 7: a snapshot of the whole machine wakes up a few minutes behind the slot."""
    weeks.clinic()
    weeks.series(*TUE[:1])
    since = at("2026-03-10", silent_since)
    found = release(now=at("2026-03-10", "10:10"), silent_since=since)
    assert [issue.part for issue in found] == parts
    assert list(held()) == ([] if parts else [1])


@pytest.mark.parametrize(
    ("missed", "parts", "slots"),
    [("hold", [], [TUE[0]]), ("send", [1], [TUE[0]]), ("skip", [], [TUE[1]])],
)
def test_a_silence_holds_only_where_the_newsletter_says_nothing_else(
    missed: str, parts: list[int], slots: list[str]
) -> None:
    weeks.clinic(newsletter=f'missed = "{missed}"')
    weeks.series(*TUE[:1])
    now, since = at("2026-03-10", "10:10"), at("2026-03-10", "09:00")
    hold_after_silence(current_configuration(), since=since, now=now)
    assert [issue.part for issue in release(now=now, silent_since=since)] == parts
    assert (list(held()), weeks.slots()) == ([1] if missed == "hold" else [], slots)


def test_what_is_due_at_the_end_of_a_silence_is_on_time() -> None:
    weeks.clinic()
    late = weeks.issue(1, TUE[0], approved=False)
    approved_at = at("2026-03-10", "15:00")
    approve(issue=late, content_hash=late.content_hash, approver="Mara Ellison", now=approved_at)
    since = at("2026-03-10", "08:00")
    assert len(release(now=at("2026-03-10", "15:05"), silent_since=since)) == 1
    weeks.issue(1, TUE[1], article="cold")
    assert len(release(now=at("2026-03-17"), silent_since=at("2026-03-16"))) == 1


def test_a_free_slot_in_a_silence_was_missed_too() -> None:
    weeks.clinic()
    weeks.evergreen("tea")
    now, since = at("2026-03-10", "10:05"), at("2026-03-10", "09:00")
    assert release(now=now, silent_since=since) == []
    assert len(release(now=now)) == 1


def test_what_waited_for_its_approval_was_not_missed() -> None:
    weeks.clinic()
    late = weeks.issue(1, TUE[0], approved=False)
    assert begun("2026-03-12") == []
    assert begun("2026-03-12", "10:01") == []
    assert log() == [
        "Part 1 of Why Warmth Helps waits: its slot has come, and nobody has approved it"
    ]
    now = at("2026-03-12", "15:00")
    approve(issue=late, content_hash=late.content_hash, approver="Mara Ellison", now=now)
    assert begun("2026-03-12", "15:10") == [1]


# --- In order, six days apart ---------------------------------------------------------------------


def test_a_part_waits_for_the_one_before_it() -> None:
    weeks.clinic()
    weeks.issue(1, TUE[0], approved=False)
    weeks.issue(2, TUE[1])
    assert begun("2026-03-10") == []
    assert begun("2026-03-17") == []
    assert weeks.slots() == [TUE[0], TUE[2]]
    assert "part 1 has not gone out" in log("moved")[0]


def test_what_is_due_too_soon_takes_the_next_slot() -> None:
    weeks.clinic()
    weeks.issue(1, "2026-03-06T15:00", article="cold", gone=at("2026-03-06", "15:00"))
    (made,) = weeks.series(TUE[0])
    weeks.fix(made)
    assert begun("2026-03-10") == []
    assert weeks.slots() == [TUE[1]]
    assert log("moved")[0].endswith(
        "the last letter went out on Fri 6 Mar 2026 15:00, less than six days ago"
    )
    made.refresh_from_db()
    assert made.edits == {}


def test_a_busy_minute_costs_no_week() -> None:
    """A moved slot and the next one are six days apart to the minute, here an hour less (X11)."""
    weeks.clinic(calendar='country = "US"\non_holiday = "move"\nclosed = [2026-03-03]')
    weeks.series("2026-03-04T10:00", TUE[0])
    assert begun("2026-03-04", "10:07") == [1]
    assert begun("2026-03-10", "10:01") == []
    assert weeks.slots()[1] == TUE[0]
    assert begun("2026-03-10", "11:07") == [2]  # the clocks went forward on Sunday
    assert log() == []


def test_a_digest_keeps_no_weekly_letter_waiting_and_is_moved_by_none() -> None:
    weeks.clinic(newsletter='missed = "skip"')
    digest = weeks.issue(1, "2026-03-09T10:00", article="digest", of=1)
    Campaign.objects.update(kind=Campaign.Kind.DIGEST)
    weeks.series(TUE[0])
    assert begun("2026-03-09") == [1]
    assert begun("2026-03-10") == [1]
    missed = weeks.issue(2, "2026-03-20T10:00", article="digest", of=2)
    assert begun("2026-03-21") == []
    missed.refresh_from_db()
    digest.refresh_from_db()
    assert (missed.slot, digest.state) == ("2026-03-20T10:00", "sending")
    assert missed.held == "Fri 20 Mar 2026 10:00 passed while nothing ran"


def test_a_newsletter_that_clinic_toml_does_not_name_sends_as_planned() -> None:
    weeks.clinic()
    weeks.issue(1, "2026-03-03T10:00")
    Issue.objects.update(newsletter="old")
    Campaign.objects.update(newsletter="old")
    assert [issue.part for issue in release(now=NOW + dt.timedelta(days=2))] == [1]


# --- Changed settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "slots", "why"),
    [
        ({"weekday": "thursday"}, ["2026-03-12T10:00", "2026-03-19T10:00"],
         "the newsletter goes out on Thursdays at 10:00 now"),
        ({"time": "08:30:00"}, ["2026-03-10T08:30", "2026-03-17T08:30"],
         "the newsletter goes out on Tuesdays at 08:30 now"),
        ({"zone": "Europe/Berlin"}, ["2026-03-10T10:00", "2026-03-17T10:00"],
         "the newsletter goes out on Tuesdays at 10:00 now"),
        ({"calendar": "closed = [2026-03-10]"}, [TUE[1], TUE[2]], "a closing day"),
    ],
)  # fmt: skip
def test_a_changed_rhythm_moves_what_has_not_gone_out_and_says_so(
    change: dict[str, str], slots: list[str], why: str
) -> None:
    weeks.clinic()
    weeks.issue(1, "2026-03-03T10:00", gone=NOW)
    weeks.issue(2, TUE[0])
    weeks.issue(3, TUE[1])
    weeks.clinic(**change)
    assert release(now=at("2026-03-05")) == []
    assert weeks.slots() == ["2026-03-03T10:00", *slots]
    assert log()[0].endswith(f": {why}")
    assert len(log()) == 2
    zone = change.get("zone", weeks.ZONE)
    assert set(Issue.objects.exclude(part=1).values_list("time_zone", flat=True)) == {zone}
    assert release(now=at("2026-03-05")) == []
    assert len(log()) == 2
