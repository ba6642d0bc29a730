"""What came back of a message, found by its own number and not by an address or a provider's id.

A mail server has neither an id of a message that we know nor our batch's key: the return path says
which delivery or notice it was (VERP), and the rows say the rest.
"""

import datetime as dt
from typing import Literal

from django.db.models import Q

from pipeline.audience.models import Notice
from pipeline.outbox.event import ProviderEvent
from pipeline.outbox.models import Batch, BounceMailbox, Delivery

# A complaint counts within a minute (D28); servers do not like to be asked more often.
PAUSE = dt.timedelta(seconds=50)


def event_of(
    of: Literal["issue", "notice"],
    number: int,
    *,
    kind: str,
    when: dt.datetime,
    code: str = "",
    reason: str = "",
) -> ProviderEvent | None:
    """The event of one message; None if there is no such message any more."""
    member = _delivery(number) if of == "issue" else _notice(number)
    if member is None:
        return None
    batch, address = member
    return ProviderEvent(
        kind=kind,
        provider=batch.channel,
        when=when,
        address=address,
        # The same report, however often it comes.
        event_id=f"{of} {number} {kind} {code}",
        batch=batch.key,
        code=code,
        reason=reason,
    )


def _delivery(number: int) -> tuple[Batch, str] | None:
    found = Delivery.objects.filter(pk=number, batch__isnull=False)
    delivery = found.select_related("batch", "subscriber").first()
    if delivery is None or delivery.batch is None:
        return None
    return delivery.batch, delivery.subscriber.address


def _notice(number: int) -> tuple[Batch, str] | None:
    notice = Notice.objects.filter(pk=number).select_related("subscriber").first()
    batch = notice and Batch.objects.filter(notice=notice).order_by("-pk").first()
    return (batch, notice.subscriber.address) if notice and batch else None


def begin_reading(mailbox: str, *, now: dt.datetime) -> bool:
    """Make a look into a mailbox one's own; False if another one was less than a minute ago."""
    BounceMailbox.objects.get_or_create(name=mailbox)
    free = Q(asked_at=None) | Q(asked_at__lte=now - PAUSE)
    return bool(BounceMailbox.objects.filter(free, name=mailbox).update(asked_at=now))


def read_up_to(mailbox: str, *, validity: int) -> int:
    """The number of the last mail that was read in a mailbox; 0 if its numbers begin anew."""
    known = BounceMailbox.objects.filter(name=mailbox, validity=validity).first()
    return known.read_up_to if known else 0


def keep_place(mailbox: str, *, validity: int, number: int) -> None:
    """Write down the number of the last mail that was read."""
    mine = BounceMailbox.objects.filter(name=mailbox)
    mine.update(validity=validity, read_up_to=number)
