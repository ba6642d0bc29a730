"""Four eyes: nobody approves what they wrote, planned or edited (S31)."""

from dataclasses import replace

import pytest

from pipeline.campaigns.approval import approve
from pipeline.campaigns.four_eyes import folded
from pipeline.campaigns.models import Approval, Campaign, Issue
from pipeline.campaigns.scheduling import schedule
from pipeline.errors import ApprovalError
from pipeline.values import About, Person
from tests.campaigns.desk import EXAMPLE_CLINIC
from tests.factories import NOW, issue

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

EDIT = {"subject": {"value": "Warmth", "by": "Ana Reyes", "at": "2026-03-03"}}


def made(*, four_eyes: bool = True) -> Issue:
    """An issue that Jiwon Bae wrote, Tom Field planned and Ana Reyes edited."""
    about = About(authors=(Person(name="Jiwon Bae", credentials=("L.Ac.",)),))
    kept = issue(approved=False, about=about, state=Issue.State.SCHEDULED)
    Issue.objects.filter(pk=kept.pk).update(four_eyes=four_eyes, edits=EDIT)
    Campaign.objects.update(planned_by="Tom Field")
    return kept


@pytest.mark.parametrize(
    ("approver", "part"),
    [
        ("Dr. jiwon  BAE, L.Ac.", "wrote this article"),
        ("TOM FIELD", "planned this series"),
        ("Aná Reyes", "edited this part"),
    ],
)
def test_who_had_a_hand_in_it_cannot_approve_it_s31(approver: str, part: str) -> None:
    kept = made()
    with pytest.raises(ApprovalError, match=part):
        approve(issue=kept, content_hash=kept.content_hash, approver=approver, now=NOW)
    assert Approval.objects.count() == 0


@pytest.mark.parametrize(("approver", "four_eyes"), [("Mara Ellison", True), ("Jiwon Bae", False)])
def test_another_person_can_and_anybody_where_two_eyes_do_s31(
    approver: str, four_eyes: bool
) -> None:
    kept = made(four_eyes=four_eyes)
    approve(issue=kept, content_hash=kept.content_hash, approver=approver, now=NOW)
    assert Approval.objects.get().approver == approver


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Dr. José  Kim, L.Ac.", "jose kim"), ("배지원", "배지원"), ("Dr", "dr"), (" ", "")],
)
def test_spellings_of_one_person_are_one(name: str, expected: str) -> None:
    assert folded(name) == expected


def test_who_approved_a_proposal_cannot_plan_it_afterwards_s31() -> None:
    kept = made()
    approve(issue=kept, content_hash=kept.content_hash, approver="Mara Ellison", now=NOW)
    Issue.objects.update(state=Issue.State.SCHEDULED)
    Campaign.objects.update(state=Campaign.State.PLANNED, planned_by="")
    letter = replace(EXAMPLE_CLINIC.newsletters[0], approval="practitioner")
    with pytest.raises(ApprovalError, match="approved part 1 and cannot schedule it"):
        schedule(article=kept.campaign.article, newsletter=letter, actor="mara ellison", now=NOW)
    assert Campaign.objects.get().state == Campaign.State.PLANNED
    schedule(article=kept.campaign.article, newsletter=letter, actor="Ana", now=NOW)
    assert Campaign.objects.get().planned_by == "Ana"
