"""Rows for tests: small, valid, free of surprises. All addresses are under example.com."""

import datetime as dt
import hashlib
from dataclasses import asdict

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Notice, Subscriber, Subscription
from pipeline.audience.notices import post
from pipeline.campaigns.approval import approve, content_hash
from pipeline.campaigns.models import Campaign, ConfigurationRevision, Issue
from pipeline.campaigns.parts import store
from pipeline.outbox.models import Delivery
from pipeline.values import About
from tests.home import CHECKOUT

NOW = dt.datetime(2026, 3, 3, 15, 0, tzinfo=dt.UTC)

HTML = '<p>Warmth helps. <a href="@@unsubscribe_url@@">Unsubscribe</a></p>\n'
TEXT = "Warmth helps.\n\nUnsubscribe: @@unsubscribe_url@@\n"
ENVELOPE = {
    "from_name": "Harbour Street Acupuncture",
    "from_address": "letter@harbour-street.example.com",
    "reply_to": "hello@harbour-street.example.com",
    "list_id": "weekly.harbour-street.example.com",
    "list_name": "The Harbour Letter",
}


def campaign(article: str = "why-warmth-helps", *, newsletter: str = "weekly") -> Campaign:
    """An active campaign; asked for twice, the same one."""
    return Campaign.objects.get_or_create(
        article=article,
        newsletter=newsletter,
        defaults={"title": "Why Warmth Helps", "made_from": "0" * 64, "created_at": NOW},
    )[0]


def issue(
    *,
    part: int = 1,
    of: int = 2,
    article: str = "why-warmth-helps",
    newsletter: str = "weekly",
    subject: str = "Why Warmth Helps: 1. Vessels",
    preheader: str = "",
    html: str = HTML,
    text: str = TEXT,
    state: Issue.State = Issue.State.SENDING,
    approved: bool = True,
    approver: str = "Mara Ellison",
    about: About | None = None,
    now: dt.datetime = NOW,
) -> Issue:
    """An issue of two, released at ``now`` unless it is still scheduled."""
    content = {"subject": subject, "html": html, "text": text}
    made = Issue.objects.create(
        campaign=campaign(article, newsletter=newsletter),
        newsletter=newsletter,
        part=part,
        of=of,
        folder=f"{now:%Y-%m-%d}-why-warmth-helps-part-{part}",
        subject=subject,
        preheader=preheader,
        html_id=store(html.encode()),
        text_id=store(text.encode()),
        envelope=ENVELOPE,
        about=asdict(about) if about else {},
        content_hash=content_hash(content),
        slot=f"{now:%Y-%m-%dT%H:%M}",
        time_zone="UTC",
        state=state,
        released_at=None if state == Issue.State.SCHEDULED else now,
    )
    if approved:
        approve(issue=made, content_hash=made.content_hash, approver=approver, now=now)
    return made


def subscriber(
    address: str = "ana@example.com",
    *,
    name: str = "Ana",
    newsletter: str = "weekly",
    state: Subscription.State = Subscription.State.ACTIVE,
) -> Subscriber:
    """A subscriber with one subscription, confirmed unless said otherwise."""
    address = normalise_address(address)
    made = Subscriber.objects.create(
        address=address, address_hash=address_hash(address), name=name, created_at=NOW
    )
    Subscription.objects.create(subscriber=made, newsletter=newsletter, state=state, changed_at=NOW)
    return made


def delivery(
    issue: Issue,
    subscriber: Subscriber,
    *,
    state: Delivery.State = Delivery.State.PENDING,
    now: dt.datetime = NOW,
) -> Delivery:
    """The delivery of an issue to a subscriber, due at ``now``."""
    return Delivery.objects.create(
        issue=issue, subscriber=subscriber, state=state, due_at=now, changed_at=now
    )


def queued_issue(readers: int, *, now: dt.datetime = NOW) -> Issue:
    """An approved issue with a pending delivery for each of so many readers."""
    made = issue(now=now)
    for number in range(readers):
        delivery(made, subscriber(f"reader-{number}@example.com", name=f"Reader {number}"), now=now)
    return made


def configured(*, old: str = "", new: str = "") -> None:
    """The example's clinic.toml in force, with one text replaced."""
    content = (CHECKOUT / "content" / "clinic.toml").read_text("utf-8")
    assert old in content
    changed = content.replace(old, new, 1).encode()
    ConfigurationRevision.objects.create(
        sha256=hashlib.sha256(changed).hexdigest(), content=changed, created_at=NOW
    )


def notice(
    address: str = "ana@example.com",
    *,
    kind: Notice.Kind = Notice.Kind.CONFIRM,
    name: str = "Ana",
    newsletter: str = "weekly",
    language: str = "en",
    useful_until: dt.datetime | None = None,
) -> Notice:
    """A notice that waits: a confirmation for somebody new, or for somebody who is on the list."""
    known = kind == Notice.Kind.KNOWN
    state = Subscription.State.ACTIVE if known else Subscription.State.PENDING
    reader = subscriber(address, name=name, newsletter=newsletter, state=state)
    post(
        kind=kind,
        subscriber=reader,
        newsletter=newsletter,
        cause="asked once",
        language=language,
        values={"token": f"token-of-{reader.pk}"},
        useful_until=useful_until,
        now=NOW,
    )
    return Notice.objects.get(subscriber=reader)
