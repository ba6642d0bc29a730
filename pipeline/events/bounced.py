"""The reader's server refused it, at once or later."""

import datetime as dt

from pipeline.audience.complaints import Verdict, bounce, weigh
from pipeline.events.forward import forward
from pipeline.events.member import Member, hashes_of, mailing_of
from pipeline.events.models import Event
from pipeline.events.watch import HARD, refused_sender, watch
from pipeline.outbox.models import Delivery

_TOLD = {Verdict.ENDED: HARD, Verdict.COUNTED: "came back", Verdict.SENDER: "sender refused"}


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Give the address up, or count it, or blame ourselves, as its code says (D29, D30)."""
    meant = weigh(event.code)
    told = ": ".join(filter(None, [_TOLD[meant], event.code, event.reason]))
    forward(member, Delivery.State.BOUNCED, event, now=now, reason=told)
    if meant == Verdict.COUNTED and _arrived_since(member, event):
        return
    # What may pass is counted by when it came back; what ends, ends now.
    at = min(event.happened_at, now) if meant == Verdict.COUNTED else now
    for key in hashes_of(member, event):
        bounce(
            address_hash=key,
            code=event.code,
            mailing=mailing_of(member),
            now=at,
            source=event.provider,
        )
    if meant == Verdict.SENDER:
        refused_sender(member, event, now=now)
    if isinstance(member, Delivery):
        watch(member.issue, now=now)


def _arrived_since(member: Member, event: Event) -> bool:
    """Whether a later letter has reached the person: events may come in any order (X12)."""
    later = member.subscriber.deliveries.filter(
        state=Delivery.State.DELIVERED, sent_at__gt=event.happened_at
    )
    return later.exists()
