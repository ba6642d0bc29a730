"""What a provider tells of an address afterwards: that it complained, or that a mail came back.

Whoever calls a mail spam is never written to again, by any newsletter (D28). A mail that came back
is weighed first, for it may be the fault of the address, of the day, or our own (D29).
"""

import datetime as dt
import re
from enum import Enum, auto

from django.db import transaction

from pipeline.audience.models import SoftBounce, Subscriber, Subscription, Suppression
from pipeline.audience.suppression import suppress

PROVIDER = "provider"
# What a provider says of an address that it keeps on a list of its own, in place of a code.
REFUSED_BY_LIST = "suppressed"
# An address is given up after so many mailings came back, the first and last so far apart.
MAILINGS, SPAN = 3, dt.timedelta(days=14)

# RFC 3463: no such mailbox, no such domain, a domain that takes no mail.
_GONE = {(5, 1, 1), (5, 1, 2), (5, 1, 10)}
# Codes by which servers say "slow down" or "prove who you are", although they begin with a 4.
_THROTTLED = range(23, 33)
_TOO_LARGE = (5, 3, 4)
_CODE = re.compile(r"([45])\.([0-9]{1,3})\.([0-9]{1,3})")


class Verdict(Enum):
    """What a mail that came back means.

    Attributes:
        ENDED: The address is never written to again.
        COUNTED: It may be better tomorrow: it is counted, and the person stays on the list.
        SENDER: The sender or the letter was refused, whoever it was for. Nothing changes for the
            person; the caller pauses the campaign and tells a person of the clinic.
    """

    ENDED = auto()
    COUNTED = auto()
    SENDER = auto()


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


def weigh(code: str) -> Verdict:
    """What one status code says by itself; see ``bounce`` for its forms."""
    if code == REFUSED_BY_LIST:
        return Verdict.ENDED
    read = _CODE.fullmatch(code.strip())
    if read is None:
        return Verdict.COUNTED
    kind, subject, detail = (int(part) for part in read.groups())
    if (kind, subject, detail) in _GONE:
        return Verdict.ENDED
    throttled = (kind, subject) == (4, 7) and detail in _THROTTLED
    refused = kind == 5 and subject in {6, 7}
    if throttled or refused or (kind, subject, detail) == _TOO_LARGE:
        return Verdict.SENDER
    return Verdict.COUNTED


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
