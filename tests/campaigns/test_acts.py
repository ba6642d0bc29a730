"""What a person does to a campaign."""

from collections.abc import Callable

import pytest

from pipeline.campaigns.acts import approve_issues, cancel, find, pause, resume
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Approval, Campaign, Issue
from pipeline.errors import ApprovalError, SettingError
from tests.factories import NOW, campaign, issue

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ARTICLE = "why-warmth-helps"
SCHEDULED = Issue.State.SCHEDULED


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


@pytest.mark.parametrize("act", [pause, resume, cancel])
def test_every_act_names_a_missing_campaign(act: Callable[..., Campaign]) -> None:
    with pytest.raises(SettingError, match="there is no campaign of 'warmth'"):
        act(article="warmth")


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
    assert pause(article=ARTICLE).pk == made.campaign_id
    assert not sendable().exists()
    resume(article=ARTICLE)
    assert list(sendable()) == [made]
    assert states() == {1: "scheduled"}


@pytest.mark.parametrize(
    ("before", "act", "needed"),
    [
        ("paused", pause, "active"),
        ("cancelled", pause, "active"),
        ("active", resume, "paused"),
        ("cancelled", resume, "paused"),
    ],
)
def test_an_act_that_does_not_fit_is_refused(
    before: str, act: Callable[..., Campaign], needed: str
) -> None:
    campaign()
    Campaign.objects.update(state=before)
    with pytest.raises(SettingError) as caught:
        act(article=ARTICLE)
    assert caught.value.message == f"the campaign is {before}, not {needed}"
    assert Campaign.objects.get().state == before


def test_cancelling_calls_off_what_has_not_gone_out_for_good() -> None:
    for part, state in enumerate(("sent", "sending", "scheduled", "scheduled"), 1):
        issue(part=part, state=Issue.State(state))
    cancel(article=ARTICLE)
    assert states() == {1: "sent", 2: "sending", 3: "cancelled", 4: "cancelled"}
    assert not sendable().exists()
    assert cancel(article=ARTICLE).pk == campaign().pk
    with pytest.raises(SettingError):
        resume(article=ARTICLE)


def test_cancelling_one_campaign_leaves_the_others() -> None:
    other = issue(newsletter="monthly", state=SCHEDULED)
    Campaign.objects.filter(pk=other.campaign_id).update(article="another")
    issue(state=SCHEDULED)
    cancel(article=ARTICLE)
    assert list(sendable()) == [other]
