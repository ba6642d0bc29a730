"""What a provider tells of an address afterwards: that it complained, or that a mail came back.

Whoever calls a mail spam is never written to again, by any newsletter (D28). A mail that came back
is weighed first, for it may be the fault of the address, of the day, or our own (D29).
"""

import datetime as dt

from django.db import transaction

from pipeline.audience.codes import Verdict, weigh
from pipeline.audience.models import SoftBounce, Subscriber, Subscription, Suppression
from pipeline.audience.suppression import suppress

PROVIDER = "provider"
# An address is given up after so many mailings came back, the first and last so far apart.
MAILINGS, SPAN = 3, dt.timedelta(days=14)


@transaction.atomic
def complain(*, address_hash: str, now: dt.datetime, source: str = PROVIDER) -> bool:
    """Never write to an address again, known or not: somebody there called a mail spam (D28).

    It holds for all newsletters and every other kind of mail, and nothing ever ends it.

    Returns:
        True if it was not written down before.
    """
    return _end(address_hash, Suppression.Reason.COMPLAINED, source=source, now=now)


@transaction.atomic
def bounce(
    *, address_hash: str, code: str, mailing: str, now: dt.datetime, source: str = PROVIDER
) -> Verdict:
    """Weigh a mail that came back, and end what has no hope (D29).

    Args:
        address_hash: The address it was for.
        code: The enhanced status code, "5.1.1"; ``REFUSED_BY_LIST`` if the provider did not even
            try; "" if nobody knows, which is counted.
        mailing: What came back, the same text for every word about it: "issue 12".
        now: The time.
        source: Who tells it.
    """
    verdict = weigh(code)
    if verdict == Verdict.COUNTED and _is_given_up(address_hash, mailing, now=now):
        verdict = Verdict.ENDED
    if verdict == Verdict.ENDED:
        _end(address_hash, Suppression.Reason.BOUNCED, source=source, now=now)
    return verdict


def arrive(*, address_hash: str, now: dt.datetime) -> None:
    """A mail reached the address at ``now``: what came back before it counts no more."""
    SoftBounce.objects.filter(subscriber__address_hash=address_hash, created_at__lte=now).delete()


def _is_given_up(key: str, mailing: str, *, now: dt.datetime) -> bool:
    """Count one mailing that came back, once, and tell whether it was one too many."""
    # Locked, so that of two reports at once one sees the other.
    person = Subscriber.objects.select_for_update().filter(address_hash=key).first()
    if person is None:
        return False
    SoftBounce.objects.get_or_create(
        subscriber=person, mailing=mailing, defaults={"created_at": now}
    )
    times = list(person.soft_bounces.order_by("created_at").values_list("created_at", flat=True))
    return len(times) >= MAILINGS and times[-1] - times[0] >= SPAN


def _end(key: str, reason: str, *, source: str, now: dt.datetime) -> bool:
    ended = suppress(address_hash=key, newsletter="", reason=reason, source=source, now=now)
    # Whoever comes back by their own wish begins anew.
    SoftBounce.objects.filter(subscriber__address_hash=key).delete()
    standing = [Subscription.State.PENDING, Subscription.State.ACTIVE]
    mine = Subscription.objects.filter(subscriber__address_hash=key, state__in=standing)
    mine.update(state=Subscription.State.ENDED, changed_at=now)
    return ended
