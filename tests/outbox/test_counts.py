"""The sum that must add up (promise 10)."""

import pytest

from pipeline.audience.models import Notice
from pipeline.outbox.counts import TERMS, Counts, counts, notice_counts
from pipeline.outbox.models import Delivery
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_every_state_belongs_to_exactly_one_term() -> None:
    states = [state for term in TERMS.values() for state in term]

    assert sorted(states) == sorted(Delivery.State)
    assert sorted(Notice.State.values) == sorted(Delivery.State.values)


def test_the_sum_of_an_issue_with_one_delivery_in_each_state_adds_up() -> None:
    issue = factories.issue()
    for number, state in enumerate(Delivery.State):
        factories.delivery(issue, factories.subscriber(f"r{number}@example.com"), state=state)

    found = counts()[issue.pk]

    assert found == Counts(
        planned=11, excluded=1, waiting=2, sent=3, failed=3, unknown=1, cancelled=1
    )
    assert found.adds_up()


def test_a_state_outside_the_terms_is_noticed() -> None:
    issue = factories.issue()
    factories.delivery(issue, factories.subscriber())
    Delivery.objects.update(state="vanished")

    assert not counts()[issue.pk].adds_up()


def test_issues_are_counted_apart() -> None:
    first, second = factories.issue(part=1), factories.issue(part=2)
    reader = factories.subscriber()
    factories.delivery(first, reader)
    factories.delivery(second, reader, state=Delivery.State.ACCEPTED)

    assert (counts()[first.pk].waiting, counts()[second.pk].sent) == (1, 1)


def test_the_sum_of_notices_with_one_in_each_state_adds_up_by_kind() -> None:
    for number, state in enumerate(Notice.State):
        made = factories.notice(f"n{number}@example.com")
        Notice.objects.filter(pk=made.pk).update(state=state)
    factories.notice("known@example.com", kind=Notice.Kind.KNOWN)

    found = notice_counts()

    assert found == {
        "confirm": Counts(
            planned=11, excluded=1, waiting=2, sent=3, failed=3, unknown=1, cancelled=1
        ),
        "known": Counts(planned=1, waiting=1),
    }
    assert all(each.adds_up() for each in found.values())
    assert counts() == {}


def test_a_notice_in_a_state_outside_the_terms_is_noticed() -> None:
    factories.notice()
    Notice.objects.update(state="vanished")

    assert not notice_counts()["confirm"].adds_up()
