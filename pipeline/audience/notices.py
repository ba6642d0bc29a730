"""Mail to one person about one thing: written down here, sent by the outbox like all else."""

from collections.abc import Mapping
from datetime import datetime

from pipeline.audience.models import Notice, Subscriber


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
        values: What its template is filled with: no address, nothing a stranger typed (S16).
        useful_until: When it would come too late to be of use.

    Returns:
        True if it was not written down before.
    """
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
