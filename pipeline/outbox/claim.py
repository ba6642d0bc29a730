"""Claiming: taking deliveries, or a notice, out of the queue into a batch of one's own.

What is taken is settled or claimed in one transaction; on PostgreSQL other senders skip its rows.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from pipeline.audience.models import Notice
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.models import Issue
from pipeline.errors import MeridianError
from pipeline.outbox.compiled import NOW, among, compiled
from pipeline.outbox.frozen import freeze, payload_sha256, thaw
from pipeline.outbox.letter import Channel, Safety
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.notices import (
    Draft,
    Like,
    draft,
    freeze_notice,
    hold_back,
    is_pending,
    like,
    put_off,
)
from pipeline.outbox.notices import (
    take as take_notice,
)
from pipeline.outbox.take import Taken, take
from pipeline.outbox.upkeep import JUST_LEFT, settle_leavers

State = Delivery.State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    """Who claims: for which way out, when, and whether its call begins with the claim."""

    channel: Channel
    owner: str
    now: dt.datetime
    begins: bool


def claim(channel: Channel, *, owner: str, now: dt.datetime, begins: bool = False) -> Batch | None:
    """Make a batch of what is due, frozen and leased to ``owner``: notices first, one to a batch.

    Suppression, approval, pause and cancel are asked again in the same transaction (I7), so that
    whoever left, and whatever was stopped, a moment ago is not in it.

    Args:
        channel: The way out it is made for.
        owner: Who delivers it.
        now: The time.
        begins: Commit with the claim of an issue that its call begins (I2), where a second try is
            safe: what was asked in the claim need not be asked again. The caller must deliver it
            at once.

    Returns:
        The batch, or None if nothing is due, or the channel rests after a refusal.
    """
    if _rests(channel, now=now):
        return None
    begins = begins and channel.safety is not Safety.NEITHER
    sender = _Sender(channel=channel, owner=owner, now=now, begins=begins)
    return _claim_notice(sender) or _claim_deliveries(sender)


def _claim_notice(sender: _Sender) -> Batch | None:
    drafts: dict[Like, Draft] = {}
    broken: set[Like] = set()
    while is_pending():
        # A transaction for each: other writers get their turn, however many are too old.
        with transaction.atomic():
            taken = take_notice(broken, now=sender.now)
            if taken is None:
                return None
            notice, held = taken
            wanted = like(notice)
            if held:
                hold_back(notice, reason=held, now=sender.now)
            elif wanted in drafts:
                return _noticed(notice, drafts[wanted], sender)
        # Nobody else has to wait while a template is filled.
        if not held:
            try:
                drafts[wanted] = draft(wanted)
            except MeridianError as error:
                put_off(notice, reason=str(error))
                broken.add(wanted)
    return None


def _noticed(notice: Notice, made: Draft, sender: _Sender) -> Batch:
    batch = _batch(freeze_notice(notice, made, now=sender.now), sender)
    batch.notice = notice
    batch.save(force_insert=True)
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING)
    waiting.update(state=Notice.State.CLAIMED, reason="", changed_at=sender.now)
    return batch


def _claim_deliveries(sender: _Sender) -> Batch | None:
    settle_leavers(since=JUST_LEFT, now=sender.now)
    passed: set[int] = set()
    while True:
        with transaction.atomic():
            issue = _next_issue(sender.now, passed=passed)
            if issue is None:
                return None
            taken = take(issue, sender.channel.batch_size, now=sender.now)
            if taken.readers:
                return _claimed(issue, taken, sender)
            if not taken.looked:
                # Other senders have it, its budget is spent, or it waits for a person's word.
                passed.add(issue.pk)


def _claimed(issue: Issue, taken: Taken, sender: _Sender) -> Batch:
    language, arm, now = taken.language, taken.arm, sender.now
    batch = _batch(freeze(issue, taken.readers, language=language, arm=arm, now=now), sender)
    batch.issue, batch.language, batch.arm = issue, language, arm
    if sender.begins:
        batch.state, batch.submissions = Batch.State.SUBMITTING, 1
        batch.first_submit_at = batch.last_submit_at = now
    batch.save(force_insert=True)
    numbers = [reader.delivery for reader in taken.readers]
    waiting = Delivery.objects.filter(pk__in=among(numbers), state=State.PENDING)
    waiting.update(state=State.CLAIMED, batch=batch, reason="", sent_at=now, changed_at=now)
    return batch


def _rests(channel: Channel, *, now: dt.datetime) -> bool:
    """True while a refused batch waits: what is wrong (too fast, a wrong key) is wrong for all.

    Unless it waits for the sake of one reader alone (outbox/stepwise.py).
    """
    return bool(_refused(channel.name).rows(now=now))


@compiled
def _refused(channel: str) -> QuerySet[Batch, Any]:
    refused = Batch.objects.filter(channel=channel, state=Batch.State.RETRY)
    refused = refused.exclude(in_flight__gt=0)
    return refused.filter(settled_at__isnull=True, retry_at__gt=NOW).values_list("pk")[:1]


def lease(channel: Channel) -> Combinable:
    """The end of a lease that begins now, by the database's clock (I4)."""
    return ExpressionWrapper(Now() + lease_length(channel), output_field=DateTimeField())


def lease_length(channel: Channel) -> dt.timedelta:
    """More than twice the longest call, so that a slow answer does not look like a death."""
    return 2 * channel.timeout + dt.timedelta(seconds=10)


def _next_issue(now: dt.datetime, *, passed: Collection[int]) -> Issue | None:
    due = (number for (number,) in _due().rows(now=now) if number not in passed)
    number = next(due, None)
    issues = Issue.objects.select_related("campaign")
    return None if number is None else issues.get(pk=number)


@compiled
def _due() -> QuerySet[Issue, Any]:
    """What may go out and has somebody waiting, by turns: what had a batch last comes last.

    So a newsletter of a million readers keeps none of a hundred waiting.
    """
    waiting = Delivery.objects.filter(issue=OuterRef("pk"), state=State.PENDING, due_at__lte=NOW)
    batches = Batch.objects.filter(issue=OuterRef("pk")).order_by("-pk")
    begun = [Issue.State.RELEASING, Issue.State.SENDING]
    due = sendable().filter(Exists(waiting), state__in=begun)
    in_turn = due.annotate(latest=Subquery(batches.values("pk")[:1]))
    by_turns = F("latest").asc(nulls_first=True)
    return in_turn.order_by(by_turns, "released_at", "pk").values_list("pk")


def _batch(frozen: dict[str, Any], sender: _Sender) -> Batch:
    channel, key = sender.channel, uuid.uuid4().hex
    batch = Batch(
        channel=channel.name,
        state=Batch.State.CLAIMED,
        key=key,
        owner=sender.owner,
        lease_until=lease(channel),
        frozen=frozen,
        serializer=channel.serializer,
        created_at=sender.now,
    )
    batch.letter = thaw(key, frozen)
    batch.payload_sha256 = payload_sha256(channel, batch.letter)
    return batch
