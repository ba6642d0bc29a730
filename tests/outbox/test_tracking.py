"""Tracking is the provider's, and only for letters of people who agreed to it (P1, P2)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.audience.models import Subscription
from pipeline.channels.mailgun import MailgunChannel
from pipeline.events.models import Event
from pipeline.events.take import take
from pipeline.outbox.claim import claim
from pipeline.outbox.deliver import deliver
from pipeline.outbox.frozen import letter_of
from pipeline.outbox.letter import Safety
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.reconcile import resume, take_over
from tests import factories
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer
from tests.events.words import MINUTE, noticed, sent, told
from tests.factories import NOW
from tests.outbox.channels import ListChannel, fails
from tests.outbox.steps import age_leases, drain, states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + 10 * MINUTE
READERS = 6


def agree(*numbers: int, agrees: bool = True) -> None:
    """These readers agree to be measured, or do not any more."""
    addresses = [f"reader-{number}@example.com" for number in numbers]
    theirs = Subscription.objects.filter(subscriber__address__in=addresses)
    assert theirs.update(tracking=agrees) == len(numbers)


@pytest.fixture
def mailgun() -> Iterator[MailgunServer]:
    server = MailgunServer()
    yield server
    server.close()


@pytest.fixture
def channel(mailgun: MailgunServer) -> Iterator[MailgunChannel]:
    made = MailgunChannel(
        api_key=KEY, domain=DOMAIN, api_url=mailgun.url, timeout=dt.timedelta(seconds=2)
    )
    yield made
    made.close()


# --- Sending --------------------------------------------------------------------------------------


def test_who_agreed_and_who_did_not_share_no_call_p2(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    factories.queued_issue(READERS)
    agree(1, 4)
    drain(channel, now=NOW)
    switched = {message.recipient: message.options for message in mailgun.stored}
    assert len(switched) == len(mailgun.stored) == READERS
    for number in range(READERS):
        word = "yes" if number in {1, 4} else "no"
        names = ("o:tracking", "o:tracking-clicks", "o:tracking-opens")
        assert switched[f"reader-{number}@example.com"] == dict.fromkeys(names, word)
    assert (mailgun.posts(), states()) == (2, {"accepted": READERS})


@pytest.mark.parametrize("first", [0, 5])
def test_everybody_gets_the_letter_whoever_comes_first_p2(first: int) -> None:
    factories.queued_issue(READERS)
    agree(first, 3)
    channel = ListChannel(Safety.KEYED, batch_size=2)
    drain(channel, now=NOW)
    assert set(channel.copies().values()) == {1}
    assert len(channel.copies()) == READERS
    tracked = {r.address for made in channel.keys.values() if made.tracked for r in made.recipients}
    assert tracked == {f"reader-{first}@example.com", "reader-3@example.com"}


def test_a_consent_to_one_newsletter_is_none_to_another_p2() -> None:
    factories.queued_issue(1)
    person = Subscription.objects.get().subscriber
    Subscription.objects.create(
        subscriber=person, newsletter="monthly", state="active", changed_at=NOW, tracking=True
    )
    batch = claim(ListChannel(Safety.KEYED), owner="a", now=NOW)
    assert batch is not None
    assert not letter_of(batch).tracked


def test_who_withdraws_between_claim_and_call_gets_the_letter_without_p2() -> None:
    factories.queued_issue(2)
    agree(0, 1)
    channel = ListChannel(Safety.KEYED)
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    assert letter_of(batch).tracked
    agree(0, agrees=False)
    deliver(batch, channel, now=NOW)
    assert (channel.taken, states()) == ([], {"pending": 2})
    drain(channel, now=NOW)
    assert sorted(made.tracked for made in channel.keys.values()) == [False, True]
    assert set(channel.copies().values()) == {1}


def test_what_may_have_gone_out_is_the_same_the_second_time_i1() -> None:
    """A consent withdrawn meanwhile changes no byte of a call whose answer was lost."""
    factories.queued_issue(2)
    agree(0, 1)
    channel = ListChannel(Safety.KEYED)
    channel.after = fails(RuntimeError("killed"))
    batch = claim(channel, owner="a", now=NOW)
    assert batch is not None
    with pytest.raises(RuntimeError):
        deliver(batch, channel, now=NOW)
    agree(0, agrees=False)
    age_leases()
    again = take_over(channel, owner="b", now=LATER)
    assert again is not None
    resume(again, channel, now=LATER)
    assert (states(), set(channel.copies().values())) == ({"accepted": 2}, {1})


def test_a_batch_of_an_older_meridian_is_not_tracked() -> None:
    factories.queued_issue(1)
    batch = claim(ListChannel(Safety.KEYED), owner="a", now=NOW)
    assert batch is not None
    assert batch.frozen is not None
    del batch.frozen["tracked"]
    assert not letter_of(batch).tracked


# --- What is told ---------------------------------------------------------------------------------


def tell(*kinds: str, **more: Any) -> int:
    return take([told(kind, **more) for kind in kinds], now=LATER)


def traces() -> tuple[object, ...]:
    """All that an open or a click could leave."""
    letter, tie = Delivery.objects.get(), Subscription.objects.get()
    return letter.state, letter.clicked_at, tie.engaged_at, Event.objects.count()


@pytest.mark.parametrize("kind", ["opened", "clicked"])
def test_who_did_not_agree_leaves_no_trace_p2(kind: str) -> None:
    sent()
    assert tell(kind) == 0
    assert traces() == ("accepted", None, None, 0)


@pytest.mark.parametrize("kind", ["opened", "clicked"])
def test_who_withdrew_leaves_no_trace_of_mail_sent_before_p2(kind: str) -> None:
    sent()
    Subscription.objects.update(tracking=True)
    Subscription.objects.update(tracking=False)
    assert tell(kind) == 0
    assert traces() == ("accepted", None, None, 0)


def test_who_left_leaves_no_trace_p2() -> None:
    sent()
    Subscription.objects.update(tracking=True, state=Subscription.State.LEFT)
    assert tell("clicked") == 0
    assert traces() == ("accepted", None, None, 0)


@pytest.mark.parametrize("other", [{"address": "ben@example.com"}, {"provider_id": "<x@mg>"}])
def test_of_a_letter_that_is_not_known_nothing_is_kept_p2(other: dict[str, str]) -> None:
    sent()
    Subscription.objects.update(tracking=True)
    assert tell("clicked", **other) == 0
    assert traces() == ("accepted", None, None, 0)


def test_who_agreed_is_counted_once_in_any_order_p2() -> None:
    """An open and a click leave times, and no row; the first click counts, and the last visit."""
    sent()
    Subscription.objects.update(tracking=True)
    for minutes in (5, 3, 9, 5):
        assert tell("clicked", minutes=minutes) == 1
    tell("opened", minutes=8)
    wanted = ("delivered", NOW + 3 * MINUTE, NOW + 9 * MINUTE, 0)
    assert traces() == wanted


def test_a_click_of_a_time_to_come_is_one_of_now() -> None:
    sent()
    Subscription.objects.update(tracking=True)
    tell("clicked", minutes=500)
    assert traces() == ("delivered", LATER, LATER, 0)


def test_a_notice_is_never_measured_p2() -> None:
    noticed()
    Subscription.objects.update(tracking=True, state="active")
    assert tell("opened", "clicked", provider_id="<n@mg.example.com>") == 0
    assert Subscription.objects.get().engaged_at is None
    assert Batch.objects.count() == 1
