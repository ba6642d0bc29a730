"""What a batch holds: the deliveries of an issue, or one notice.

Both go through the same states by the same names, so the machine does not ask which it has.
"""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pipeline.audience.models import Notice
from pipeline.audience.notices import held_back
from pipeline.audience.reach import exclusion_of, measured
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Campaign
from pipeline.campaigns.variants import approved_variants
from pipeline.outbox.models import Batch, Delivery


def members(batch: Batch) -> QuerySet[Any]:
    """The rows whose state the batch moves; none if its notice was purged."""
    if batch.issue_id is not None:
        return Delivery.objects.filter(batch=batch.pk)
    if batch.notice_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(pk=batch.notice_id)


def is_bereft(batch: Batch) -> bool:
    """True if the batch is of a notice that is gone, and its person with it."""
    return batch.issue_id is None and not members(batch).exists()


def still_wanted(batch: Batch, *, now: dt.datetime) -> bool:
    """False if its issue was stopped or changed, or one of its readers has left meanwhile (I9)."""
    if batch.issue is None:
        notice = members(batch).filter(state=Notice.State.CLAIMED)
        return bool(notice.annotate(held=held_back(now=now)).filter(held="").exists())
    if not (sendable().filter(pk=batch.issue.pk).exists() and _in_its_language(batch)):
        return False
    digest = batch.issue.campaign.kind == Campaign.Kind.DIGEST
    excluded = exclusion_of(
        "subscriber_id", newsletter=batch.issue.newsletter, now=now, digest=digest
    )
    unwanted = ~Q(excluded="")
    if (batch.frozen or {}).get("tracked"):
        # Who does not agree any more gets the letter by itself, without a pixel.
        unwanted |= Q(~Exists(measured(OuterRef("subscriber"), batch.issue.newsletter)))
    return not members(batch).annotate(excluded=excluded).filter(unwanted).exists()


def _in_its_language(batch: Batch) -> bool:
    """Whether the variant it is made of stands approved, as it was when it was frozen."""
    if not batch.language:
        return True
    mine = approved_variants().filter(issue=batch.issue_id, language=batch.language)
    frozen = batch.frozen or {}
    names = ("subject", "html", "text", "envelope")
    now = mine.values_list("subject", "html_id", "text_id", "envelope").first()
    return now == tuple(frozen.get(name) for name in names)


def is_called_off(batch: Batch) -> bool:
    """True if the batch is of a campaign that a person has cancelled."""
    if batch.issue is None:
        return False
    # Asked anew: what was read with the batch may be older than what the person did.
    cancelled = Campaign.objects.filter(state=Campaign.State.CANCELLED)
    return cancelled.filter(pk=batch.issue.campaign_id).exists()


def give_back(batch: Batch, *, now: dt.datetime) -> None:
    """Put what certainly did not go out back into the queue."""
    claimed = members(batch).filter(state=Delivery.State.CLAIMED)
    left = {} if batch.issue_id is None else {"batch": None, "sent_at": None}
    claimed.update(state=Delivery.State.PENDING, changed_at=now, **left)
