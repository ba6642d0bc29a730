"""One letter of a newsletter a week for one person, in order, whatever happens."""

import datetime as dt
import threading
from itertools import pairwise

import pytest
from django.db import connection

from pipeline.campaigns.calendar import APART
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.models import Delivery
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel
from tests.outbox.steps import drain, states
from tests.outbox.weeks import at, clinic, got, one_pass, person, series, waiting

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

TUESDAYS = ("2026-03-03T10:00", "2026-03-10T10:00", "2026-03-17T10:00", "2026-03-24T10:00")


def released(*articles: str, part: int = 1) -> list[Issue]:
    """A part of each of these articles' series, all of them being sent."""
    return [
        factories.issue(article=article, part=part, subject=f"{article} 2" if part > 1 else article)
        for article in articles
    ]


def test_of_two_letters_of_a_week_the_older_series_goes_and_the_other_takes_the_next_slot() -> None:
    clinic()
    ana = person("ana")
    older, newer = released("older", "newer")
    for issue in (newer, older):
        factories.delivery(issue, ana)

    one_pass(NOW)

    assert [subject for _, subject in got(ana)] == ["older"]
    assert waiting(ana) == {"newer": ("2026-03-10T10:00", "week")}


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (dt.timedelta(days=6), {}),
        (dt.timedelta(days=6, seconds=-1), {"part": ("2026-03-10T10:00", "week")}),
        (dt.timedelta(hours=1), {"part": ("2026-03-10T10:00", "week")}),
        (-dt.timedelta(hours=2), {"part": ("2026-03-10T10:00", "week")}),  # a clock set back
    ],
)
def test_six_days_lie_between_two_letters(
    ago: dt.timedelta, expected: dict[str, tuple[str, str]]
) -> None:
    clinic()
    ana = person("ana")
    before, part = released("before", "part")
    sent = factories.delivery(before, ana, state=Delivery.State.BOUNCED)
    Delivery.objects.filter(pk=sent.pk).update(sent_at=NOW - ago)
    factories.delivery(part, ana)

    one_pass(NOW)

    assert waiting(ana) == expected


@pytest.mark.parametrize("state", ["unknown", "accepted", "complained", "claimed", "refused"])
def test_what_may_have_gone_out_counts(state: str) -> None:
    clinic()
    ana = person("ana")
    before, part = released("before", "part")
    sent = factories.delivery(before, ana, state=Delivery.State(state))
    Delivery.objects.filter(pk=sent.pk).update(sent_at=NOW - dt.timedelta(days=1))
    factories.delivery(part, ana)

    assert claim(ListChannel(), owner="a", now=NOW) is None


def test_another_newsletter_has_a_week_of_its_own() -> None:
    clinic()
    ana = person("ana")
    for newsletter in ("weekly", "monthly"):
        factories.delivery(factories.issue(newsletter=newsletter, article=newsletter), ana)
    ana.subscriptions.create(newsletter="monthly", state="active", changed_at=NOW)

    one_pass(NOW)

    assert states() == {"accepted": 2}


@pytest.mark.parametrize(("state", "becomes"), [("paused", "pending"), ("cancelled", "cancelled")])
def test_what_is_given_back_is_no_letter_of_the_week(state: str, becomes: str) -> None:
    clinic()
    ana = person("ana")
    (part,) = released("part")
    factories.delivery(part, ana)
    batch = claim(ListChannel(), owner="a", now=NOW)
    assert batch is not None
    Campaign.objects.update(state=state)

    deliver(batch, ListChannel(), now=NOW)

    assert list(Delivery.objects.values_list("state", "sent_at")) == [(becomes, None)]


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        (("series", "welcome"), "welcome"),
        (("evergreen", "series"), "series"),
        (("evergreen", "digest"), "digest"),
        (("series", "series"), "series-0"),
    ],
)
def test_the_kinds_of_letters_have_an_order(kinds: tuple[str, str], first: str) -> None:
    clinic()
    ana = person("ana")
    # Who has the digest has no weekly letter, even one that waited for them.
    ana.subscriptions.update(frequency="monthly" if "digest" in kinds else "every")
    for number, kind in enumerate(kinds):
        subject = kind if len(set(kinds)) > 1 else f"{kind}-{number}"
        (issue,) = released(subject)
        Campaign.objects.filter(pk=issue.campaign_id).update(kind=kind)
        factories.delivery(issue, ana)

    one_pass(NOW)

    assert [subject for _, subject in got(ana)] == [first]


def test_a_stopped_series_keeps_no_other_waiting_but_its_own_next_part() -> None:
    clinic()
    ana, ben = person("ana"), person("ben")
    stopped, other = released("stopped", "other")
    later = released("stopped", part=2)[0]
    for who in (ana, ben):
        factories.delivery(stopped, who)
    factories.delivery(other, ana)
    factories.delivery(later, ben)
    Issue.objects.filter(pk=stopped.pk).update(held="a person stopped it")

    one_pass(NOW)

    assert [subject for _, subject in got(ana)] == ["other"]
    assert got(ben) == []
    assert waiting(ben) == {
        "stopped": ("2026-03-03T10:00", ""),
        "stopped 2": ("2026-03-10T10:00", "order"),
    }


def test_somebody_in_two_series_gets_them_one_after_the_other() -> None:
    clinic()
    series(*TUESDAYS[:2], article="older")
    newer = series(*TUESDAYS[2:], article="newer")
    for tuesday in TUESDAYS[:2]:
        one_pass(at(tuesday))
    ana = person("ana", joined=at("2026-03-11T12:00"))
    for tuesday in (
        "2026-03-12T10:00",
        *TUESDAYS[2:],
        "2026-03-31T10:00",
        "2026-04-07T10:00",
        "2026-04-14T10:00",
    ):
        one_pass(at(tuesday))

    assert got(ana) == [
        ("2026-03-17T10:00", "older 1"),
        ("2026-03-24T10:00", "older 2"),
        ("2026-03-31T10:00", "newer 1"),
        ("2026-04-07T10:00", "newer 2"),
    ]
    assert {issue.state for issue in Issue.objects.filter(campaign=newer[0].campaign)} == {"sent"}


def test_two_senders_at_once_send_nobody_two_letters() -> None:
    """Ten rounds, ten people, two issues each: whoever wins, six days lie between two letters."""
    clinic()
    people = [person(f"reader-{number}") for number in range(10)]
    now = at("2026-03-03T10:00")
    for week in range(10):
        moment = now + dt.timedelta(days=7 * week)
        for article in (f"a-{week}", f"b-{week}"):
            issue = factories.issue(article=article, now=moment)
            for who in people if article.startswith("a") else reversed(people):
                factories.delivery(issue, who, now=moment)
        start = threading.Barrier(2)

        def send(moment: dt.datetime = moment, start: threading.Barrier = start) -> None:
            start.wait()
            drain(ListChannel(batch_size=3), now=moment, owner=threading.current_thread().name)
            connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent = Delivery.objects.filter(sent_at__gte=moment)
        assert sorted(sent.values_list("subscriber_id", flat=True)) == [who.pk for who in people]

    for who in people:
        times = Delivery.objects.filter(subscriber=who, sent_at__isnull=False)
        moments = list(times.order_by("sent_at").values_list("sent_at", flat=True))
        assert all(b - a >= APART for a, b in pairwise(moments) if a and b)
