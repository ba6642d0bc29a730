"""Mail to one person about one thing: written down here, sent by the outbox like all else."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)

from pipeline.audience.models import Notice, Subscriber, Subscription
from pipeline.audience.reach import Exclusion, exclusion
from pipeline.audience.suppression import complained

_LINKED = {Notice.Kind.CONFIRM, Notice.Kind.APPROVE}


class Held(TextChoices):
    """Why a notice that waits does not go out."""

    LATE = "late", "would come too late to be of use"
    ERASED = "erased", "the person was forgotten"
    COMPLAINED = "complained", "the person called a mail spam"
    LEFT = "left", "the person is not on the list any more"


def post(
    *,
    kind: Notice.Kind,
    subscriber: Subscriber,
    newsletter: str,
    cause: str,
    language: str,
    now: datetime,
    values: Mapping[str, str] | None = None,
    useful_until: datetime | None = None,
) -> bool:
    """Have a notice written to a person, unless the same cause has had one.

    Args:
        kind: What it asks or tells.
        subscriber: Who gets it.
        newsletter: The key of the newsletter it is about.
        cause: What it is for, in a word that never comes twice for this person and kind.
        language: The language it is written in.
        now: The time.
        values: What its links are made from: no address, nothing a stranger typed (S16). CONFIRM
            and APPROVE want "token", the last part of the address of their page.
        useful_until: When it would come too late to be of use.

    Returns:
        True if it was not written down before.

    Raises:
        ValueError: A link is missing its token.
    """
    if kind in _LINKED and not (values or {}).get("token"):
        raise ValueError(f"a notice to {kind} needs a token")
    _, created = Notice.objects.get_or_create(
        kind=kind,
        subscriber=subscriber,
        cause=cause,
        defaults={
            "newsletter": newsletter,
            "language": language,
            "values": dict(values or {}),
            "useful_until": useful_until,
            "created_at": now,
            "changed_at": now,
        },
    )
    return created


def held_back(*, now: datetime) -> Case:
    """Why a notice may not go out now, as a column: a word of :class:`Held`, or "".

    Who left one newsletter may ask for it again, so a suppression alone holds no confirmation
    back; a complaint holds everything back (D28).
    """
    reasons = [
        (Q(useful_until__lte=now), Held.LATE),
        (Q(subscriber__address=""), Held.ERASED),
        (Q(complained(address_hash="subscriber__address_hash")), Held.COMPLAINED),
        (Q(kind=Notice.Kind.KNOWN) & ~Q(Exists(_on_the_list(now=now))), Held.LEFT),
    ]
    cases = (When(condition, then=Value(reason.value)) for condition, reason in reasons)
    return Case(*cases, default=Value(""), output_field=CharField())


def _on_the_list(*, now: datetime) -> QuerySet[Subscription]:
    """The subscription a notice says its person has; who pauses is on the list."""
    theirs = Subscription.objects.filter(
        subscriber=OuterRef("subscriber_id"), newsletter=OuterRef("newsletter")
    )
    kept = ["", Exclusion.MONTHLY, Exclusion.PAUSED]
    return theirs.annotate(excluded=exclusion(now=now)).filter(excluded__in=kept)
