"""Somebody asks to join by a form. That puts nobody onto a list: a mail asks whether they want it.

What comes from a form may come from anybody, so it changes nothing of a person we know; and from
outside, every address looks the same (S18).
"""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from django.db import transaction

from pipeline.audience import limits
from pipeline.audience.keys import address_hash, origin_hash
from pipeline.audience.models import JoinRequest, Notice, Subscriber, Subscription
from pipeline.audience.notices import post
from pipeline.audience.suppression import FOR_EVER, is_suppressed, standing
from pipeline.audience.tokens import confirm_token

log = logging.getLogger(__name__)

# How long the link in the mail works, and how long what was asked for waits for it (L6, S19).
OPEN = dt.timedelta(days=7)


class Answer(Enum):
    """What a form is told: the same for every address."""

    TAKEN = auto()
    NETWORK_IS_FULL = auto()
    NEWSLETTER_RESTS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody sent with a form.

    Attributes:
        address: Normalised.
        newsletter: The key of one that may be joined by a form.
        wording: What the form said they agree to, word for word.
        language: That of the form; the mails to them are in it.
        name: As typed, checked.
        fields: Values of the newsletter's fields, checked.
        form: The address of the form, or "".
    """

    address: str
    newsletter: str
    wording: str
    language: str
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    form: str = ""


@transaction.atomic
def ask(wish: Wish, *, network: str, timed: bool, joins_per_hour: int, now: dt.datetime) -> Answer:
    """Have the person asked whether they want the newsletter, unless a limit is reached (S16).

    Who is on the list is told so instead. Who once complained is never written to. An address that
    had its mail of the day gets none. From outside the three look like all others.

    Args:
        wish: What the form brought.
        network: The truncated network it came from: "198.51.100.0/24".
        timed: Whether the form tells when it was opened.
        joins_per_hour: How many may be asked to confirm this newsletter in an hour.
        now: The time.
    """
    limits.one_at_a_time()
    origin, key = origin_hash(network), address_hash(wish.address)
    # What does not depend on the address comes first: it may be told.
    if limits.network_is_full(origin, timed=timed, now=now):
        return Answer.NETWORK_IS_FULL
    mailed_before = limits.mailed_this_hour(wish.newsletter, now=now)
    if mailed_before >= joins_per_hour:
        return Answer.NEWSLETTER_RESTS
    mailed = limits.may_be_mailed(key, now=now)
    request = JoinRequest.objects.create(
        address_hash=key,
        origin_hash=origin,
        newsletter=wish.newsletter,
        mailed=mailed,
        created_at=now,
    )
    written_to = mailed and not _complained(key, wish.newsletter)
    with transaction.atomic():
        _write_to(wish, request, now=now)
        # The same work is done for everybody, and taken back where no mail may go out: else the
        # time of the answer would tell them apart (benchmarks/joining.md).
        transaction.set_rollback(not written_to)
    if mailed:
        _alarm(wish.newsletter, mailed=mailed_before + 1, most=joins_per_hour)
    return Answer.TAKEN


def _alarm(newsletter: str, *, mailed: int, most: int) -> None:
    """Say it once in an hour: when the last place is taken."""
    if mailed == most:
        log.warning(
            "joining %s rests: %d people were asked to confirm it within an hour, which is the"
            " most (joins_per_hour in clinic.toml). Somebody may be misusing the form.",
            newsletter,
            most,
        )


def _write_to(wish: Wish, request: JoinRequest, *, now: dt.datetime) -> None:
    person = row_of(wish.address, request.address_hash, now=now)
    if _is_reader(person, wish.newsletter):
        _post(Notice.Kind.KNOWN, wish, person, request, now=now)
        return
    request.wording, request.form = wish.wording, wish.form
    request.details = {
        "name": wish.name,
        "language": wish.language,
        "fields": dict(wish.fields),
    }
    request.save()
    _wait(person, wish.newsletter, now=now)
    _post(Notice.Kind.CONFIRM, wish, person, request, now=now)


def _complained(key: str, newsletter: str) -> bool:
    rows = standing(newsletter).filter(address_hash=key)
    return rows.filter(reason__in=FOR_EVER).exists()


def row_of(address: str, key: str, *, now: dt.datetime) -> Subscriber:
    """The row of whom a mail goes to; one that was erased is filled again, for this one mail.

    Args:
        address: Theirs, normalised.
        key: The hash that stands for it.
        now: The time.
    """
    # Locked against an erasure at the same moment.
    rows = Subscriber.objects.select_for_update()
    person, _ = rows.get_or_create(
        address_hash=key, defaults={"address": address, "created_at": now}
    )
    if not person.address:
        person.address = address
        person.save(update_fields=["address"])
    return person


def _is_reader(person: Subscriber, newsletter: str) -> bool:
    """Whether they are on the list by their own wish; what is only implied may become one (L8)."""
    mine = person.subscriptions.filter(
        newsletter=newsletter, state=Subscription.State.ACTIVE, until=None
    )
    return mine.exists() and not is_suppressed(person.address_hash, newsletter)


def _wait(person: Subscriber, newsletter: str, *, now: dt.datetime) -> None:
    """Call them pending, if they have never been on this list.

    Who left, or is on it, stays what they are until the link is used: anybody may have asked.
    """
    tie, created = Subscription.objects.get_or_create(
        subscriber=person,
        newsletter=newsletter,
        defaults={"state": Subscription.State.PENDING, "changed_at": now},
    )
    if not created and tie.state == Subscription.State.PENDING:
        tie.changed_at = now
        tie.save(update_fields=["changed_at"])


def _post(
    kind: Notice.Kind,
    wish: Wish,
    person: Subscriber,
    request: JoinRequest,
    *,
    now: dt.datetime,
) -> None:
    """Nothing that was typed goes with it, not even a name (S16)."""
    confirms = kind == Notice.Kind.CONFIRM
    token = confirm_token(person.pk, wish.newsletter, request=request.pk)
    post(
        kind=kind,
        subscriber=person,
        newsletter=wish.newsletter,
        cause=f"join request {request.pk}",
        # A stranger's form does not choose the language of somebody we know.
        language=person.language or wish.language,
        values={"token": token} if confirms else {},
        useful_until=now + OPEN,
        now=now,
    )
