"""Weeks of a newsletter that goes out on Tuesdays at 10:00 in New York, and its people."""

import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

from pipeline.audience.models import Subscriber, Subscription
from pipeline.campaigns.calendar import instant
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.welcome import begin
from pipeline.outbox.enrol import enrol
from pipeline.outbox.languages import settle_languages
from pipeline.outbox.models import Delivery
from pipeline.outbox.release import finish, release
from pipeline.outbox.upkeep import LEFT_LATELY, bring_forward, settle_leavers
from tests import factories
from tests.outbox.channels import ListChannel
from tests.outbox.steps import drain

NEW_YORK = "America/New_York"
_ANCHOR = 'archive = "public"'


def clinic(*settings: str) -> None:
    """The example's clinic.toml in force, with more settings for its newsletter."""
    factories.configured(old=_ANCHOR, new="\n".join([_ANCHOR, *settings]))


def at(wall_time: str, zone: str = NEW_YORK) -> dt.datetime:
    """The instant of a wall time: ``2026-03-03T10:00``."""
    return instant(dt.datetime.fromisoformat(wall_time), zone)


def series(
    *slots: str,
    article: str = "why-warmth-helps",
    kind: Campaign.Kind = Campaign.Kind.SERIES,
) -> list[Issue]:
    """The approved parts of a series, one for each slot."""
    parts = [
        factories.issue(
            part=part,
            of=len(slots),
            article=article,
            subject=f"{article} {part}",
            state=Issue.State.SCHEDULED,
        )
        for part, _ in enumerate(slots, 1)
    ]
    for part, slot in zip(parts, slots, strict=True):
        part.slot, part.time_zone = slot, NEW_YORK
        part.save()
    Campaign.objects.filter(article=article).update(kind=kind)
    return parts


def person(
    name: str,
    *,
    zone: str = "",
    joined: dt.datetime | None = None,
    paused_until: dt.datetime | None = None,
) -> Subscriber:
    """Somebody who gets the newsletter: ``name@example.com``."""
    made = factories.subscriber(f"{name}@example.com", name=name.capitalize())
    Subscriber.objects.filter(pk=made.pk).update(time_zone=zone)
    made.subscriptions.update(joined_at=joined, paused_until=paused_until)
    return made


def tie(person: Subscriber) -> Subscription:
    """A person's subscription."""
    return person.subscriptions.get()


def one_pass(now: dt.datetime, channel: ListChannel | None = None) -> ListChannel:
    """A scheduler's pass, and senders until nothing is left to do."""
    channel = channel or ListChannel(batch_size=100)
    begin(now=now)
    release(now=now)
    enrol(now=now)
    settle_leavers(since=LEFT_LATELY, now=now)
    bring_forward(now=now)
    settle_languages(now=now)
    drain(channel, now=now)
    finish()
    return channel


def every_hour(first: str, last: str, channel: ListChannel | None = None) -> ListChannel:
    """Passes from one wall time to another in New York, one an hour."""
    channel, now = channel or ListChannel(batch_size=100), at(first)
    while now <= at(last):
        one_pass(now, channel)
        now += dt.timedelta(hours=1)
    return channel


def got(person: Subscriber) -> list[tuple[str, str]]:
    """What a person was sent, with its hour in New York, in order."""
    sent = Delivery.objects.filter(subscriber=person, sent_at__isnull=False).order_by("sent_at")
    return [
        (told(delivery.sent_at), delivery.issue.subject)
        for delivery in sent.select_related("issue")
    ]


def told(moment: dt.datetime | None, zone: str = NEW_YORK) -> str:
    """An instant as wall time."""
    assert moment is not None
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def waiting(person: Subscriber) -> dict[str, tuple[str, str]]:
    """What waits for a person: when, and why it was put off, by its subject."""
    pending = Delivery.objects.filter(subscriber=person, state=Delivery.State.PENDING)
    return {
        delivery.issue.subject: (told(delivery.due_at), delivery.reason)
        for delivery in pending.select_related("issue")
    }


def weeks_of_everybody() -> dict[int, list[dt.datetime]]:
    """When each person was sent an issue of the newsletter, in order."""
    sent: dict[int, list[dt.datetime]] = defaultdict(list)
    for delivery in Delivery.objects.filter(sent_at__isnull=False).order_by("sent_at"):
        assert delivery.sent_at is not None
        sent[delivery.subscriber_id].append(delivery.sent_at)
    return sent
