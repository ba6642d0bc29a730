"""`meridian campaign` on slots: what an act would change is shown first; the coming weeks."""

import json

import pytest

from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.models import Delivery
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database

ARTICLE = "warm-hands"


def everything() -> list[object]:
    """What an act might change."""
    kinds = (Campaign, Issue, Delivery)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("pause", "this would make it paused"),
        ("unschedule", "this would make it a proposal again"),
        ("cancel", "cancelling would call 24 waiting deliveries off"),
        ("move --part 2 --to 2040-03-01T15:00",
         "this would make it part 2 at Thu 1 Mar 2040 15:00"),
    ],
)  # fmt: skip
def test_a_dry_run_shows_what_an_act_would_change_and_changes_nothing_x15(
    small: Home, meridian: Meridian, act: str, told: str
) -> None:
    meridian("tick")
    before = everything()
    name, *rest = act.split()
    said = meridian("campaign", name, ARTICLE, *rest, "--dry-run")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[0] == f"Warm hands (weekly): {told}"
    assert len(said.out.splitlines()) > 1
    assert everything() == before


def test_a_part_is_moved_by_name_and_a_bad_hour_is_told(small: Home, meridian: Meridian) -> None:
    meridian("tick")
    to = ("--part", "2", "--to", "2040-03-01T15:00")
    said = meridian("campaign", "move", ARTICLE, *to, "--by", "Ana")
    assert said.out.splitlines()[0] == "Warm hands (weekly): part 2 at Thu 1 Mar 2040 15:00"
    moved = Issue.objects.get(part=2)
    assert (moved.slot, moved.edits["slot"]["by"]) == ("2040-03-01T15:00", "Ana")
    for wrong in ("tomorrow", "2040-03-01T15:00Z", "2040-03-01T15:00:30"):
        told = meridian("campaign", "move", ARTICLE, "--part", "2", "--to", wrong).refusal()
        assert told.startswith(f"'{wrong}' is no day and hour")


def test_what_is_held_is_let_go(small: Home, meridian: Meridian) -> None:
    meridian("tick")
    Issue.objects.filter(part=2).update(held="sent back")
    said = meridian("campaign", "release", ARTICLE, "--part", "2")
    assert said.out == "Part 2 of Warm hands is held no more\n"
    assert not Issue.objects.exclude(held="").exists()
    assert "nothing holds warm-hands" in meridian("campaign", "release", ARTICLE).refusal()


def test_resuming_is_shown_first_too_and_a_proposal_is_no_pause(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")
    meridian("campaign", "pause", ARTICLE)
    said = meridian("campaign", "resume", ARTICLE, "--dry-run")
    assert said.out == "Warm hands (weekly): this would make it active again\n"
    assert Campaign.objects.get().state == "paused"
    meridian("campaign", "unschedule", ARTICLE)
    assert "planned, not paused" in meridian("campaign", "resume", ARTICLE).refusal()


def test_the_agenda_shows_the_coming_weeks(small: Home, meridian: Meridian) -> None:
    meridian("tick")
    found = json.loads(meridian("campaign", "agenda", "--weeks", "4", "--json").out)
    assert {entry["newsletter"] for entry in found} == {"weekly"}
    assert [(entry["article"], entry["part"]) for entry in found if entry["kind"] == "claimed"] == [
        (ARTICLE, 2)
    ]
    assert [entry["kind"] for entry in found].count("free") >= 2
    shown = meridian("campaign", "agenda").out
    assert "Part 2 of Warm hands" in shown
    assert "Times are wall time in America/New_York." in shown
    assert "0 is no number of weeks" in meridian("campaign", "agenda", "--weeks", "0").refusal()


def test_an_evergreen_article_is_shown_without_a_date(small: Home, meridian: Meridian) -> None:
    small.change("articles/warm-hands.md", "title: ", "evergreen: true\ntitle: ")
    said = meridian("run")
    assert (said.status, said.err) == (0, "")
    assert "when it is time" in said.out
    assert Delivery.objects.count() == 0
    assert "In a free slot" in (small.outbox / "index.html").read_text("utf-8")
    coming = json.loads(meridian("campaign", "agenda", "--json").out)
    assert [entry["part"] for entry in coming if entry["kind"] == "evergreen"] == [1, 2]
