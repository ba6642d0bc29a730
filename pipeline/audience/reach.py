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
    PAUSED = "paused", "pauses"


def exclusion(*, now: datetime) -> Case:
    """Why a subscription is not written to now, as a column; "" of one that is.

    For a query over subscriptions. The first reason that holds is told, the weightiest first.
    """
    state = Subscription.State
    reasons = [
        (Q(state=state.PENDING), Exclusion.UNCONFIRMED),
        (Q(subscriber__address=""), Exclusion.ERASED),
        (
            Q(suppressed(OuterRef("newsletter"), address_hash="subscriber__address_hash")),
            Exclusion.SUPPRESSED,
        ),
        (~Q(state=state.ACTIVE), Exclusion.LEFT),
        (Q(until__lte=now), Exclusion.EXPIRED),
        (Q(frequency=Subscription.Frequency.MONTHLY), Exclusion.MONTHLY),
        (Q(paused_until__gt=now), Exclusion.PAUSED),
    ]
    cases = (When(condition, then=Value(reason.value)) for condition, reason in reasons)
    return Case(*cases, default=Value(""), output_field=CharField())


def reachable(newsletter: str, *, now: datetime) -> QuerySet[Subscription]:
    """The subscriptions of a newsletter that an issue would go to now."""
    mine = Subscription.objects.filter(newsletter=newsletter)
    return mine.annotate(excluded=exclusion(now=now)).filter(excluded="")


def exclusion_of(subscriber: str, *, newsletter: str, now: datetime) -> Coalesce:
    """Why the subscriber of another query's row is not written to, as a column.

    Args:
        subscriber: That query's way to the subscriber's number: "subscriber_id".
        newsletter: The key of the newsletter.
        now: The time.
    """
    theirs = Subscription.objects.filter(subscriber=OuterRef(subscriber), newsletter=newsletter)
    why = theirs.annotate(excluded=exclusion(now=now)).values("excluded")
    return Coalesce(Subquery(why[:1]), Value(Exclusion.LEFT.value), output_field=CharField())
