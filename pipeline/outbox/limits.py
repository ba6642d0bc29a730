"""One letter a week for one person, in order: what of a newsletter may go now, and what waits.

Nobody gets two issues of one newsletter less than six days apart, whatever happens (welcome and
digest count), and everybody gets the older series first, part by part. What may not go yet takes
the person's next slot.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from pipeline.audience.models import Subscription
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.calendar import APART
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.compiled import NOW, among, compiled, moment
from pipeline.outbox.languages import lacks_text
from pipeline.outbox.models import Delivery, Wait
from pipeline.outbox.readers import Reader

State = Delivery.State
Kind = Campaign.Kind

# A welcome comes before everything; what is for any week gives way to what has its order.
_KINDS = {Kind.WELCOME: 0, Kind.SERIES: 1, Kind.DIGEST: 2, Kind.EVERGREEN: 3}

Times = Mapping[int, dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why a delivery does not go now, and from when on it may."""

    reason: Wait
    until: dt.datetime


def lock_people(newsletter: str, people: Collection[int]) -> None:
    """Keep the week of these people from other senders until the transaction ends.

    In one order, so that no two senders wait for each other. What is asked after it, in statements
    of their own, sees what the others committed. On SQLite the transaction itself keeps them out.
    """
    if connection.features.has_select_for_update:
        ties = Subscription.objects.filter(newsletter=newsletter, subscriber_id__in=people)
        locked = ties.select_for_update().order_by("subscriber_id")
        list(locked.values_list("pk"))


def waiting_for(issue: Issue, readers: Sequence[Reader], *, now: dt.datetime) -> dict[int, Waiting]:
    """What of these deliveries of one issue may not go now, by their numbers.

    Args:
        issue: The issue, with its campaign.
        readers: Of locked deliveries, and locked are their people's subscriptions.
        now: The time.
    """
    people = [reader.subscriber for reader in readers]
    last = _last_sent(issue.newsletter, people, now=now)
    before = _due_before(issue, people)
    found: dict[int, Waiting] = {}
    for number, person, _ in readers:
        if person in before:
            until = max(now, before[person]) + APART
            found[number] = Waiting(reason=Wait.ORDER, until=until)
        if person in last:
            until = max(last[person] + APART, until if person in before else now)
            found[number] = Waiting(reason=Wait.WEEK, until=until)
    return found


def _last_sent(newsletter: str, people: Sequence[int], *, now: dt.datetime) -> Times:
    """When these people were sent an issue of the newsletter last, if that is too short ago."""
    found = _sent(newsletter).rows(now=now - APART, numbers=people)
    return {person: last for person, at in found if (last := moment(at))}


@compiled
def _sent(newsletter: str) -> QuerySet[Delivery, Any]:
    sent = Delivery.objects.filter(
        subscriber_id__in=among(), sent_at__gt=NOW, issue__newsletter=newsletter
    )
    return sent.values_list("subscriber_id").annotate(Max("sent_at")).order_by()


def _due_before(issue: Issue, people: Collection[int]) -> Times:
    """The latest time at which something is due for these people that they get first."""
    first = list(_issues_before(issue))
    if not first:
        return {}
    due = Delivery.objects.filter(subscriber_id__in=people, issue_id__in=first, state=State.PENDING)
    due = due.exclude(_waits_for_text(first), ~Q(issue__campaign=issue.campaign_id))
    return dict(due.values_list("subscriber_id").annotate(Max("due_at")).order_by())


def _waits_for_text(issues: Collection[int]) -> Exists:
    """The condition that what is due, or a part before it, lacks a text in its reader's language.

    That keeps its own series waiting, but no other.
    """
    stuck = Delivery.objects.filter(
        lacks_text(),
        issue_id__in=issues,
        subscriber=OuterRef("subscriber"),
        issue__campaign=OuterRef("issue__campaign"),
        issue__part__lte=OuterRef("issue__part"),
        state=State.PENDING,
    )
    return Exists(stuck)


def _issues_before(issue: Issue) -> Iterable[int]:
    """The released issues of the newsletter that somebody who has not had them gets first.

    What is stopped keeps its own series waiting, but nobody else's.
    """
    mine = _rank(issue.campaign.kind, issue.campaign_id, issue.part)
    before = {
        number: campaign
        for number, campaign, part, kind in _begun(issue.newsletter).rows()
        if _rank(kind, campaign, part) < mine
    }
    if before:
        free = set(sendable().filter(pk__in=before).values_list("pk", flat=True))
        for number, campaign in before.items():
            if number in free or campaign == issue.campaign_id:
                yield number


@compiled
def _begun(newsletter: str) -> QuerySet[Issue, Any]:
    begun = [Issue.State.RELEASING, Issue.State.SENDING]
    issues = Issue.objects.filter(newsletter=newsletter, state__in=begun)
    return issues.values_list("pk", "campaign_id", "part", "campaign__kind")


def _rank(kind: str, campaign: int, part: int) -> tuple[int, int, int]:
    return (_KINDS[Kind(kind)], campaign, part)
