"""A series whose first part waits for a person: the log says when that begins, not every week."""

import pytest

from pipeline.campaigns.acts import approve_issues
from pipeline.campaigns.models import Campaign, LogEntry
from pipeline.outbox.release import release
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def moved(part: int, article: str = "warmth") -> list[str]:
    """What the log says of the moves of a part."""
    lines = LogEntry.objects.filter(kind="moved").order_by("pk")
    issue = Campaign.objects.get(article=article).issues.get(part=part)
    return list(lines.filter(issue_id=issue.pk).values_list("told", flat=True))


def test_a_stuck_series_has_a_line_when_it_begins_and_another_only_for_another_reason() -> None:
    weeks.clinic()
    weeks.issue(1, TUE[0], approved=False)
    for part in (2, 3):
        weeks.issue(part, TUE[part - 1])
    weeks.series(TUE[3], article="cold")
    for slot in TUE[:6]:
        assert release(now=at(slot[:10])) == []

    first = "from Tue 17 Mar 2026 10:00 to Tue 24 Mar 2026 10:00: part 1 has not gone out"
    until = "; this goes on week by week until then"
    assert moved(2) == [f"Part 2 of Why Warmth Helps: {first}{until}"]
    assert len(moved(3)) == len(moved(1, "cold")) == 1
    assert weeks.slots() == [TUE[0], TUE[6], TUE[7]]
    assert len(weeks.log("waits")) == 1

    # Approved, it goes; what is moved after that for a reason of its own is told again.
    approve_issues(article="warmth", approver="Mara Ellison", now=at("2026-04-15"), part=1)
    (gone,) = release(now=at("2026-04-15"))
    assert gone.part == 1
    weeks.clinic(calendar="closed = [2026-04-21]")
    release(now=at("2026-04-16"))
    later = "from Tue 21 Apr 2026 10:00 to Tue 28 Apr 2026 10:00: a closing day"
    assert moved(2)[1:] == [f"Part 2 of Why Warmth Helps: {later}"]


def test_what_is_stuck_a_second_time_is_told_a_second_time() -> None:
    weeks.clinic()
    one = weeks.issue(1, TUE[0], approved=False)
    weeks.issue(2, TUE[1], approved=False)
    weeks.issue(3, TUE[2])
    for slot in TUE[:3]:
        release(now=at(slot[:10]))
    approve_issues(article="warmth", approver="Mara Ellison", now=at("2026-03-25"), part=1)
    assert [issue.pk for issue in release(now=at("2026-03-25"))] == [one.pk]
    for slot in TUE[3:8]:
        release(now=at(slot[:10]))
    told = [line.partition(": ")[2].partition(": ")[2] for line in moved(3)]
    until = "; this goes on week by week until then"
    assert told == [f"part 1 has not gone out{until}", f"part 2 has not gone out{until}"]
