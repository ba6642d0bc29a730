"""Who is written to: the one place that says it, for the queue, the claim and every count."""

from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from pipeline.audience.models import Subscription
from pipeline.audience.suppression import suppressed


class Exclusion(TextChoices):
    """Why somebody who is on the list gets no issue now."""

    LEFT = "left", "left, or was taken off"
    UNCONFIRMED = "unconfirmed", "has not confirmed"
    ERASED = "erased", "was forgotten"
    SUPPRESSED = "suppressed", "is never written to"
    EXPIRED = "expired", "the implied consent has ended"
    MONTHLY = "monthly", "gets the monthly digest instead"
    WEEKLY = "weekly", "gets the weekly letters instead"
    PAUSED = "paused", "pauses"


def exclusion(*, now: datetime, digest: bool = False) -> Case:
    """Why a subscription is not written to now, as a column; "" of one that is.

    For a query over subscriptions. The first reason that holds is told, the weightiest first.

    Args:
        now: The time.
        digest: Whether it is the monthly digest that would be sent.
    """
    state = Subscription.State
    monthly = Q(frequency=Subscription.Frequency.MONTHLY)
    elsewhere = (~monthly, Exclusion.WEEKLY) if digest else (monthly, Exclusion.MONTHLY)
    reasons = [
        (Q(state=state.PENDING), Exclusion.UNCONFIRMED),
        (Q(subscriber__address=""), Exclusion.ERASED),
        (
            Q(suppressed(OuterRef("newsletter"), address_hash="subscriber__address_hash")),
            Exclusion.SUPPRESSED,
        ),
        (~Q(state=state.ACTIVE), Exclusion.LEFT),
        (Q(until__lte=now), Exclusion.EXPIRED),
        elsewhere,
        (Q(paused_until__gt=now), Exclusion.PAUSED),
    ]
    cases = (When(condition, then=Value(reason.value)) for condition, reason in reasons)
    return Case(*cases, default=Value(""), output_field=CharField())


def reachable(newsletter: str, *, now: datetime, digest: bool = False) -> QuerySet[Subscription]:
    """The subscriptions of a newsletter that an issue, or its digest, would go to now."""
    mine = Subscription.objects.filter(newsletter=newsletter)
    return mine.annotate(excluded=exclusion(now=now, digest=digest)).filter(excluded="")


def measured(subscriber: int | OuterRef, newsletter: str) -> QuerySet[Subscription]:
    """The subscription by which a person agrees, now, to have opens and clicks measured (P2)."""
    return Subscription.objects.filter(
        subscriber=subscriber,
        newsletter=newsletter,
        state=Subscription.State.ACTIVE,
        tracking=True,
    )


def exclusion_of(
    subscriber: str, *, newsletter: str, now: datetime, digest: bool = False
) -> Coalesce:
    """Why the subscriber of another query's row is not written to, as a column.

    Args:
        subscriber: That query's way to the subscriber's number: "subscriber_id".
        newsletter: The key of the newsletter.
        now: The time.
        digest: Whether it is the monthly digest that would be sent.
    """
    theirs = Subscription.objects.filter(subscriber=OuterRef(subscriber), newsletter=newsletter)
    why = theirs.annotate(excluded=exclusion(now=now, digest=digest)).values("excluded")
    return Coalesce(Subquery(why[:1]), Value(Exclusion.LEFT.value), output_field=CharField())
