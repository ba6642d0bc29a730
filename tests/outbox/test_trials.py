"""A second subject on a sample, and what the rest gets: by clicks only where people consented."""

import datetime as dt
from collections import Counter

import pytest

from pipeline.audience.models import Subscriber, Subscription
from pipeline.campaigns.models import Issue, LogEntry
from pipeline.campaigns.trials import Trial, choose, winner_of
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.trials import Figures, figures, subject_of
from tests.outbox.channels import ListChannel
from tests.outbox.weeks import at, clinic, one_pass, person, series

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

TUESDAY = "2026-03-10T10:00"
FIRST, SECOND = "why-warmth-helps 1", "What warmth does"
LATER = dt.timedelta(hours=4)


def tried(*, readers: int = 20, share: int = 60, **trial: object) -> Issue:
    """An issue with a second subject, sent to its sample."""
    clinic()
    (issue,) = series(TUESDAY)
    issue.trial = {"subject": SECOND, "share": share, "hours": 4, "rule": "ask", **trial}
    issue.save()
    Subscriber.objects.bulk_create(
        Subscriber(
            address=f"r{number}@example.com", address_hash=f"{number:064}", created_at=at(TUESDAY)
        )
        for number in range(readers)
    )
    Subscription.objects.bulk_create(
        Subscription(subscriber=each, newsletter="weekly", state="active", changed_at=at(TUESDAY))
        for each in Subscriber.objects.all()
    )
    one_pass(at(TUESDAY))
    return Issue.objects.get()


def subjects(channel: ListChannel) -> Counter[str]:
    return Counter(channel.keys[key].subject for key, _ in channel.taken)


def arms() -> dict[str, tuple[int, int]]:
    """How many of each arm were sent, and how many wait."""
    return {
        arm: (
            Delivery.objects.filter(arm=arm, state="accepted").count(),
            Delivery.objects.filter(arm=arm, state="pending").count(),
        )
        for arm in ("a", "b", "")
    }


@pytest.mark.parametrize(("readers", "share"), [(1000, 20), (1000, 80), (400, 2)])
def test_a_sample_is_halved_and_the_rest_waits(readers: int, share: int) -> None:
    tried(readers=readers, share=share)
    (a, _), (b, _), (_, rest) = arms().values()
    expected = readers * share / 200
    assert abs(a - expected) <= 0.3 * expected + 2
    assert abs(b - expected) <= 0.3 * expected + 2
    assert a + b + rest == readers


def test_who_is_in_the_sample_is_the_same_whenever_it_is_asked() -> None:
    tried(readers=50)
    before = dict(Delivery.objects.values_list("subscriber_id", "arm"))
    Delivery.objects.all().delete()
    Batch.objects.all().delete()
    Issue.objects.update(state="scheduled", released_at=None)
    one_pass(at(TUESDAY))
    assert dict(Delivery.objects.values_list("subscriber_id", "arm")) == before


def test_a_batch_is_of_one_arm_and_its_letter_has_the_arms_subject() -> None:
    tried()
    frozen = Batch.objects.values_list("arm", flat=True)
    assert set(frozen) == {"a", "b"}
    assert all(
        set(batch.deliveries.values_list("arm", flat=True)) == {batch.arm}
        for batch in Batch.objects.all()
    )
    issue = Issue.objects.get()
    assert [subject_of(issue, arm) for arm in ("a", "b", "")] == [FIRST, SECOND, FIRST]


@pytest.mark.parametrize(("rule", "winner"), [("first", FIRST), ("second", SECOND)])
def test_a_rule_set_beforehand_decides_when_the_hours_are_over(rule: str, winner: str) -> None:
    tried(rule=rule)
    early = one_pass(at(TUESDAY) + LATER - dt.timedelta(seconds=1))
    assert not early.taken
    rest = arms()[""][1]
    late = one_pass(at(TUESDAY) + LATER)
    assert subjects(late) == {winner: rest}
    assert LogEntry.objects.get(kind="chosen").actor == "scheduler"


def test_the_rest_waits_for_a_persons_word_and_gets_it() -> None:
    issue = tried()
    for hours in (4, 5, 30):
        assert not one_pass(at(TUESDAY) + dt.timedelta(hours=hours)).taken
    assert LogEntry.objects.filter(kind="waits").count() == 1
    now = at(TUESDAY) + dt.timedelta(hours=31)
    choose(campaign=issue.campaign, part=1, arm="b", actor="Mara Ellison", now=now)
    assert set(subjects(one_pass(now))) == {SECOND}
    assert arms()[""][1] == 0


def consenting(arm: str, readers: int, clicks: int) -> None:
    """So many readers of an arm agreed to be measured, and so many of these clicked."""
    numbers = list(
        Delivery.objects.filter(arm=arm, state="accepted").values_list("pk", flat=True)[:readers]
    )
    people = Delivery.objects.filter(pk__in=numbers).values("subscriber")
    Subscription.objects.filter(subscriber__in=people).update(tracking=True)
    Delivery.objects.filter(pk__in=numbers[:clicks]).update(clicked_at=at(TUESDAY))


@pytest.mark.parametrize(
    ("first", "second", "otherwise", "winner"),
    [
        ((5, 1), (5, 3), "first", "b"),
        ((4, 2), (5, 2), "second", "a"),  # the share counts, not the number
        ((5, 2), (5, 2), "second", "b"),  # no difference
        ((5, 5), (0, 0), "second", "b"),  # no figures of the second
        ((0, 0), (0, 0), "ask", ""),
    ],
)
def test_clicks_decide_only_where_both_arms_have_readers_who_consented(
    first: tuple[int, int], second: tuple[int, int], otherwise: str, winner: str
) -> None:
    issue = tried(readers=60, rule="clicks", otherwise=otherwise)
    consenting("a", *first)
    consenting("b", *second)
    # A click of who did not agree to be measured is none.
    unasked = Subscription.objects.filter(tracking=False).values("subscriber")
    Delivery.objects.filter(subscriber__in=unasked).update(clicked_at=at(TUESDAY))
    one_pass(at(TUESDAY) + LATER)
    issue.refresh_from_db()
    assert winner_of(issue) == winner
    found = figures(issue)
    assert found.get("a", Figures()) == Figures(readers=first[0], clicks=first[1])


def test_a_late_joiner_gets_what_has_won() -> None:
    issue = tried(rule="second")
    one_pass(at(TUESDAY) + LATER)
    person("late", joined=at("2026-03-11T10:00"))
    one_pass(at("2026-03-11T10:01"))
    late = one_pass(at("2026-03-17T10:00"))
    assert subjects(late) == {SECOND: 1}
    assert Trial.of(issue) is not None


def test_an_issue_without_a_trial_has_one_subject() -> None:
    clinic()
    series(TUESDAY)
    person("ana")
    one_pass(at(TUESDAY))
    batch = Batch.objects.get()
    assert (batch.arm, batch.language) == ("", "")
    assert subject_of(batch.issue, "") == FIRST  # type: ignore[arg-type]
