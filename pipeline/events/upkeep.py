"""What events need beside webhooks: orphans are looked at again, and old rows go."""

import datetime as dt

from django.db import transaction

from pipeline.events.models import Event, SpentToken
from pipeline.events.take import KEPT, settle

# So many of each in one pass: a bell rings often, and others want to write, too.
AT_ONCE = 500
# Longer than any signature is believed (``web/hooks/mailgun.py``).
TOKENS_KEPT = dt.timedelta(days=1)


def settle_orphans(*, now: dt.datetime) -> int:
    """Look again at events whose message was not known, or that failed; how many were applied."""
    due = Event.objects.filter(retry_at__lte=now).order_by("retry_at")
    return sum(_again(key, now=now) for key in due.values_list("key", flat=True)[:AT_ONCE])


@transaction.atomic
def _again(key: str, *, now: dt.datetime) -> bool:
    # Another scheduler may have it.
    mine = Event.objects.select_for_update(skip_locked=True).filter(key=key, retry_at__lte=now)
    row = mine.first()
    return row is not None and bool(row.kind) and settle(row, now=now)


def purge_events(*, now: dt.datetime) -> int:
    """Delete events that are a month old, and tokens of yesterday; how many rows went."""
    old = Event.objects.filter(received_at__lt=now - KEPT).order_by("received_at")
    keys = list(old.values_list("key", flat=True)[:AT_ONCE])
    spent = SpentToken.objects.filter(spent_at__lt=now - TOKENS_KEPT).order_by("spent_at")
    tokens = list(spent.values_list("digest", flat=True)[:AT_ONCE])
    gone = Event.objects.filter(key__in=keys).delete()[0]
    return gone + SpentToken.objects.filter(digest__in=tokens).delete()[0]
