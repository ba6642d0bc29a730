"""The reader left by a link or a list of the provider's."""

import datetime as dt

from pipeline.audience.leaving import unsubscribe
from pipeline.events.member import Member, newsletter_of
from pipeline.events.models import Event


def apply(member: Member, event: Event, *, now: dt.datetime) -> None:
    """End the subscription to the newsletter the message was of."""
    unsubscribe(
        subscriber_id=member.subscriber_id,
        newsletter=newsletter_of(member),
        source=event.provider,
        now=now,
    )
