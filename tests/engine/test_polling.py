"""Webhooks that are down are made up for by asking: no complaint is lost (X13)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from pipeline.audience.models import Suppression
from pipeline.channels.mailgun import MailgunChannel
from pipeline.engine import polling
from pipeline.engine.passes import tick
from pipeline.engine.polling import UNDER_WAY, poll
from pipeline.errors import SendError
from pipeline.events.feed import SILENCE, hear
from pipeline.events.models import Event, EventFeed
from pipeline.outbox.letter import Safety
from pipeline.outbox.models import Batch, Delivery
from tests import factories
from tests.channels.api_server import Fault
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer
from tests.factories import NOW
from tests.home import Home
from tests.outbox.channels import ListChannel
from tests.outbox.steps import drain, states
from tests.web.hooks.providers import SETTINGS
from tests.web.hooks.providers import mailgun as call

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def mailgun() -> Iterator[MailgunServer]:
    """A Mailgun whose clock the tests set."""
    server = MailgunServer()
    server.clock = NOW.timestamp
    yield server
    server.close()


@pytest.fixture
def channel(mailgun: MailgunServer) -> Iterator[MailgunChannel]:
    """A channel to it."""
    made = MailgunChannel(
        api_key=KEY, domain=DOMAIN, api_url=mailgun.url, timeout=dt.timedelta(seconds=2)
    )
    yield made
    made.close()


def send(channel: MailgunChannel, readers: int = 5) -> None:
    """An issue goes out to so many."""
    factories.queued_issue(readers)
    drain(channel, now=NOW)
    assert states() == {"accepted": readers}


def become(mailgun: MailgunServer, kind: str, number: int, *, at: dt.datetime, **more: Any) -> Any:
    """Something becomes of one reader's letter at a time."""
    mailgun.clock = at.timestamp
    return mailgun.report(kind, mailgun.stored[number], **more)


def asked(mailgun: MailgunServer) -> int:
    """How often it was asked for a first page."""
    return sum("/events?" in each for each in mailgun.calls)


def test_webhooks_down_for_an_hour_lose_no_complaint_x13(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    send(channel)
    gone = {"severity": "permanent", "reason": "bounce"}
    become(mailgun, "delivered", 0, at=NOW + 5 * MINUTE)
    become(mailgun, "complained", 0, at=NOW + 20 * MINUTE)
    become(mailgun, "failed", 1, at=NOW + 30 * MINUTE, **gone)
    become(mailgun, "unsubscribed", 2, at=NOW + 40 * MINUTE)
    become(mailgun, "opened", 3, at=NOW + 50 * MINUTE)
    assert poll(channel, now=NOW + HOUR) == []
    assert states() == {"complained": 1, "bounced": 1, "accepted": 3}
    reasons = Suppression.objects.order_by("reason").values_list("reason", flat=True)
    assert list(reasons) == ["bounced", "complained", "unsubscribed"]
    assert not Event.objects.filter(kind="opened").exists()


def test_what_is_told_both_ways_is_taken_once_x13(
    channel: MailgunChannel, mailgun: MailgunServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The webhook and the log have the same id for an event."""
    monkeypatch.setattr(settings, "ANYMAIL", dict(SETTINGS))
    now = dt.datetime.now(dt.UTC)
    send(channel)
    told = become(mailgun, "complained", 0, at=now)
    assert call(told).go().status_code == 200
    assert (states(), Event.objects.count()) == ({"complained": 1, "accepted": 4}, 1)
    Batch.objects.update(created_at=now)
    EventFeed.objects.update(heard_at=now - HOUR)
    assert poll(channel, now=now + MINUTE) == []
    assert asked(mailgun) == 1
    kinds = sorted(Event.objects.values_list("kind", flat=True))
    assert kinds == ["complained"]


def test_a_webhook_that_came_lately_is_enough(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    send(channel)
    hear("mailgun", now=NOW)
    poll(channel, now=NOW + SILENCE)
    assert asked(mailgun) == 0
    poll(channel, now=NOW + SILENCE + MINUTE)
    assert asked(mailgun) == 1


def test_webhooks_that_come_again_after_a_silence_are_made_up_for(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    """The first that comes again ends the silence, not the gap."""
    send(channel)
    hear("mailgun", now=NOW)
    become(mailgun, "complained", 0, at=NOW + 20 * MINUTE)
    hear("mailgun", now=NOW + HOUR)
    assert EventFeed.objects.get().missed_since == NOW
    poll(channel, now=NOW + HOUR + MINUTE)
    assert states() == {"complained": 1, "accepted": 4}
    assert EventFeed.objects.get().missed_since is None
    poll(channel, now=NOW + HOUR + 2 * MINUTE)
    assert asked(mailgun) == 1


def test_a_provider_is_asked_every_ten_minutes_for_what_is_new_with_an_overlap(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    send(channel)
    for minutes in range(31):
        poll(channel, now=NOW + minutes * MINUTE)
    assert asked(mailgun) == 4
    assert EventFeed.objects.get().cursor == NOW + 30 * MINUTE - channel.lag


def test_an_event_that_reaches_the_log_late_is_found_the_next_time(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    send(channel)
    poll(channel, now=NOW + 30 * MINUTE)
    become(mailgun, "complained", 0, at=NOW + 5 * MINUTE)
    poll(channel, now=NOW + 40 * MINUTE)
    assert states() == {"complained": 1, "accepted": 4}


def test_where_nothing_is_under_way_nobody_is_asked(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    poll(channel, now=NOW)
    send(channel)
    poll(channel, now=NOW + UNDER_WAY + MINUTE)
    assert asked(mailgun) == 0


def test_a_channel_that_cannot_be_asked_is_not(channel: MailgunChannel) -> None:
    assert poll(ListChannel(Safety.KEYED), now=NOW) == []
    assert not EventFeed.objects.exists()


def test_many_events_are_taken_in_over_several_passes_each_once(
    channel: MailgunChannel, mailgun: MailgunServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MOST", 6)
    monkeypatch.setattr(polling, "CHUNK", 3)
    mailgun.page_size = 2
    send(channel)
    for number in range(5):
        for minutes, kind in enumerate(("delivered", "complained")):
            become(mailgun, kind, number, at=NOW + (10 * number + minutes) * MINUTE)
    passes = 0
    while states() != {"complained": 5}:
        poll(channel, now=NOW + HOUR + passes * dt.timedelta(seconds=10))
        passes += 1
        assert passes < 5
    assert passes > 1
    assert Event.objects.count() == 15


def test_more_events_in_one_second_than_a_pass_takes_are_taken_all_the_same(
    channel: MailgunChannel, mailgun: MailgunServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MOST", 2)
    monkeypatch.setattr(polling, "CHUNK", 2)
    send(channel)
    EventFeed.objects.create(provider="mailgun", cursor=NOW + MINUTE)
    for number in range(5):
        become(mailgun, "delivered", number, at=NOW + MINUTE)
    poll(channel, now=NOW + HOUR)
    assert states() == {"delivered": 5}


def test_a_provider_that_does_not_answer_is_told_and_asked_again(
    channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    send(channel)
    become(mailgun, "complained", 0, at=NOW + MINUTE)
    mailgun.misbehave(Fault(status=503))
    errors = poll(channel, now=NOW + HOUR)
    assert [type(error).__mro__[1] for error in errors] == [SendError]
    poll(channel, now=NOW + HOUR + MINUTE)
    assert asked(mailgun) == 1
    assert poll(channel, now=NOW + HOUR + SILENCE) == []
    assert states() == {"complained": 1, "accepted": 4}


def test_a_page_that_fails_half_way_loses_nothing(
    channel: MailgunChannel, mailgun: MailgunServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "CHUNK", 2)
    mailgun.page_size = 2
    send(channel)
    for number in range(5):
        become(mailgun, "complained", number, at=NOW + (number + 1) * MINUTE)
    mailgun.misbehave(*[Fault(status=200, body=b"<html>")])
    assert poll(channel, now=NOW + HOUR)
    assert poll(channel, now=NOW + 2 * HOUR) == []
    assert states() == {"complained": 5}


@pytest.mark.parametrize("strange", [7, {}, {"event": "failed", "delivery-status": "text"}])
def test_what_cannot_be_read_is_kept_and_the_rest_taken_x12(
    channel: MailgunChannel, mailgun: MailgunServer, strange: Any
) -> None:
    send(channel)
    mailgun.reported.append(strange)
    become(mailgun, "complained", 0, at=NOW + MINUTE)
    assert poll(channel, now=NOW + HOUR) == []
    assert states() == {"complained": 1, "accepted": 4}
    assert Event.objects.filter(state="poison").count() == 1


def test_another_scheduler_that_asks_just_now_is_left_to_it(
    channel: MailgunChannel, mailgun: MailgunServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A race, step by step: the other begins after we have looked."""

    def meanwhile(*_: object, **__: object) -> bool:
        return bool(EventFeed.objects.update(asked_at=NOW + HOUR))

    send(channel)
    monkeypatch.setattr(polling, "_is_under_way", meanwhile)
    assert poll(channel, now=NOW + HOUR) == []
    assert asked(mailgun) == 0


def test_a_pass_asks_and_a_copy_that_is_stopped_does_not(
    home: Home, channel: MailgunChannel, mailgun: MailgunServer
) -> None:
    send(channel)
    become(mailgun, "complained", 0, at=NOW + MINUTE)
    done = tick(now=NOW + HOUR, actor="Mara Ellison", channel=channel)
    assert [str(error) for error in done.errors] == []
    assert Delivery.objects.filter(state="complained").count() == 1


def test_a_pass_looks_at_orphans_again_and_purges(home: Home) -> None:
    Event.objects.create(
        key="k",
        provider="mailgun",
        kind="delivered",
        happened_at=NOW,
        received_at=NOW,
        state="orphan",
        retry_at=NOW,
    )
    tick(now=NOW + MINUTE, actor="Mara Ellison")
    assert Event.objects.get().tries == 1
    tick(now=NOW + dt.timedelta(days=31), actor="Mara Ellison")
    assert not Event.objects.exists()
