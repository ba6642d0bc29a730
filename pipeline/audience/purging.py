"""What is kept only for a while goes when its time is over: a little in each pass of the bell."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pipeline.audience.asking import OPEN
from pipeline.audience.limits import MONTH
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    ImportChange,
    JoinRequest,
    Notice,
    Subscriber,
    Subscription,
)

# How long the network stays by which a consent can be proved (docs/joining.md says so).
ORIGIN_KEPT = dt.timedelta(days=3 * 365)
# So many rows of each kind in one pass: a bell rings often, and others want to write, too.
AT_ONCE = 500


def purge(*, now: dt.datetime) -> int:
    """Delete what has had its time; safe to run beside anything, as often as one likes.

    Whoever did not confirm within seven days is forgotten: the subscription, the typed details, and
    the person unless something else hangs on them. Requests go after thirty days, the networks of
    consents after three years.

    Returns:
        How many people, subscriptions, requests and networks it deleted.
    """
    unconfirmed = _end_pending(now=now) + _end_requests(now=now)
    return unconfirmed + _drop_requests(now=now) + _drop_origins(now=now)


@transaction.atomic
def _end_pending(*, now: dt.datetime) -> int:
    """Delete subscriptions nobody confirmed, and who was here only for them."""
    pending = Subscription.objects.filter(state=Subscription.State.PENDING)
    # One whom a confirmation has in its hands at this moment is left to it.
    old = pending.filter(changed_at__lte=now - OPEN).select_for_update(skip_locked=True)
    rows = list(old.order_by("changed_at")[:AT_ONCE].values_list("pk", "subscriber"))
    pending.filter(pk__in=[row for row, _ in rows]).delete()
    alone = _alone().filter(pk__in=[person for _, person in rows])
    people = list(alone.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Subscriber.objects.filter(pk__in=people).delete()
    return len(rows) + len(people)


def _alone() -> QuerySet[Subscriber]:
    """People on whom nothing hangs: no list, letter, consent or import, no mail under way."""
    consents = Consent.objects.filter(subscriber_id=OuterRef("pk"))
    moving = [Notice.State.PENDING, Notice.State.CLAIMED, Notice.State.UNKNOWN]
    under_way = Notice.objects.filter(subscriber=OuterRef("pk"), state__in=moving)
    ties = Subscription.objects.filter(subscriber=OuterRef("pk"))
    letters = Subscriber.objects.filter(pk=OuterRef("pk"), deliveries__isnull=False)
    imported = ImportChange.objects.filter(subscriber=OuterRef("pk"))
    hanging = (ties, letters, consents, imported, under_way)
    return Subscriber.objects.filter(*(~Exists(rows) for rows in hanging))


@transaction.atomic
def _end_requests(*, now: dt.datetime) -> int:
    """Blank what was typed with a request that has ended, and who was erased and came no more."""
    ended = JoinRequest.objects.filter(created_at__lte=now - OPEN).exclude(wording="")
    rows = list(ended.order_by("created_at")[:AT_ONCE].values_list("pk", "address_hash"))
    JoinRequest.objects.filter(pk__in=[row for row, _ in rows]).update(wording="", details={})
    still_open = JoinRequest.objects.filter(
        address_hash=OuterRef("address_hash"), created_at__gt=now - OPEN
    ).exclude(wording="")
    Subscriber.objects.filter(
        ~Exists(still_open),
        address_hash__in=[key for _, key in rows],
        erased_at__isnull=False,
    ).update(address="")
    return len(rows)


def _drop_requests(*, now: dt.datetime) -> int:
    old = JoinRequest.objects.filter(created_at__lte=now - MONTH).order_by("created_at")
    return _delete(
        JoinRequest.objects.filter(pk__in=list(old[:AT_ONCE].values_list("pk", flat=True)))
    )


def _drop_origins(*, now: dt.datetime) -> int:
    # They were written in the order of their numbers, which have an index.
    first = ConsentOrigin.objects.order_by("pk")[:AT_ONCE].values_list("pk", "created_at")
    old = [pk for pk, created_at in first if created_at <= now - ORIGIN_KEPT]
    return _delete(ConsentOrigin.objects.filter(pk__in=old))


def _delete(rows: QuerySet[JoinRequest] | QuerySet[ConsentOrigin]) -> int:
    return rows.delete()[0]
