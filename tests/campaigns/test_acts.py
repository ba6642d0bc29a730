"""What a person does to a campaign."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pipeline.campaigns.acts import (
    approve_issues,
    cancel,
    find,
    let_go,
    move,
    pause,
    resume,
    unschedule,
)
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.effects import (
    Effect,
    effect_of_cancel,
    effect_of_move,
    effect_of_pause,
    effect_of_resume,
    effect_of_unschedule,
)
from pipeline.campaigns.models import Approval, Campaign, Issue, Post
from pipeline.campaigns.slots import settle
from pipeline.errors import ApprovalError, SettingError
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at, log
from tests.factories import NOW, campaign, issue

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ARTICLE = "why-warmth-helps"
SCHEDULED = Issue.State.SCHEDULED
ANA: dict[str, Any] = {"actor": "ana", "now": NOW}
THURSDAY = dt.datetime.fromisoformat("2026-03-19T15:00")


def states() -> dict[int, str]:
    """The state of each part."""
    return dict(Issue.objects.order_by("part").values_list("part", "state"))


# --- Finding --------------------------------------------------------------------------------------


def test_a_campaign_is_found_by_its_article() -> None:
    made = campaign()
    assert find(ARTICLE) == made
    newest = campaign(newsletter="monthly")
    assert find(ARTICLE) == newest


def test_a_campaign_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(SettingError) as caught:
        find("warm\nth")
    assert str(caught.value) == "there is no campaign of 'warm\\nth'. Run `meridian run` first."
    campaign("b-second")
    campaign("a-first")
    with pytest.raises(SettingError) as caught:
        find("warmth")
    assert str(caught.value) == "there is no campaign of 'warmth'. There are: b-second, a-first."


@pytest.mark.parametrize("act", [pause, resume, unschedule, cancel])
def test_every_act_names_a_missing_campaign(act: Callable[..., Effect]) -> None:
    with pytest.raises(SettingError, match="there is no campaign of 'warmth'"):
        act(article="warmth", **ANA)


# --- Approving ------------------------------------------------------------------------------------


def test_a_yes_to_all_is_for_what_waits() -> None:
    sent = issue(part=1, state=Issue.State.SENT, approved=False)
    parts = [issue(part=part, state=SCHEDULED, approved=False) for part in (3, 2)]
    said = approve_issues(article=ARTICLE, approver="Mara Ellison", now=NOW)
    assert [made.part for made in said] == [2, 3]
    assert set(sendable()) == set(parts)
    assert not sent.approvals.exists()


def test_a_yes_to_one_part_is_for_that_part() -> None:
    issue(part=1, state=SCHEDULED, approved=False)
    second = issue(part=2, state=SCHEDULED, approved=False)
    assert approve_issues(article=ARTICLE, approver="Mara Ellison", now=NOW, part=2) == [second]
    assert list(sendable()) == [second]


@pytest.mark.parametrize("state", ["releasing", "sending", "sent", "cancelled"])
@pytest.mark.parametrize("part", [None, 1, 9, 0, -1])
def test_what_does_not_wait_cannot_be_approved(state: str, part: int | None) -> None:
    issue(state=Issue.State(state), approved=False)
    with pytest.raises(ApprovalError) as caught:
        approve_issues(article=ARTICLE, approver="Mara Ellison", now=NOW, part=part)
    what = "part of this article" if part is None else f"part {part}"
    assert str(caught.value) == (f"no {what} waits. `meridian campaign show` lists what does.")
    assert not Approval.objects.exists()


def test_a_yes_of_nobody_approves_no_part() -> None:
    issue(part=1, state=SCHEDULED, approved=False)
    issue(part=2, state=SCHEDULED, approved=False)
    with pytest.raises(ApprovalError, match="nobody is named"):
        approve_issues(article=ARTICLE, approver=" ", now=NOW)
    assert not Approval.objects.exists()


# --- Pausing, resuming, cancelling ----------------------------------------------------------------


def test_a_paused_campaign_sends_nothing_until_it_is_resumed_x15() -> None:
    made = issue(state=SCHEDULED)
    assert pause(article=ARTICLE, **ANA).campaign.pk == made.campaign_id
    assert not sendable().exists()
    resume(article=ARTICLE, **ANA)
    assert list(sendable()) == [made]
    assert states() == {1: "scheduled"}
    assert log() == ["Why Warmth Helps is paused", "Why Warmth Helps is resumed"]
    assert set(weeks.entries().values_list("actor", flat=True)) == {"ana"}


@pytest.mark.parametrize(
    ("before", "act", "needed"),
    [
        ("paused", pause, "active"),
        ("cancelled", pause, "active"),
        ("active", resume, "paused"),
        ("cancelled", resume, "paused"),
        ("planned", resume, "paused"),
        ("planned", unschedule, "active or paused"),
    ],
)
def test_an_act_that_does_not_fit_is_refused(
    before: str, act: Callable[..., Effect], needed: str
) -> None:
    campaign()
    Campaign.objects.update(state=before)
    with pytest.raises(SettingError) as caught:
        act(article=ARTICLE, **ANA)
    assert caught.value.message == f"the campaign is {before}, not {needed}"
    assert Campaign.objects.get().state == before
    assert log() == []


def test_cancelling_calls_off_what_has_not_gone_out_for_good() -> None:
    for part, state in enumerate(("sent", "sending", "scheduled", "scheduled"), 1):
        issue(part=part, state=Issue.State(state))
    effect = cancel(article=ARTICLE, **ANA)
    assert states() == {1: "sent", 2: "sending", 3: "cancelled", 4: "cancelled"}
    assert [made.part for made in effect.called_off] == [3, 4]
    assert [made.part for made in effect.under_way] == [2]
    assert not sendable().exists()
    assert cancel(article=ARTICLE, **ANA).called_off == ()
    with pytest.raises(SettingError):
        resume(article=ARTICLE, **ANA)


def test_cancelling_one_campaign_leaves_the_others() -> None:
    other = issue(newsletter="monthly", state=SCHEDULED)
    Campaign.objects.filter(pk=other.campaign_id).update(article="another")
    issue(state=SCHEDULED)
    cancel(article=ARTICLE, **ANA)
    assert list(sendable()) == [other]


def test_what_is_unscheduled_is_a_proposal_with_its_slots() -> None:
    weeks.clinic()
    weeks.series(*TUE[:2])
    effect = unschedule(article="warmth", **ANA)
    assert [made.part for made in effect.stopped] == [1, 2]
    assert Campaign.objects.get().state == "planned"
    assert weeks.slots() == TUE[:2]
    assert not sendable().exists()


# --- Slots ----------------------------------------------------------------------------------------


def test_a_pause_of_three_weeks_floods_nobody_x15() -> None:
    """Each part that waited takes a Tuesday of its own; a newer series goes on behind it."""
    weeks.clinic()
    weeks.series(*TUE[:4])
    weeks.series(*TUE[4:6], article="cold")
    pause(article="warmth", **ANA)
    later = at("2026-03-26")
    effect = resume(article="warmth", actor="ana", now=later)
    assert weeks.slots() == TUE[3:7]
    assert weeks.slots("cold") == [TUE[7], "2026-05-05T10:00"]
    assert [shift.issue.part for shift in effect.moved] == [1, 2, 3, 4, 1, 2]
    assert weeks.log("moved")[0] == (
        "Part 1 of Why Warmth Helps: from Tue 10 Mar 2026 10:00 to Tue 31 Mar 2026 10:00: "
        "its slot passed while the campaign was paused"
    )


def test_a_short_pause_moves_nothing() -> None:
    weeks.clinic()
    weeks.series(*TUE[:2])
    pause(article="warmth", **ANA)
    assert resume(article="warmth", **ANA).moved == ()
    assert weeks.slots() == TUE[:2]


@pytest.mark.parametrize(
    ("act", "effect_of", "state"),
    [
        (pause, lambda made, _: effect_of_pause(made), "active"),
        (unschedule, lambda made, _: effect_of_unschedule(made), "paused"),
        (resume, lambda made, now: effect_of_resume(made, now=now), "paused"),
        (cancel, lambda made, _: effect_of_cancel(made), "active"),
        (
            partial(move, part=2, slot=THURSDAY),
            lambda made, now: effect_of_move(made, 2, THURSDAY, now=now),
            "active",
        ),
    ],
)
def test_what_an_act_shows_first_is_what_it_does_x15(
    act: Callable[..., Effect], effect_of: Callable[..., Effect], state: str
) -> None:
    weeks.clinic()
    weeks.series(*TUE[:4])
    weeks.series(*TUE[4:6], article="cold")
    Campaign.objects.filter(article="warmth").update(state=state)
    now = at("2026-03-14")
    before = list(Issue.objects.order_by("pk").values())
    shown = effect_of(find("warmth"), now)
    assert list(Issue.objects.order_by("pk").values()) == before
    assert weeks.log() == []
    done = act(article="warmth", actor="ana", now=now)
    assert done.told == shown.told
    assert find("warmth").state == shown.state
    told = {(made.pk, f"{shift.after:%Y-%m-%dT%H:%M}") for shift in shown.moved
            for made in [shift.issue]}  # fmt: skip
    assert told <= set(Issue.objects.values_list("pk", "slot"))


def test_a_person_moves_one_part_and_the_others_yield() -> None:
    weeks.clinic()
    weeks.series(*TUE[:3])
    effect = move(article="warmth", part=2, slot=THURSDAY, **ANA)
    assert weeks.slots() == [TUE[0], "2026-03-19T15:00", TUE[3]]
    moved = Issue.objects.get(part=2)
    assert moved.edits["slot"] == {
        "value": "2026-03-19T15:00", "by": "ana", "at": "2026-03-03T15:00:00+00:00"
    }  # fmt: skip
    assert moved.folder.startswith("2026-03-19-")
    assert [shift.issue.part for shift in effect.moved] == [2, 3]
    assert [entry.actor for entry in weeks.entries()] == ["ana", "ana"]
    # Whatever clinic.toml says later, it stays.
    weeks.clinic(weekday="monday")
    settle(weeks.rules(), now=NOW)
    assert weeks.slots() == ["2026-03-09T10:00", "2026-03-19T15:00", "2026-03-30T10:00"]


def test_an_evergreen_part_that_a_person_moves_has_a_slot() -> None:
    weeks.clinic()
    weeks.evergreen("tea")
    effect = move(article="tea", part=1, slot=THURSDAY, **ANA)
    assert weeks.slots("tea") == ["2026-03-19T15:00"]
    told = "tea: from a free slot to Thu 19 Mar 2026 15:00: a person chose it"
    assert effect.told == (told,)


@pytest.mark.parametrize(
    ("part", "slot", "message"),
    [
        (1, "2026-03-19T15:00", "part 1 of warmth does not wait"),
        (9, "2026-03-19T15:00", "part 9 of warmth does not wait"),
        (2, "2026-03-03T10:00", "Tue 3 Mar 2026 10:00 has passed in America/New_York"),
    ],
)
def test_a_move_that_cannot_be_is_refused(part: int, slot: str, message: str) -> None:
    weeks.clinic()
    weeks.issue(1, "2026-03-03T10:00", gone=NOW)
    weeks.issue(2, TUE[0])
    with pytest.raises(SettingError) as caught:
        move(article="warmth", part=part, slot=dt.datetime.fromisoformat(slot), **ANA)
    assert caught.value.message == message
    assert weeks.slots() == ["2026-03-03T10:00", TUE[0]]


def test_posts_go_along_with_their_issue_but_for_those_a_person_set() -> None:
    weeks.clinic()
    (made,) = weeks.series(TUE[0])
    for handle, slot in (("a", "2026-03-12T12:30"), ("b", ""), ("c", "2026-03-12T12:30")):
        Post.objects.create(
            issue=made, section=0, network="x", handle=handle, text="Warm.", length=5, limit=280,
            slot=slot, edits={"slot": {}} if handle == "c" else {},
        )  # fmt: skip
    move(article="warmth", part=1, slot=dt.datetime.fromisoformat(TUE[1]), **ANA)
    assert list(Post.objects.order_by("handle").values_list("slot", flat=True)) == [
        "2026-03-19T12:30", "", "2026-03-12T12:30"
    ]  # fmt: skip


# --- Letting go -----------------------------------------------------------------------------------


def test_what_is_let_go_is_due_now_or_keeps_its_slot() -> None:
    weeks.clinic()
    weeks.series(TUE[0], TUE[1])
    Issue.objects.update(held="nothing ran")
    now = at("2026-03-12", "15:00")
    assert [made.part for made in let_go(article="warmth", actor="ana", now=now)] == [1, 2]
    assert weeks.slots() == ["2026-03-12T15:00", TUE[1]]
    assert set(Issue.objects.values_list("held", flat=True)) == {""}
    assert weeks.log("let go")[0] == (
        "Part 1 of Why Warmth Helps is let go; it was held: nothing ran"
    )


def test_what_was_on_its_way_when_it_was_held_goes_on() -> None:
    weeks.clinic()
    made = weeks.issue(1, TUE[0], gone=at("2026-03-10"))
    Issue.objects.update(state="sending", held="it may have gone out already")
    let_go(article="warmth", actor="ana", now=at("2026-03-12"))
    made.refresh_from_db()
    assert (made.state, made.held, made.slot) == ("sending", "", TUE[0])


@pytest.mark.parametrize("part", [None, 1])
def test_what_is_not_held_cannot_be_let_go(part: int | None) -> None:
    weeks.series(TUE[0])
    what = "warmth" if part is None else "part 1 of warmth"
    with pytest.raises(SettingError, match=f"nothing holds {what}"):
        let_go(article="warmth", part=part, **ANA)


def test_an_act_on_a_newsletter_that_clinic_toml_does_not_name_moves_nothing() -> None:
    weeks.series(*TUE[:2])
    move(article="warmth", part=1, slot=THURSDAY, **ANA)
    pause(article="warmth", **ANA)
    assert resume(article="warmth", actor="ana", now=at("2026-05-01")).moved == ()
    assert weeks.slots() == ["2026-03-19T15:00", TUE[1]]
