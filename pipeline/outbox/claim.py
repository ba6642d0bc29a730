"""Claiming: taking deliveries, or a notice, out of the queue into a batch of one's own.

What is taken is settled or claimed in one transaction; on PostgreSQL other senders skip its rows.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from pipeline.audience.models import Notice
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Issue
from pipeline.errors import MeridianError
from pipeline.outbox.frozen import freeze, payload_sha256, thaw
from pipeline.outbox.letter import Channel
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.notices import (
    Draft,
    Like,
    draft,
    freeze_notice,
    hold_back,
    like,
    pending,
    put_off,
)
from pipeline.outbox.notices import (
    take as take_notice,
)
from pipeline.outbox.take import take
from pipeline.outbox.upkeep import JUST_LEFT, settle_leavers

State = Delivery.State


def claim(channel: Channel, *, owner: str, now: dt.datetime) -> Batch | None:
    """Make a batch of what is due, frozen and leased to ``owner``: notices first, one to a batch.

    Suppression, approval, pause and cancel are asked again in the same transaction (I7), so that
    whoever left, and whatever was stopped, a moment ago is not in it.

    Returns:
        The batch, or None if nothing is due, or the channel rests after a refusal.
    """
    if _rests(channel, now=now):
        return None
    noticed = _claim_notice(channel, owner=owner, now=now)
    return noticed or _claim_deliveries(channel, owner=owner, now=now)


def _claim_notice(channel: Channel, *, owner: str, now: dt.datetime) -> Batch | None:
    drafts: dict[Like, Draft] = {}
    broken: set[Like] = set()
    while pending().exists():
        # A transaction for each: other writers get their turn, however many are too old.
        with transaction.atomic():
            taken = take_notice(broken, now=now)
            if taken is None:
                return None
            notice, held = taken
            wanted = like(notice)
            if held:
                hold_back(notice, reason=held, now=now)
            elif wanted in drafts:
                return _noticed(notice, drafts[wanted], channel, owner=owner, now=now)
        # Nobody else has to wait while a template is filled.
        if not held:
            try:
                drafts[wanted] = draft(wanted)
            except MeridianError as error:
                put_off(notice, reason=str(error))
                broken.add(wanted)
    return None


def _noticed(
    notice: Notice, made: Draft, channel: Channel, *, owner: str, now: dt.datetime
) -> Batch:
    frozen = freeze_notice(notice, made, now=now)
    batch = _batch(frozen, channel, notice=notice, owner=owner, now=now)
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING)
    waiting.update(state=Notice.State.CLAIMED, reason="", changed_at=now)
    return batch


def _claim_deliveries(channel: Channel, *, owner: str, now: dt.datetime) -> Batch | None:
    settle_leavers(since=JUST_LEFT, now=now)
    passed: set[int] = set()
    while True:
        with transaction.atomic():
            issue = _next_issue(now, passed=passed)
            if issue is None:
                return None
            taken = take(issue, channel.batch_size, now=now)
            if taken.deliveries:
                return _claimed(issue, taken.deliveries, channel, owner=owner, now=now)
            if not taken.looked:
                # Other senders have it, its budget is spent, or it waits for a person's word.
                passed.add(issue.pk)


def _claimed(
    issue: Issue,
    deliveries: Sequence[Delivery],
    channel: Channel,
    *,
    owner: str,
    now: dt.datetime,
) -> Batch:
    frozen = freeze(issue, deliveries, now=now)
    batch = _batch(frozen, channel, issue=issue, like=deliveries[0], owner=owner, now=now)
    waiting = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    waiting.filter(state=State.PENDING).update(
        state=State.CLAIMED, batch=batch, reason="", sent_at=now, changed_at=now
    )
    return batch


def _rests(channel: Channel, *, now: dt.datetime) -> bool:
    """True while a refused batch waits: what is wrong (too fast, a wrong key) is wrong for all.

    Unless it waits for the sake of one reader alone (outbox/stepwise.py).
    """
    refused = Batch.objects.filter(channel=channel.name, state=Batch.State.RETRY)
    refused = refused.exclude(in_flight__gt=0)
    return refused.filter(settled_at__isnull=True, retry_at__gt=now).exists()


def lease(channel: Channel) -> Combinable:
    """The end of a lease that begins now, by the database's clock (I4)."""
    return ExpressionWrapper(Now() + lease_length(channel), output_field=DateTimeField())


def lease_length(channel: Channel) -> dt.timedelta:
    """More than twice the longest call, so that a slow answer does not look like a death."""
    return 2 * channel.timeout + dt.timedelta(seconds=10)


def _next_issue(now: dt.datetime, *, passed: Collection[int]) -> Issue | None:
    waiting = Delivery.objects.filter(issue=OuterRef("pk"), state=State.PENDING, due_at__lte=now)
    open_states = [Issue.State.RELEASING, Issue.State.SENDING]
    due = sendable().filter(Exists(waiting), state__in=open_states).exclude(pk__in=passed)
    return due.select_related("campaign").order_by("released_at", "pk").first()


def _batch(
    frozen: dict[str, Any],
    channel: Channel,
    *,
    owner: str,
    now: dt.datetime,
    issue: Issue | None = None,
    like: Delivery | None = None,
    notice: Notice | None = None,
) -> Batch:
    key = uuid.uuid4().hex
    return Batch.objects.create(
        issue=issue,
        language=like.language if like else "",
        arm=like.arm if like else "",
        notice=notice,
        channel=channel.name,
        state=Batch.State.CLAIMED,
        key=key,
        owner=owner,
        lease_until=lease(channel),
        frozen=frozen,
        serializer=channel.serializer,
        payload_sha256=payload_sha256(channel, thaw(key, frozen)),
        created_at=now,
    )
