"""The coming weeks: what is claimed, what the evergreen queue would feed, which days are closed."""

from dataclasses import replace

import pytest

from pipeline.campaigns.agenda import agenda
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.release import release
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def coming(number: int = 4) -> list[tuple[str, ...]]:
    """Kind, day, name and state of each entry."""
    found = agenda(weeks.rules(), number=number, now=NOW)
    return [(each.kind, f"{each.slot:%m-%d %H:%M}", each.told, each.state) for each in found]


def test_the_weeks_of_a_newsletter() -> None:
    weeks.clinic(calendar='closed = [2026-03-24]\n[[calendar.seasons]]\nname = "rest"\n'
                          'first = "04-07"\nlast = "04-07"\nact = "move"')  # fmt: skip
    weeks.series(TUE[0])
    weeks.issue(1, TUE[4], article="unread", of=1, approved=False)
    weeks.evergreen("tea")
    assert coming(6) == [
        ("claimed", "03-10 10:00", "Part 1 of Why Warmth Helps", "approved"),
        ("evergreen", "03-17 10:00", "tea", ""),
        ("closed", "03-24 10:00", "a closing day", ""),
        ("free", "03-31 10:00", "", ""),
        ("claimed", "04-07 10:00", "Why Warmth Helps", "waits for approval"),
        ("moved", "04-07 10:00", "rest", ""),
        ("free", "04-14 10:00", "", ""),
    ]


def test_what_is_held_or_stopped_says_so() -> None:
    weeks.clinic()
    weeks.series(TUE[0])
    weeks.series(TUE[1], article="cold")
    Issue.objects.filter(slot=TUE[0]).update(held="sent back by Mara Ellison")
    Campaign.objects.filter(article="cold").update(state="paused")
    assert [state for *_, state in coming(2)] == ["held: sent back by Mara Ellison", "paused"]


def test_an_entry_names_its_article_and_part() -> None:
    weeks.clinic()
    weeks.series(TUE[0])
    (entry,) = agenda(weeks.rules(), number=1, now=NOW)
    wanted = replace(
        entry,
        newsletter="weekly",
        kind="claimed",
        time_zone=weeks.ZONE,
        article="warmth",
        part=1,
        of=4,
    )
    assert entry == wanted


def test_what_is_foretold_is_what_happens() -> None:
    weeks.clinic(calendar="closed = [2026-03-24]")
    weeks.series(TUE[1])
    weeks.evergreen("tea", parts=2)
    weeks.evergreen("walks")
    told = {
        f"{each.slot:%Y-%m-%dT%H:%M}": (each.article, each.part)
        for each in agenda(weeks.rules(), number=6, now=NOW)
        if each.kind in {"claimed", "evergreen"}
    }
    happened = {
        slot: (issue.campaign.article, issue.part)
        for slot in TUE[:6]
        for issue in release(now=at(slot[:10]))
    }
    assert told == happened
    assert len(told) == 4
