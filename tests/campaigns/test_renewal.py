"""A changed article renews what has not gone out, and nothing else (S31, X16)."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePath

import pytest
from django.db import connection, transaction

from pipeline.campaigns.acts import approve_issues, cancel
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Approval, ArticleRevision, Campaign, Card, Issue, Post
from pipeline.campaigns.revisions import take_configuration
from pipeline.values import Edition
from tests.campaigns.desk import (
    CLINIC,
    NAME,
    OPEN,
    SLOTS,
    article,
    edition,
    kept,
    parts,
    send,
    slots,
    take,
)
from tests.factories import NOW
from tests.home import CHECKOUT

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

CHANGED = article().replace("until it is warm", "until it is truly warm")
LATER = NOW + dt.timedelta(days=1)


def approve(part: int | None = None) -> None:
    """Say yes as a practitioner."""
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW, part=part)


# --- Changed words --------------------------------------------------------------------------------


def test_a_changed_part_is_made_anew_and_the_others_stay_as_they_were() -> None:
    take()
    before = {part: kept(issue) for part, issue in parts().items()}
    assert take(CHANGED, now=LATER).changed
    after = {part: kept(issue) for part, issue in parts().items()}
    assert [part for part in before if before[part][0] != after[part][0]] == [2]
    assert b"truly warm" in bytes(parts()[2].html.content)
    assert slots() == SLOTS[:3]
    assert ArticleRevision.objects.count() == 2


def test_a_yes_holds_for_unchanged_parts_and_is_void_for_the_changed_one_s31() -> None:
    take()
    approve()
    take(CHANGED, now=LATER)
    assert set(sendable().values_list("part", flat=True)) == {1, 3}
    take(article(), now=LATER)
    assert set(sendable().values_list("part", flat=True)) == {1, 2, 3}
    assert Approval.objects.count() == 3


def test_where_nobody_is_asked_the_actor_approves_the_changed_part_too() -> None:
    take(clinic=OPEN)
    take(CHANGED, clinic=OPEN, now=LATER)
    assert sendable().count() == 3
    assert Approval.objects.count() == 4


def test_what_was_sent_stays_to_the_byte_x16() -> None:
    take()
    approve()
    send(1)
    before = kept(parts()[1])
    everywhere = CHANGED.replace("small vessels", "tiny vessels").replace(
        "Why warmth", "How warmth"
    )
    take(everywhere, now=LATER)
    assert kept(parts()[1]) == before
    assert parts()[1].state == "sent"
    assert Campaign.objects.get().title == "How warmth helps"
    assert b"truly warm" in bytes(parts()[2].html.content)
    assert Approval.objects.filter(issue__part=1).count() == 1


@pytest.mark.parametrize("state", ["releasing", "sending"])
def test_what_is_on_its_way_stays_to_the_byte_x16(state: str) -> None:
    take()
    Issue.objects.update(state=state)
    before = [kept(issue) for issue in parts().values()]
    take(CHANGED, now=LATER)
    assert [kept(issue) for issue in parts().values()] == before
    assert {issue.state for issue in parts().values()} == {state}


def test_another_sender_voids_every_yes() -> None:
    take()
    approve()
    other = replace(CLINIC.newsletters[0], from_name="Harbour Street Clinic")
    take(clinic=replace(CLINIC, newsletters=(other, CLINIC.newsletters[1])))
    assert not sendable().exists()
    assert parts()[1].envelope["from_name"] == "Harbour Street Clinic"


def test_a_yes_that_nobody_was_asked_for_is_void_once_somebody_must_be_asked() -> None:
    take(clinic=OPEN)
    asking = replace(OPEN, newsletters=(CLINIC.newsletters[0],))
    take(clinic=asking)
    assert not sendable().exists()
    approve()
    assert sendable().count() == 3


def test_an_account_that_is_gone_takes_its_posts_along() -> None:
    take()
    assert Post.objects.filter(network="x").count() == 3
    take(clinic=replace(CLINIC, accounts=CLINIC.accounts[:1]))
    assert set(Post.objects.values_list("network", flat=True)) == {"mastodon"}
    assert (Post.objects.count(), Card.objects.count()) == (3, 3)


def test_going_back_and_forth_ends_where_it_began() -> None:
    take()
    first = {part: issue.content_hash for part, issue in parts().items()}
    take(CHANGED)
    assert take(article()).changed
    assert {part: issue.content_hash for part, issue in parts().items()} == first
    assert not take(article()).changed
    assert ArticleRevision.objects.count() == 3


# --- Fewer and more sections ----------------------------------------------------------------------


def test_fewer_sections_call_the_surplus_off() -> None:
    take()
    approve()
    take(article(2), now=LATER)
    assert [(issue.of, issue.state) for issue in parts().values()] == [
        (2, "scheduled"),
        (2, "scheduled"),
        (3, "cancelled"),
    ]
    assert slots() == SLOTS[:2]


def test_a_part_that_was_sent_is_never_surplus() -> None:
    take()
    send(3)
    take(article(2), now=LATER)
    assert parts()[3].state == "sent"


def test_more_sections_come_behind() -> None:
    take(article(3))
    take(article(4), now=LATER)
    assert slots() == SLOTS
    assert {issue.of for issue in parts().values()} == {4}


def test_more_sections_come_behind_another_series() -> None:
    take(article(2))
    take(article(1, title="Why cold helps"), name="cold.md")
    take(article(3), now=LATER)
    assert slots() == [SLOTS[0], SLOTS[1], SLOTS[3]]
    assert slots("cold") == [SLOTS[2]]


def test_a_part_that_comes_back_takes_no_slot_that_was_given_away() -> None:
    take(article(3))
    take(article(2))
    take(article(1, title="Why cold helps"), name="cold.md")
    assert slots("cold") == [SLOTS[2]]
    take(article(3))
    assert slots() == [SLOTS[0], SLOTS[1], SLOTS[3]]
    assert parts_of("warmth", 3).folder == "2026-03-31-warmth-part-3"


def test_a_part_that_comes_back_is_not_late() -> None:
    take(article(3))
    take(article(1))
    take(article(3), now=NOW + dt.timedelta(days=60))
    assert slots() == [SLOTS[0], "2026-05-05T10:00", "2026-05-12T10:00"]


def parts_of(slug: str, part: int) -> Issue:
    """One part of an article."""
    return Issue.objects.get(campaign__article=slug, part=part)


# --- Cancelled for good ---------------------------------------------------------------------------


def test_a_cancelled_campaign_is_not_revived_by_a_change() -> None:
    take(clinic=OPEN)
    send(1)
    cancel(article="warmth", actor="ana", now=NOW)
    take(CHANGED, clinic=OPEN, now=LATER)
    assert [issue.state for issue in parts().values()] == ["sent", "cancelled", "cancelled"]
    assert Campaign.objects.get().state == "cancelled"
    assert not take(CHANGED, clinic=OPEN, now=LATER).changed


# --- Two processes at once ------------------------------------------------------------------------


def together(*takes: Callable[[], object]) -> list[BaseException]:
    """Do all of these at once, each in a thread of its own, and give what went wrong."""
    wrong: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (the test looks at it)
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in takes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def waiting(
    barrier: threading.Barrier, text: str, *_: object, name: str = NAME, **__: object
) -> Edition:
    """Render, and wait until every other has rendered, too."""
    made = edition(PurePath(name), text.encode(), clinic=CLINIC)
    barrier.wait()
    return made


def test_two_passes_at_once_make_one_campaign_x7() -> None:
    make = partial(waiting, threading.Barrier(4), article())
    assert together(*[partial(take, make=make)] * 4) == []
    assert (Campaign.objects.count(), Issue.objects.count()) == (1, 3)
    assert ArticleRevision.objects.count() == 1
    assert slots() == SLOTS[:3]


def test_two_articles_at_once_share_no_slot_x7() -> None:
    take_configuration(CHECKOUT / "content/clinic.toml", now=NOW)
    wait, chill = partial(waiting, threading.Barrier(2)), article(2, title="Why cold helps")
    cold = partial(take, chill, name="cold.md", make=partial(wait, chill, name="cold.md"))
    assert together(partial(take, article(2), make=partial(wait, article(2))), cold) == []
    assert sorted(slots("warmth") + slots("cold")) == SLOTS


def test_an_issue_released_meanwhile_keeps_its_bytes_x16() -> None:
    take()
    before = kept(parts()[2])
    begun, go_on = threading.Event(), threading.Event()

    def release() -> None:
        with transaction.atomic():
            Issue.objects.filter(part=2).update(state="releasing", released_at=NOW)
            begun.set()
            go_on.wait(0.5)

    def renew() -> None:
        begun.wait()
        take(CHANGED, now=LATER)

    assert together(release, renew) == []
    assert parts()[2].state == "releasing"
    assert kept(parts()[2]) == before
