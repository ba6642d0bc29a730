"""A yes to exact bytes, and the gate that nothing passes without one (S31, promise 3)."""

import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.campaigns.approval import approve, approved, content_hash, sendable
from pipeline.campaigns.models import Approval, Campaign, Issue
from pipeline.errors import ApprovalError
from tests.factories import NOW, campaign, issue

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + dt.timedelta(hours=1)


def change(made: Issue, content_hash: str) -> None:
    """Make an issue another one."""
    Issue.objects.filter(pk=made.pk).update(content_hash=content_hash)


# --- The hash -------------------------------------------------------------------------------------

_CONTENT = st.dictionaries(st.text(), st.one_of(st.text(), st.lists(st.integers())), max_size=4)


def test_a_hash_is_the_same_on_every_machine() -> None:
    """It is kept for years: a change of this figure voids every approval there is."""
    canonical = '{"cards":[[0,"ab","x"]],"posts":[],"subject":"침"}'
    found = content_hash({"subject": "침", "posts": [], "cards": [[0, "ab", "x"]]})
    assert found == hashlib.sha256(canonical.encode()).hexdigest()


@given(_CONTENT)
def test_a_hash_does_not_hang_on_the_order_of_keys(content: dict[str, object]) -> None:
    assert content_hash(content) == content_hash(dict(reversed(content.items())))


@given(_CONTENT, _CONTENT)
def test_other_content_has_another_hash(one: dict[str, object], two: dict[str, object]) -> None:
    assert (content_hash(one) == content_hash(two)) == (one == two)


# --- Approving ------------------------------------------------------------------------------------


def test_a_yes_is_kept_with_name_hash_and_time() -> None:
    made = issue(approved=False)
    given_ = approve(
        issue=made, content_hash=made.content_hash, approver="  Mara\tEllison\n", now=NOW
    )
    assert list(
        Approval.objects.values_list("issue", "content_hash", "approver", "created_at")
    ) == [(made.pk, made.content_hash, "Mara Ellison", NOW)]
    assert str(given_) == f"approval of issue {made.pk} by Mara Ellison"


def test_the_first_yes_stays_when_another_is_given() -> None:
    made = issue(approved=False)
    for approver, now in (("Mara Ellison", NOW), ("Jiwon Bae", LATER)):
        approve(issue=made, content_hash=made.content_hash, approver=approver, now=now)
    kept = Approval.objects.get()
    assert (kept.approver, kept.created_at) == ("Mara Ellison", NOW)


@pytest.mark.parametrize(
    ("approver", "message"),
    [
        ("", "nobody is named as approver"),
        (" \n\t", "nobody is named as approver"),
        ("M" * 201, "the approver's name is too long"),
    ],
)
def test_a_yes_of_nobody_is_none(approver: str, message: str) -> None:
    made = issue(approved=False)
    with pytest.raises(ApprovalError) as caught:
        approve(issue=made, content_hash=made.content_hash, approver=approver, now=NOW)
    assert caught.value.message == message
    assert caught.value.mend == "Say who approves: --by NAME."
    assert not Approval.objects.exists()


def test_what_changed_since_it_was_read_cannot_be_approved_s31() -> None:
    made = issue(approved=False)
    read = made.content_hash
    change(made, "f" * 64)
    with pytest.raises(ApprovalError) as caught:
        approve(issue=made, content_hash=read, approver="Mara Ellison", now=NOW)
    assert str(caught.value) == (
        "Why Warmth Helps (weekly), part 1 of 2 has changed since it was read. "
        "Read it again, then approve it."
    )
    assert not Approval.objects.exists()


# --- The gate -------------------------------------------------------------------------------------


def test_only_what_is_approved_may_go_out() -> None:
    yes, no = issue(part=1), issue(part=2, approved=False)
    assert list(sendable()) == [yes]
    assert list(Issue.objects.filter(approved())) == [yes]
    assert list(Issue.objects.exclude(approved())) == [no]


def test_one_changed_character_voids_a_yes_and_changing_back_restores_it_s31() -> None:
    made = issue()
    before = made.content_hash
    change(made, content_hash({"subject": made.subject + "."}))
    assert not sendable().exists()
    change(made, before)
    assert list(sendable()) == [made]


def test_the_yes_to_one_issue_is_none_to_another_of_the_same_bytes() -> None:
    first, second = issue(part=1), issue(part=2, approved=False)
    assert first.content_hash == second.content_hash
    assert list(sendable()) == [first]


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_campaign_that_is_stopped_sends_nothing(state: str) -> None:
    issue()
    Campaign.objects.update(state=state)
    assert not sendable().exists()
    assert Issue.objects.filter(approved()).count() == 1


def test_a_stopped_campaign_stops_no_other() -> None:
    issue()
    other = issue(newsletter="monthly")
    Campaign.objects.filter(newsletter="weekly").update(state="paused")
    assert list(sendable()) == [other]


def test_an_issue_is_shown_once_however_often_it_was_approved() -> None:
    made = issue()
    change(made, "f" * 64)
    approve(issue=made, content_hash="f" * 64, approver="Jiwon Bae", now=LATER)
    assert list(sendable()) == [made]
    assert Approval.objects.count() == 2
    assert str(campaign()) == "Why Warmth Helps (weekly)"
