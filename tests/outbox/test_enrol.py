"""Late joiners get a series from its first part, newcomers a welcome, and who pauses no flood."""

import datetime as dt

import pytest

from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Consent, Subscriber, Subscription
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.claim import claim
from pipeline.outbox.counts import counts
from pipeline.outbox.enrol import enrol
from pipeline.outbox.models import Delivery
from tests import factories
from tests.outbox.channels import ListChannel
from tests.outbox.weeks import at, clinic, got, one_pass, person, series, tie, waiting

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SLOTS = tuple(f"2026-03-{day:02}T10:00" for day in (3, 10, 17, 24, 31))
LATER = tuple(f"2026-04-{day:02}T10:00" for day in (7, 14, 21, 28))
Slots = tuple[str, ...]


def send(*slots: str) -> None:
    for slot in slots:
        one_pass(at(slot))


def states() -> list[str]:
    return list(Issue.objects.order_by("part").values_list("state", flat=True))


# --- Late joiners ---------------------------------------------------------------------------------


def test_who_joins_in_mid_series_begins_with_part_1_on_a_clock_of_their_own() -> None:
    clinic()
    series(*SLOTS[:3])
    send(*SLOTS[:2])
    late = person("late", joined=at("2026-03-11T09:00"))

    send("2026-03-11T09:01")
    assert waiting(late) == {
        "why-warmth-helps 1": (SLOTS[2], ""),
        "why-warmth-helps 2": (SLOTS[3], ""),
    }
    assert states() == ["sending", "sending", "scheduled"]

    send(*SLOTS[2:], *LATER[:2])
    assert got(late) == [
        (slot, f"why-warmth-helps {part}") for part, slot in enumerate(SLOTS[2:], 1)
    ]
    assert states() == ["sent", "sent", "sent"]
    assert all(each.adds_up() and not each.waiting for each in counts().values())


def test_a_setting_lets_them_join_in_where_the_series_is() -> None:
    clinic('late_joiners = "join in"')
    series(*SLOTS[:3])
    send(*SLOTS[:2])
    late = person("late", joined=at("2026-03-11T09:00"))
    send("2026-03-11T09:01", *SLOTS[2:])
    assert got(late) == [(SLOTS[2], "why-warmth-helps 3")]


@pytest.mark.parametrize(
    ("joined", "parts"),
    [
        ("2026-03-10T10:00", 2),  # at the very time of the last part
        ("2026-03-10T10:01", 2),
        ("2026-03-17T09:59", 2),
        ("2026-03-17T10:00", 0),
        ("2026-03-20T10:00", 0),
    ],
)
def test_a_series_runs_until_a_week_after_its_last_part(joined: str, parts: int) -> None:
    clinic()
    series(*SLOTS[:2])
    send(*SLOTS[:2])
    late = person("late", joined=at(joined))
    enrol(now=at(joined) + dt.timedelta(hours=2))
    assert Delivery.objects.filter(subscriber=late).count() == parts


@pytest.mark.parametrize("why", ["held", "paused", "unapproved"])
def test_what_is_stopped_is_given_to_nobody_and_to_everybody_once_it_goes_on(why: str) -> None:
    clinic()
    parts = series(*SLOTS[:2])
    send(SLOTS[0])
    late = person("late", joined=at("2026-03-04T09:00"))
    changes = {"held": {"held": "wait"}, "unapproved": {"content_hash": "f" * 64}}
    before = Issue.objects.get(pk=parts[0].pk)
    if why == "paused":
        Campaign.objects.update(state=Campaign.State.PAUSED)
    else:
        Issue.objects.filter(pk=before.pk).update(**changes[why])

    send("2026-03-05T09:00")
    assert not Delivery.objects.filter(subscriber=late).exists()

    Campaign.objects.update(state=Campaign.State.ACTIVE)
    before.save()
    send("2026-03-06T09:00")
    assert Delivery.objects.filter(subscriber=late, state="pending").count() == 1


def test_who_may_not_be_written_to_is_counted_as_excluded() -> None:
    clinic()
    series(*SLOTS[:2])
    send(SLOTS[0])
    monthly = person("monthly", joined=at("2026-03-04T09:00"))
    monthly.subscriptions.update(frequency=Subscription.Frequency.MONTHLY)
    send("2026-03-05T09:00")
    assert list(Delivery.objects.values_list("state", "reason")) == [("suppressed", "monthly")]


def test_enrolling_twice_or_after_a_list_that_took_hours_changes_nothing_twice() -> None:
    clinic()
    series(*SLOTS[:2])
    send(SLOTS[0])
    person("first", joined=at("2026-03-04T09:00"))
    assert enrol(now=at("2026-03-04T09:01")) == 1
    # Written down five hours after it began.
    person("second", joined=at("2026-03-04T04:00"))
    assert enrol(now=at("2026-03-04T09:02")) == 1
    assert enrol(now=at("2026-03-04T09:03")) == 0
    assert Issue.objects.order_by("part").values_list("joined_until", flat=True)[0] is not None


def test_a_slot_of_their_own_is_on_their_own_clock() -> None:
    clinic("local_time = true")
    series(*SLOTS[:2])
    send(SLOTS[0])
    seoul = person("seoul", joined=at("2026-03-04T09:00"), zone="Asia/Seoul")
    send("2026-03-04T09:01")
    assert [due for due, _ in waiting(seoul).values()] == ["2026-03-09T21:00"]


# --- Pauses ---------------------------------------------------------------------------------------


def test_three_weeks_of_pause_flood_nobody() -> None:
    clinic()
    series(*SLOTS[:4])
    ana = person("ana", paused_until=at("2026-03-19T12:00"))

    send(*SLOTS[:3])
    assert got(ana) == []
    assert [each.waiting for each in counts().values()] == [1, 1, 1]
    assert waiting(ana) == {f"why-warmth-helps {part}": (SLOTS[3], "paused") for part in (1, 2, 3)}

    send(*SLOTS[3:], *LATER)
    assert got(ana) == [
        (slot, f"why-warmth-helps {part}")
        for part, slot in enumerate([SLOTS[3], SLOTS[4], LATER[0], LATER[1]], 1)
    ]


def test_a_pause_that_ends_early_brings_the_letters_forward_in_order() -> None:
    clinic()
    series(*SLOTS[:2])
    ana = person("ana", paused_until=at("2026-05-01T12:00"))
    send(*SLOTS[:2])
    assert {due for due, _ in waiting(ana).values()} == {"2026-05-05T10:00"}

    ana.subscriptions.update(paused_until=None)
    send("2026-03-12T12:00")
    assert {due for due, _ in waiting(ana).values()} == {SLOTS[2]}

    send(*SLOTS[2:4])
    assert got(ana) == [(SLOTS[2], "why-warmth-helps 1"), (SLOTS[3], "why-warmth-helps 2")]


def test_a_pause_that_begins_while_a_letter_waits_is_kept() -> None:
    clinic()
    series(*SLOTS[:2])
    send(SLOTS[0])
    late = person("late", joined=at("2026-03-04T09:00"))
    send("2026-03-04T10:00")
    late.subscriptions.update(paused_until=at("2026-03-30T12:00"))
    send(SLOTS[1])
    assert waiting(late) == {
        "why-warmth-helps 1": (SLOTS[4], "paused"),
        "why-warmth-helps 2": (SLOTS[4], "paused"),
    }


# --- Leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["claim", "pass"])
def test_who_leaves_in_mid_series_gets_nothing_more_and_the_counts_say_so_at_once(by: str) -> None:
    clinic()
    series(*SLOTS[:4])
    send(*SLOTS[:3])
    late = person("late", joined=at("2026-03-18T09:00"))
    send("2026-03-18T09:01")
    assert len(waiting(late)) == 3

    unsubscribe(subscriber_id=late.pk, newsletter="weekly", now=at("2026-03-18T09:02"))
    if by == "claim":
        assert claim(ListChannel(), owner="a", now=at("2026-03-18T09:03")) is None
    else:
        send("2026-03-25T09:03")

    assert waiting(late) == {}
    assert {(each.planned, each.excluded) for each in counts().values()} == {(1, 1)}
    send(SLOTS[3], SLOTS[4])
    assert got(late) == []


# --- Welcomes -------------------------------------------------------------------------------------


def welcome() -> Issue:
    (issue,) = series("", article="welcome", kind=Campaign.Kind.WELCOME)
    return issue


def confirmed(name: str, moment: dt.datetime) -> Subscriber:
    """Somebody who used the link of a confirmation."""
    made = person(name, joined=moment)
    Consent.objects.create(
        subscriber_id=made.pk,
        address_hash=made.address_hash,
        newsletter="weekly",
        basis=Consent.Basis.EXPRESS,
        source="form",
        actor="subscriber",
        created_at=moment,
    )
    return made


def test_each_newcomer_gets_the_welcome_once_and_at_once() -> None:
    clinic()
    welcome()
    before = confirmed("before", at("2026-03-04T08:00"))
    send("2026-03-04T09:00")
    ana = confirmed("ana", at("2026-03-04T09:30"))
    listed = person("listed", joined=at("2026-03-04T09:30"))

    send("2026-03-04T09:31", "2026-03-04T09:32", "2026-03-20T09:32")

    assert got(ana) == [("2026-03-04T09:31", "welcome 1")]
    assert got(before) == got(listed) == []


def test_the_welcome_is_one_of_the_week_and_comes_before_the_series() -> None:
    clinic()
    welcome()
    series(*SLOTS[1:3])
    send(SLOTS[0])
    ana = confirmed("ana", at("2026-03-08T09:30"))
    send("2026-03-08T09:31", *SLOTS[1:4])
    assert got(ana) == [
        ("2026-03-08T09:31", "welcome 1"),
        (SLOTS[2], "why-warmth-helps 1"),
        (SLOTS[3], "why-warmth-helps 2"),
    ]


def test_a_welcome_takes_no_slot_from_the_series() -> None:
    clinic()
    welcome()
    series(*SLOTS[:1])
    ana = person("ana")
    send("2026-03-02T09:00", SLOTS[0])
    assert got(ana) == [(SLOTS[0], "why-warmth-helps 1")]


def test_a_welcome_that_nobody_approved_is_given_to_nobody() -> None:
    clinic()
    issue = welcome()
    Issue.objects.filter(pk=issue.pk).update(content_hash="f" * 64)
    send("2026-03-04T09:00")
    ana = confirmed("ana", at("2026-03-04T09:30"))
    send("2026-03-04T09:31")
    assert got(ana) == []
    assert tie(ana).state == "active"
    assert states() == ["scheduled"]


def test_a_welcome_waits_while_it_is_made_anew_and_forgets_nobody() -> None:
    clinic()
    issue = welcome()
    send("2026-03-04T09:00")
    Issue.objects.update(state=Issue.State.SCHEDULED, content_hash="f" * 64)
    ana = confirmed("ana", at("2026-03-04T09:30"))
    send("2026-03-06T09:31")
    assert got(ana) == []
    Issue.objects.update(content_hash=factories.issue(article="x").content_hash)
    Issue.objects.filter(pk=issue.pk).update(content_hash=issue.content_hash)
    send("2026-03-06T10:31")
    assert got(ana) == [("2026-03-06T10:31", "welcome 1")]
