"""`meridian plan` and the acts on a plan: a proposal, edits, grouping, scheduling, the calendar."""

import json
from typing import Any

import pytest

from pipeline.audience.models import Subscription
from pipeline.campaigns.models import Campaign, Issue, LogEntry, Post
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database

ARTICLE = "warm-hands"


def shown(meridian: Meridian) -> dict[str, Any]:
    """What ``campaign show`` tells programs of the article."""
    told: dict[str, Any] = json.loads(meridian("campaign", "show", ARTICLE, "--json").out)
    return told


def test_a_proposal_is_shown_edited_grouped_and_scheduled(small: Home, meridian: Meridian) -> None:
    plan = meridian("plan", ARTICLE, "--by", "Ana")
    assert plan.status == 0
    assert "planned: nothing goes out until `meridian campaign schedule warm-hands`" in plan.out
    assert "1 Why they cool; 2 What helps" in plan.out
    assert Campaign.objects.get().planned_by == "Ana"
    assert meridian("tick").status == 0
    assert set(Issue.objects.values_list("state", flat=True)) == {"scheduled"}

    edited = meridian(
        "campaign", "edit", ARTICLE, "--part", "2", "--subject", "Tea, mostly", "--by", "Ana"
    )
    assert (edited.status, "subject set by Ana" in edited.out) == (0, True)
    assert shown(meridian)["parts"][1]["subject"] == "Tea, mostly"
    assert meridian("campaign", "edit", ARTICLE, "--part", "2", "--undo").status == 0
    assert shown(meridian)["parts"][1]["subject"] == "What helps"

    assert meridian("campaign", "group", ARTICLE, "1+2").status == 0
    assert [part["sections"] for part in shown(meridian)["parts"]] == [
        ["why-they-cool", "what-helps"]
    ]
    assert meridian("campaign", "group", ARTICLE, "--undo").status == 0
    assert len(shown(meridian)["parts"]) == 2

    post = Post.objects.order_by("pk")[0]
    at = meridian("campaign", "post", str(post.pk), "--at", "2040-03-10 12:30", "--by", "Ana")
    assert (at.status, "time set by Ana" in at.out) == (0, True)
    assert meridian("campaign", "post", str(post.pk), "--undo").status == 0
    assert Post.objects.get(pk=post.pk).slot[:4] != "2040"

    scheduled = meridian("campaign", "schedule", f"content/articles/{ARTICLE}.md", "--by", "Ana")
    assert scheduled.out.startswith("Warm hands (weekly): scheduled by Ana\n")
    assert (shown(meridian)["state"], shown(meridian)["log"][-1]["actor"]) == ("active", "Ana")
    assert "released: Warm hands (weekly), part 1 of 2" in meridian("tick").out


def test_what_is_planned_by_hand_waits(small: Home, meridian: Meridian) -> None:
    small.change("clinic.toml", 'approval = "none"', 'approval = "none"\nplanning = "by hand"')
    assert meridian("run").status == 0
    assert (Campaign.objects.get().state, Issue.objects.filter(state="sent").count()) == (
        "planned",
        0,
    )


def test_nothing_is_scheduled_that_nobody_would_get(small: Home, meridian: Meridian) -> None:
    small.change("clinic.toml", "demo = true", "demo = false")
    by_itself = meridian("tick").refusal()
    assert "preflight: nobody would get it: The Harbour Letter has no readers" in by_itself
    assert not Campaign.objects.exists()
    meridian("plan", ARTICLE)
    assert "nobody would get it" in meridian("campaign", "schedule", ARTICLE, "--yes").refusal()
    assert Campaign.objects.get().state == "planned"
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("plan nothing", "there is no article 'nothing' in content/articles"),
        ("plan warm-hands --start tomorrow", "'tomorrow' is no day"),
        ("campaign edit warm-hands --part 1", "nothing is set"),
        ("campaign group warm-hands", "no sections are named"),
        ("campaign group warm-hands one", "'one' is no group"),
        ("campaign post 1", "no time is named"),
        ("campaign post 1 --at noon", "'noon' is no time"),
        ("campaign show nothing", "there is no campaign of 'nothing'"),
    ],
)
def test_what_cannot_be_done_is_told(
    small: Home, meridian: Meridian, command: str, told: str
) -> None:
    assert told in meridian(*command.split()).err
    assert not LogEntry.objects.exists()


def test_the_calendar_is_printed_and_its_address_can_be_revoked(
    small: Home, meridian: Meridian
) -> None:
    meridian("plan", ARTICLE)
    printed = meridian("campaign", "calendar").out
    assert printed.startswith("BEGIN:VCALENDAR")
    assert printed.count("STATUS:TENTATIVE") == 2 + Post.objects.count()
    first, again, revoked = (
        meridian("campaign", "calendar", *options).out
        for options in (["--address"], ["--address"], ["--revoke", "--by", "Ana"])
    )
    assert first == again != revoked
    assert first.startswith("http://127.0.0.1:8000/calendar/")
