"""Taking deliveries of an issue out of the queue: who may get it now, and who gets it later."""

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.reach import Exclusion, exclusion_of, measured
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.frozen import is_tracked
from pipeline.outbox.languages import deliverable
from pipeline.outbox.limits import Waiting, lock_people, waiting_for
from pipeline.outbox.models import Delivery, Wait
from pipeline.outbox.rhythm import rhythm_of
from pipeline.outbox.trials import is_decided
from pipeline.outbox.warm_up import budget

State = Delivery.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was looked at.

    Attributes:
        deliveries: Those that go now: of one issue, one language and one arm.
        looked: How many were looked at. Of those that do not go, none is due any more.
    """

    deliveries: tuple[Delivery, ...] = ()
    looked: int = 0


def take(issue: Issue, most: int, *, now: dt.datetime) -> Taken:
    """Lock up to ``most`` due deliveries, settle those that never go, put off those that wait.

    Args:
        issue: The issue, with its campaign.
        most: What fits into a batch.
        now: The time.
    """
    allowed = budget(issue, now=now)
    if allowed:
        most = min(most, allowed.letters)
    candidates = _locked(
        issue, most, engaged_first=bool(allowed and allowed.engaged_first), now=now
    )
    if not candidates:
        return Taken()
    paused = lock_people(issue.newsletter, [each.subscriber_id for each in candidates])
    # Asked after the locks, in a statement of its own: it sees who left while we waited for them.
    asked = _alike(_asked(issue, candidates, now=now))
    never = _never(asked)
    settle(never, now=now)
    waiting = _pauses(asked, paused, now=now)
    rest = [each for each in asked if each.pk not in never and each.pk not in waiting]
    waiting |= waiting_for(issue, rest, now=now)
    put_off(issue.newsletter, [each for each in asked if each.pk in waiting], waiting, now=now)
    going = tuple(each for each in rest if each.pk not in waiting)
    return Taken(deliveries=going, looked=len(candidates))


def _locked(issue: Issue, most: int, *, engaged_first: bool, now: dt.datetime) -> list[Delivery]:
    """Up to so many due deliveries of one language and arm that no other sender has."""
    if most <= 0:
        return []
    due = Delivery.objects.filter(issue=issue, state=State.PENDING, due_at__lte=now)
    due = due.filter(deliverable(issue))
    if not is_decided(issue, now=now):
        due = due.exclude(arm="", language="")
    in_order = _engaged_first(due, issue) if engaged_first else due.order_by("due_at", "pk")
    first = in_order.first()
    if first is None:
        return []
    alike = in_order.filter(language=first.language, arm=first.arm)
    return list(alike.select_for_update(skip_locked=True, of=("self",))[:most])


def _engaged_first(due: QuerySet[Delivery], issue: Issue) -> QuerySet[Delivery]:
    """Who opened or clicked lately comes first: a new domain is judged by its first days (D32)."""
    theirs = Subscription.objects.filter(
        subscriber=OuterRef("subscriber"), newsletter=issue.newsletter
    )
    engaged = due.annotate(engaged_at=Subquery(theirs.values("engaged_at")[:1]))
    return engaged.order_by(F("engaged_at").desc(nulls_last=True), "due_at", "pk")


def _asked(issue: Issue, candidates: Iterable[Delivery], *, now: dt.datetime) -> list[Delivery]:
    """The candidates in their order, each with its person and why they are not written to."""
    numbers = [each.pk for each in candidates]
    digest = issue.campaign.kind == Campaign.Kind.DIGEST
    excluded = exclusion_of("subscriber_id", newsletter=issue.newsletter, now=now, digest=digest)
    tracked = Exists(measured(OuterRef("subscriber"), issue.newsletter))
    found = Delivery.objects.annotate(excluded=excluded, tracked=tracked).in_bulk(numbers)
    # Not joined: for a large batch PostgreSQL would read all people there are. Nor prefetched: the
    # condition that makes is too deep for SQLite beyond a thousand.
    people = Subscriber.objects.in_bulk([each.subscriber_id for each in found.values()])
    for delivery in found.values():
        delivery.subscriber = people[delivery.subscriber_id]
    return [found[number] for number in numbers]


def _alike(asked: list[Delivery]) -> list[Delivery]:
    """Those who agreed to be measured, or those who did not, as the first: they share no batch.

    The others stay as they were, and come next (P2).
    """
    return [each for each in asked if is_tracked(each) == is_tracked(asked[0])]


def _never(asked: Iterable[Delivery]) -> dict[int, tuple[State, str]]:
    """What of these goes to nobody, and why."""
    never: dict[int, tuple[State, str]] = {}
    for delivery in asked:
        excluded = delivery.excluded  # type: ignore[attr-defined]
        if excluded not in {"", Exclusion.PAUSED}:
            never[delivery.pk] = (State.SUPPRESSED, excluded)
        elif _spoils_header(delivery.subscriber.name):
            never[delivery.pk] = (State.REFUSED, "the name holds a line break")
    return never


def _pauses(
    asked: Iterable[Delivery], paused: Mapping[int, dt.datetime | None], *, now: dt.datetime
) -> dict[int, Waiting]:
    """What of these waits for the end of a pause."""
    ends = {each.pk: paused.get(each.subscriber_id) for each in asked}
    return {
        number: Waiting(reason=Wait.PAUSED, until=end)
        for number, end in ends.items()
        if end and end > now
    }


def settle(ends: Mapping[int, tuple[State, str]], *, now: dt.datetime) -> None:
    """End deliveries that wait, each in its state and for its reason."""
    together: dict[tuple[State, str], list[int]] = defaultdict(list)
    for number, end in ends.items():
        together[end].append(number)
    for (state, reason), numbers in together.items():
        _pending(numbers).update(state=state, reason=reason, changed_at=now)


def put_off(
    newsletter: str,
    deliveries: Iterable[Delivery],
    waiting: Mapping[int, Waiting],
    *,
    now: dt.datetime,
) -> None:
    """Give each delivery the first slot of its person at which it may go."""
    rhythm = rhythm_of(newsletter)
    together: dict[tuple[str, Wait, dt.datetime], list[int]] = defaultdict(list)
    for delivery in deliveries:
        why = waiting[delivery.pk]
        zone = delivery.subscriber.time_zone if rhythm.is_local else ""
        together[zone, why.reason, why.until].append(delivery.pk)
    for (zone, reason, until), numbers in together.items():
        slot = rhythm.next_slot(zone, after=until)
        _pending(numbers).update(due_at=slot, reason=reason, changed_at=now)


def _pending(numbers: Collection[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=numbers, state=State.PENDING)


def _spoils_header(text: str) -> bool:
    """True if a text would end a header early (S14): Anymail's backends do not look."""
    return any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)
