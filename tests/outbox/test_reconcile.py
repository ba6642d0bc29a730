"""Every crash point of DESIGN's table, for every class of channel."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from pipeline.errors import RefusedError, UnsureError
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import LONGEST_WAIT, deliver
from pipeline.outbox.letter import Letter, Safety
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import (
    ORPHANED,
    end_orphan,
    resume,
    take_over,
    take_over_orphan,
)
from tests import factories
from tests.factories import NOW
from tests.outbox.channels import ListChannel, fails
from tests.outbox.steps import age_leases, batch_states, drain, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

GRACE, MEMORY = ListChannel.grace, ListChannel.memory
BOTH = {"reader-0@example.com": 1, "reader-1@example.com": 1}
LATER = NOW + 3 * LONGEST_WAIT


@pytest.fixture(autouse=True)
def no_rival_stays() -> Iterator[None]:
    """What a test hung into the connection goes with it."""
    yield
    connection.execute_wrappers.clear()


class DiesError(BaseException):
    """The process ends here. Not an Exception, so that no handler sees it, as with kill -9."""


def dies(_letter: Letter) -> None:
    raise DiesError


def start(channel: ListChannel) -> Batch:
    factories.queued_issue(2)
    batch = claim(channel, owner="dead", now=NOW)
    assert batch is not None
    return batch


def recover(channel: ListChannel, *, now: dt.datetime = LATER) -> None:
    """Another sender comes, again and again, until nothing is left to do."""
    channel.before = channel.after = lambda _letter: None
    for _ in range(6):
        age_leases()
        drain(channel, now=now, owner="heir")
        now += GRACE


@pytest.mark.parametrize("safety", Safety)
def test_death_after_the_claim_loses_and_doubles_nothing(safety: Safety) -> None:
    """P0."""
    channel = ListChannel(safety)
    start(channel)

    recover(channel)

    assert channel.copies() == BOTH
    assert states() == {"accepted": 2}


@pytest.mark.parametrize(
    ("safety", "copies", "ended"),
    [
        (Safety.KEYED, BOTH, {"accepted": 2}),
        (Safety.LOOK_UP, BOTH, {"accepted": 2}),
        (Safety.NEITHER, {}, {"unknown": 2}),
    ],
)
def test_death_before_the_first_byte(
    safety: Safety, copies: dict[str, int], ended: dict[str, int]
) -> None:
    """P1: `submitting` is committed, nothing was sent."""
    channel = ListChannel(safety)
    batch = start(channel)
    channel.before = dies
    with pytest.raises(DiesError):
        deliver(batch, channel, now=NOW)

    recover(channel)

    assert channel.copies() == copies
    assert states() == ended


@pytest.mark.parametrize(
    ("safety", "ended"),
    [
        (Safety.KEYED, {"accepted": 2}),
        (Safety.LOOK_UP, {"accepted": 2}),
        (Safety.NEITHER, {"unknown": 2}),
    ],
)
def test_death_after_the_provider_took_it(safety: Safety, ended: dict[str, int]) -> None:
    """P2, P3: in flight or answered, not recorded."""
    channel = ListChannel(safety)
    batch = start(channel)
    channel.after = dies
    with pytest.raises(DiesError):
        deliver(batch, channel, now=NOW)

    recover(channel)

    assert channel.copies() == BOTH
    assert states() == ended


@pytest.mark.parametrize("safety", [Safety.KEYED, Safety.LOOK_UP])
def test_a_lost_answer_is_settled_without_a_second_mail(safety: Safety) -> None:
    """P2: time-out or 5xx after acceptance."""
    channel = ListChannel(safety)
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    assert batch_states() == {"unknown": 1}

    recover(channel)

    assert channel.copies() == BOTH
    assert states() == {"accepted": 2}


@pytest.mark.parametrize("safety", [Safety.KEYED, Safety.LOOK_UP])
def test_a_lost_question_is_sent_once(safety: Safety) -> None:
    """P1 seen as a time-out: the provider never got it."""
    channel = ListChannel(safety)
    batch = start(channel)
    channel.before = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)

    recover(channel)

    assert channel.copies() == BOTH
    assert states() == {"accepted": 2}


def test_a_second_try_uses_the_same_key_and_the_same_bytes() -> None:
    """I1, I5."""
    channel = ListChannel(Safety.KEYED)
    batch = start(channel)
    sent: list[bytes] = []
    channel.before = lambda letter: sent.append(channel.serialize(letter))
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    drain(channel, now=LATER)

    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_a_key_is_not_trusted_past_half_its_life() -> None:
    """I8, X6."""
    channel = ListChannel(Safety.KEYED, key_lifetime=dt.timedelta(hours=24))
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)

    drain(channel, now=NOW + dt.timedelta(hours=12, minutes=1))

    assert channel.copies() == BOTH
    assert states() == {"unknown": 2}
    assert Batch.objects.get().reason == "the provider may have forgotten the key"


def test_a_key_is_trusted_within_half_its_life() -> None:
    channel = ListChannel(Safety.KEYED, key_lifetime=dt.timedelta(hours=24))
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)

    drain(channel, now=NOW + dt.timedelta(hours=11))

    assert states() == {"accepted": 2}


def test_a_look_up_waits_for_the_grace_and_asks_twice() -> None:
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.before = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)

    assert drain(channel, now=NOW + GRACE - dt.timedelta(seconds=1)) == 0
    assert drain(channel, now=NOW + GRACE) == 1
    assert (channel.asked_since, states()) == ([NOW], {"claimed": 2})
    assert drain(channel, now=NOW + 2 * GRACE - dt.timedelta(seconds=1)) == 0
    drain(channel, now=NOW + 2 * GRACE)

    assert channel.asked_since == [NOW, NOW]
    assert channel.copies() == BOTH
    assert batch_states() == {"reconciled": 1, "accepted": 1}


def test_a_batch_found_dead_within_the_grace_is_not_looked_up_yet() -> None:
    """The provider's log may lag behind what it took."""
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.after = dies
    with pytest.raises(DiesError):
        deliver(batch, channel, now=NOW)
    channel.after = lambda _letter: None
    age_leases()

    drain(channel, now=NOW + dt.timedelta(minutes=1))

    assert channel.asked_since == []
    assert Batch.objects.get().retry_at == NOW + GRACE


def test_a_provider_whose_log_lags_is_asked_again() -> None:
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    channel.hidden = True
    drain(channel, now=NOW + GRACE)
    channel.hidden = False

    drain(channel, now=NOW + 2 * GRACE)

    assert channel.copies() == BOTH
    assert {d.provider_id for d in Delivery.objects.all()} == {"found"}


def test_a_batch_taken_in_part_sends_only_the_rest() -> None:
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.refuse = {"reader-1@example.com": "dropped silently"}
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    channel.refuse = {}

    recover(channel)

    assert channel.copies() == BOTH
    assert states() == {"accepted": 2}


def test_a_look_up_that_fails_is_tried_again_while_the_log_goes_back_far_enough() -> None:
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    channel.before = fails(RefusedError("the key is wrong"))

    drain(channel, now=NOW + GRACE)
    assert states() == {"claimed": 2}
    drain(channel, now=NOW + 2 * GRACE)

    assert channel.copies() == BOTH
    assert states() == {"accepted": 2}


def test_an_empty_log_that_no_longer_goes_back_so_far_proves_nothing() -> None:
    """X6 for look-ups: after a long stop the events are gone, and a second mail would go out."""
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    channel.hidden = True

    for days in range(1, 5):
        drain(channel, now=NOW + days * MEMORY)

    assert channel.asked_since == []
    assert channel.copies() == BOTH
    assert states() == {"unknown": 2}


def test_an_open_batch_of_another_channel_is_left_alone() -> None:
    """The provider was changed in mid-send: what one began, the other must not touch."""
    channel = ListChannel()
    start(channel)
    age_leases()
    other = ListChannel()
    other.name = "other"

    assert take_over(other, owner="heir", now=LATER) is None


@pytest.mark.parametrize("refused", [True, False])
def test_a_batch_an_older_channel_never_submitted_goes_out_by_the_new_one(refused: bool) -> None:
    """PAINS 64: the provider is changed in mid-series; nobody is stranded."""
    old, new = ListChannel(), ListChannel()
    new.name = "new"
    batch = start(old)
    if refused:
        old.before = fails(RefusedError("the account is closed"))
        deliver(batch, old, now=NOW)
    age_leases()

    drain(new, now=NOW)

    assert (old.taken, new.copies()) == ([], BOTH)
    assert batch_states() == {"dissolved": 1, "accepted": 1}


def test_what_an_older_channel_may_have_sent_is_unknown_after_a_day() -> None:
    old, new = ListChannel(), ListChannel()
    new.name = "new"
    batch = start(old)
    old.after = fails(UnsureError("no answer in time"))
    deliver(batch, old, now=NOW)

    drain(new, now=NOW + ORPHANED)
    assert states() == {"claimed": 2}
    drain(new, now=NOW + ORPHANED + dt.timedelta(seconds=1))

    assert new.taken == []
    assert states() == {"unknown": 2}


def test_an_orphan_that_another_sender_took_is_left_to_it() -> None:
    old, new = ListChannel(), ListChannel()
    new.name = "new"
    start(old)
    age_leases()
    orphan = take_over_orphan(new, owner="one", now=LATER)
    assert orphan is not None
    age_leases()
    take_over_orphan(new, owner="two", now=LATER)

    end_orphan(orphan, now=LATER)

    assert batch_states() == {"claimed": 1}
    assert states() == {"claimed": 2}


def test_a_batch_taken_between_the_look_and_the_grasp_is_passed_over() -> None:
    """A lost race means "go on": the heir that comes second gets the next batch."""
    channel = ListChannel(batch_size=1)
    factories.queued_issue(2)
    for _ in range(2):
        claim(channel, owner="dead", now=NOW)
    age_leases()
    first = Batch.objects.order_by("pk").first()
    assert first is not None
    rival = race_for(first)

    taken = take_over(channel, owner="heir", now=LATER)

    assert rival == [first.pk]
    assert taken is not None
    assert taken.pk != first.pk


def race_for(batch: Batch) -> list[int]:
    """Let a rival take the batch just before the next UPDATE of this connection runs."""
    won: list[int] = []

    def rival(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and not won:
            won.append(batch.pk)
            Batch.objects.filter(pk=batch.pk).update(epoch=99)
        return execute(sql, *rest)

    connection.execute_wrappers.append(rival)
    return won


def test_a_living_senders_batch_is_not_taken_over() -> None:
    """Q6."""
    channel = ListChannel()
    start(channel)

    assert take_over(channel, owner="heir", now=LATER) is None


def test_two_heirs_do_not_get_the_same_batch() -> None:
    channel = ListChannel()
    start(channel)
    age_leases()

    first = take_over(channel, owner="one", now=LATER)
    second = take_over(channel, owner="two", now=LATER)

    assert first is not None
    assert (first.owner, first.epoch, second) == ("one", 2, None)


def test_an_heir_that_lost_the_batch_itself_changes_nothing() -> None:
    channel = ListChannel(Safety.LOOK_UP)
    batch = start(channel)
    channel.after = fails(UnsureError("no answer in time"))
    deliver(batch, channel, now=NOW)
    age_leases()
    heir = take_over(channel, owner="one", now=LATER)
    assert heir is not None
    age_leases()
    take_over(channel, owner="two", now=LATER)

    resume(heir, channel, now=LATER)

    assert Batch.objects.get().owner == "two"
    assert states() == {"claimed": 2}
