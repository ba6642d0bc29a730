"""No way out leads to somebody who has not confirmed (L6): release, claim, delivery, at random."""

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.models import JoinRequest, Notice, Subscriber, Subscription
from pipeline.audience.reach import reachable
from pipeline.campaigns.models import Issue
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.frozen import thaw
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.release import release
from tests.audience.forms import DAY, links, press, send, wish
from tests.factories import NOW, issue, subscriber
from tests.outbox.channels import ListChannel

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

DOES = st.sampled_from(["asks", "confirms", "reads", "back to pending"])


@pytest.mark.no_cover
@given(people=st.lists(DOES, min_size=1, max_size=6), late=st.booleans())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_but_the_confirmation_is_sent_to_somebody_pending_l6(
    people: list[str], late: bool
) -> None:
    clear()
    made = issue(state=Issue.State.SCHEDULED)
    pending = set()
    for number, does in enumerate(people):
        address = f"p{number}@example.com"
        if does in {"asks", "confirms"}:
            send(wish(address), network=f"10.0.{number}.0/24")
        else:
            subscriber(address)
        if does == "confirms":
            press(links()[-1])
        if does in {"asks", "back to pending"}:
            pending.add(address)
    if not late:
        back_to_pending(people)
    assert release(now=NOW) == [made]
    if late:  # between the queue and the claim
        back_to_pending(people)

    channel = ListChannel()
    while True:
        batch = claim(channel, owner="me", now=NOW + DAY)
        if batch is None:
            break
        if batch.issue_id:
            letter = thaw(batch.key, batch.frozen or {})
            assert not {person.address for person in letter.recipients} & pending
        deliver(batch, channel, now=NOW + DAY)
    reached = reachable("weekly", now=NOW + DAY).values_list("subscriber__address", flat=True)
    assert not set(reached) & pending
    unsent = Delivery.objects.filter(subscriber__address__in=pending)
    assert not unsent.exclude(state=Delivery.State.SUPPRESSED).exists()
    kinds = Notice.objects.filter(subscriber__address__in=pending).values_list("kind", flat=True)
    assert set(kinds) <= {"confirm"}


def back_to_pending(people: list[str]) -> None:
    """Call those pending who were on the list: nothing does it, and yet no letter may go out."""
    back = [f"p{n}@example.com" for n, does in enumerate(people) if does == "back to pending"]
    Subscription.objects.filter(subscriber__address__in=back).update(state="pending")


def clear() -> None:
    """Begin anew, in the same database."""
    Delivery.objects.all().delete()
    Batch.objects.all().delete()
    # What was approved stays in the tables; it is put out of the way.
    Issue.objects.update(state=Issue.State.SENT, released_at=None, part=F("pk") + 1_000)
    Subscriber.objects.all().delete()
    JoinRequest.objects.all().delete()
