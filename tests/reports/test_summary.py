"""What stands in the tables, as a person wants to hear it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.audience.models import Notice
from pipeline.campaigns.models import Campaign, Card, Issue, Post
from pipeline.campaigns.parts import store
from pipeline.outbox.counts import Counts
from pipeline.outbox.models import Batch, Delivery
from pipeline.reports.summary import (
    CampaignSummary,
    IssueSummary,
    NoticeSummary,
    campaigns,
    notices,
    troubles,
)
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def with_parts(issue: Issue, *, posts: int = 0, cards: int = 0) -> Issue:
    """The issue with so many posts and cards."""
    for number in range(posts):
        Post.objects.create(
            issue=issue,
            section=number,
            key=str(number),
            network="x",
            handle="@a",
            text="t",
            length=1,
            limit=280,
        )
    for number in range(cards):
        png = store(f"{issue.pk} {number}".encode())
        Card.objects.create(issue=issue, section=number, key=str(number), png_id=png, alt="words")
    return issue


def batch(
    issue: Issue, state: Batch.State, reason: str, *, settled_at: dt.datetime | None = None
) -> None:
    """A batch that waits or is unsure."""
    Batch.objects.create(
        issue=issue,
        channel="list",
        state=state,
        key=f"{Batch.objects.count():032}",
        owner="sender",
        lease_until=NOW,
        created_at=NOW,
        reason=reason,
        settled_at=settled_at,
    )


def queries() -> int:
    """How often the database is asked for the whole summary."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        campaigns()
    return len(asked)


def test_everything_of_an_issue_stands_in_one_line() -> None:
    issue = with_parts(factories.issue(), posts=6, cards=2)
    factories.delivery(issue, factories.subscriber(), state=Delivery.State.ACCEPTED)

    assert campaigns() == (
        CampaignSummary(
            number=issue.campaign_id,
            article="why-warmth-helps",
            title="Why Warmth Helps",
            newsletter="weekly",
            state="active",
            issues=(
                IssueSummary(
                    number=issue.pk,
                    part=1,
                    of=2,
                    subject="Why Warmth Helps: 1. Vessels",
                    slot=dt.datetime.fromisoformat("2026-03-03T15:00"),
                    time_zone="UTC",
                    state="sending",
                    approved=True,
                    folder="2026-03-03-why-warmth-helps-part-1",
                    posts=6,
                    cards=2,
                    counts=Counts(planned=1, sent=1),
                ),
            ),
        ),
    )


def test_a_campaign_adds_up_its_issues() -> None:
    with_parts(factories.issue(part=1), posts=3, cards=1)
    with_parts(factories.issue(part=2), posts=4, cards=2)

    (campaign,) = campaigns()

    assert (campaign.posts, campaign.sections) == (7, 3)
    assert [issue.part for issue in campaign.issues] == [1, 2]


def test_an_issue_nobody_approved_is_told_so() -> None:
    factories.issue(part=1, approved=False)
    changed = factories.issue(part=2)
    Issue.objects.filter(pk=changed.pk).update(content_hash="0" * 64)

    (campaign,) = campaigns()

    assert [issue.approved for issue in campaign.issues] == [False, False]


def test_an_issue_without_deliveries_has_zeros() -> None:
    factories.issue()

    assert campaigns()[0].issues[0].counts == Counts()


def test_cancelled_issues_are_left_out_and_their_campaign_is_not() -> None:
    factories.issue(state=Issue.State.CANCELLED)
    Campaign.objects.update(state=Campaign.State.CANCELLED)

    (campaign,) = campaigns()

    assert (campaign.state, campaign.issues) == ("cancelled", ())


def test_campaigns_come_in_the_order_they_were_made() -> None:
    for newsletter in ("zebra", "apple"):
        factories.issue(newsletter=newsletter)

    assert [campaign.newsletter for campaign in campaigns()] == ["zebra", "apple"]


def test_nothing_is_nothing() -> None:
    assert (campaigns(), notices(), troubles()) == ((), (), ())


def test_the_database_is_asked_as_often_for_three_campaigns_as_for_one() -> None:
    with_parts(factories.issue(), posts=2, cards=1)
    one = queries()
    for newsletter in ("monthly", "yearly"):
        for part in (1, 2):
            issue = factories.issue(newsletter=newsletter, part=part)
            with_parts(issue, posts=3, cards=2)
            reader = factories.subscriber(f"{newsletter}-{part}@example.com", newsletter=newsletter)
            factories.delivery(issue, reader)

    assert (one, queries()) == (3, 3)


def test_rendered_bytes_are_not_read_for_a_summary() -> None:
    factories.issue()
    with CaptureQueriesContext(connection) as asked:
        campaigns()

    assert not [query for query in asked.captured_queries if "pipeline_part" in query["sql"]]


def test_a_trouble_is_told_once_while_it_can_be_mended() -> None:
    """What stays unknown stands in the sums: no later run could make it go away."""
    issue = factories.issue()
    batch(issue, Batch.State.RETRY, "busy.")
    batch(issue, Batch.State.RETRY, "busy.")
    batch(issue, Batch.State.UNKNOWN, "the answer was lost")
    batch(issue, Batch.State.UNKNOWN, "nobody can tell", settled_at=NOW)
    batch(issue, Batch.State.ACCEPTED, "none")

    assert troubles() == (
        "busy. It is tried again at a later run.",
        "the answer was lost. It is tried again at a later run.",
    )


def test_each_kind_of_notice_stands_in_one_line() -> None:
    factories.notice("a@example.com")
    factories.notice("b@example.com")

    assert notices() == (
        NoticeSummary(
            kind="confirm",
            about="asks whether somebody wants a newsletter",
            counts=Counts(planned=2, waiting=2),
        ),
    )


def test_why_a_notice_cannot_be_made_is_told_while_it_waits() -> None:
    made = factories.notice()
    Notice.objects.update(reason="the template is broken. Mend it.")
    assert troubles() == ("the template is broken. Mend it.",)

    Notice.objects.filter(pk=made.pk).update(state=Notice.State.ABANDONED)
    assert troubles() == ()
