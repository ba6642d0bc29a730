"""A person confirms: the one act by which anybody comes onto a list, or back onto it (L6, D34)."""

import hashlib
from datetime import datetime
from enum import Enum, auto

from django.db import transaction

from pipeline.audience.asking import OPEN
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    JoinRequest,
    Rejoin,
    Subscriber,
    Subscription,
)
from pipeline.audience.suppression import is_suppressed, readmit, standing
from pipeline.audience.tokens import ConfirmLink


class Standing(Enum):
    """What a link is good for.

    Attributes:
        ASKS: It may be used.
        JOINED: It was, or need not be: the person is on the list.
        ENDED: It is too old, was used before the person left, or its person is gone.
    """

    ASKS = auto()
    JOINED = auto()
    ENDED = auto()


def look(link: ConfirmLink, *, now: datetime) -> Standing:
    """What the link of a confirmation is good for now. Changes nothing (promise 8)."""
    person = Subscriber.objects.filter(pk=link.subscriber).first()
    request = JoinRequest.objects.filter(pk=link.request).first()
    if person is None or not person.address:
        return Standing.ENDED
    if request is not None and _is_open(request, person, link, now=now):
        return Standing.ASKS
    return Standing.JOINED if _is_on_list(person, link.newsletter) else Standing.ENDED


def language_of(link: ConfirmLink) -> str:
    """The language of a person, or of the form by which somebody asked for them; or ""."""
    person = Subscriber.objects.filter(pk=link.subscriber).first()
    if person is not None and person.language:
        return person.language
    request = JoinRequest.objects.filter(pk=link.request).first()
    return str(request.details.get("language", "")) if request else ""


@transaction.atomic
def confirm(link: ConfirmLink, *, network: str, now: datetime) -> Standing:
    """Use the link of a confirmation: the person is on the list from now on.

    A link is used once. What came after the request wins: whoever left, complained or was erased
    since is not brought back by an old mail. Who complained before is told the same as all others,
    and stays off the list (D28).

    Args:
        link: What it was made for.
        network: The truncated network the person confirms from, or "".
        now: The time.
    """
    # Locked, so that an erasure or a second click comes wholly before or wholly after.
    person = Subscriber.objects.select_for_update().filter(pk=link.subscriber).first()
    request = JoinRequest.objects.select_for_update().filter(pk=link.request).first()
    if person is None or request is None or not _is_open(request, person, link, now=now):
        return look(link, now=now)
    newsletter = link.newsletter
    if readmit(subscriber=person, newsletter=newsletter, how=Rejoin.How.CONFIRMED, now=now):
        _consent(request, person, network=network, now=now)
        _take_details(request, person)
        _activate(person, newsletter, now=now)
    request.confirmed_at = now
    request.wording, request.details = "", {}
    request.save()
    return Standing.JOINED


def _is_open(request: JoinRequest, person: Subscriber, link: ConfirmLink, *, now: datetime) -> bool:
    """Whether a link may still be used."""
    bound = (request.address_hash, request.newsletter) == (person.address_hash, link.newsletter)
    # What is used, has ended or was left behind has no wording any more.
    fresh = bool(request.wording) and request.created_at > now - OPEN
    if not (bound and fresh and person.address):
        return False
    # Ends it even where the request came back with an older backup, and the suppression after it.
    later = standing(link.newsletter).filter(created_at__gt=request.created_at)
    return not later.filter(address_hash=person.address_hash).exists()


def _is_on_list(person: Subscriber, newsletter: str) -> bool:
    mine = person.subscriptions.filter(newsletter=newsletter, state=Subscription.State.ACTIVE)
    return mine.exists() and not is_suppressed(person.address_hash, newsletter)


def _consent(request: JoinRequest, person: Subscriber, *, network: str, now: datetime) -> None:
    consent = Consent.objects.create(
        subscriber_id=person.pk,
        address_hash=person.address_hash,
        newsletter=request.newsletter,
        basis=Consent.Basis.EXPRESS,
        wording=request.wording,
        wording_sha256=hashlib.sha256(request.wording.encode()).hexdigest(),
        form=request.form,
        source="form",
        actor="subscriber",
        asked_at=request.created_at,
        created_at=now,
    )
    if network:
        ConsentOrigin.objects.create(
            consent_id=consent.pk, subscriber_id=person.pk, network=network, created_at=now
        )


def _take_details(request: JoinRequest, person: Subscriber) -> None:
    """Keep what was typed with the request.

    A stranger may have typed it, so of somebody who gets another letter it only fills what is
    empty.
    """
    typed = {name: text for name, text in request.details.items() if text}
    fields = typed.pop("fields", {})
    others = person.subscriptions.filter(state=Subscription.State.ACTIVE)
    known = others.exists()
    for name, text in typed.items():
        if not (known and getattr(person, name)):
            setattr(person, name, text)
    person.fields = {**fields, **person.fields} if known else {**person.fields, **fields}
    person.erased_at = None
    person.save()


def _activate(person: Subscriber, newsletter: str, *, now: datetime) -> None:
    """Put the person onto the list; one who is on it already keeps what they chose there."""
    tie, _ = Subscription.objects.get_or_create(
        subscriber=person,
        newsletter=newsletter,
        defaults={"state": Subscription.State.PENDING, "changed_at": now},
    )
    if tie.state != Subscription.State.ACTIVE:
        tie.state, tie.joined_at = Subscription.State.ACTIVE, now
        tie.frequency, tie.paused_until = Subscription.Frequency.EVERY, None
    tie.until, tie.changed_at = None, now
    tie.save()
