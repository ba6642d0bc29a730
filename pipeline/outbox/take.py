"""Taking deliveries of an issue out of the queue: who may get it now, and who gets it later."""

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery

from pipeline.audience.models import Subscription
from pipeline.audience.reach import Exclusion, exclusion
from pipeline.campaigns.models import Campaign, Issue
from pipeline.errors import SettingError
from pipeline.outbox.compiled import NOW, among, compiled, moment
from pipeline.outbox.holding import hold_without_a_day
from pipeline.outbox.languages import ready_languages
from pipeline.outbox.limits import Waiting, lock_people, waiting_for
from pipeline.outbox.models import Delivery, Wait
from pipeline.outbox.readers import Person, Reader
from pipeline.outbox.rhythm import rhythm_of
from pipeline.outbox.trials import is_decided
from pipeline.outbox.warm_up import budget

State = Delivery.State


class Candidate(NamedTuple):
    """A delivery that is due, by its number, and its person's."""

    pk: int
    subscriber_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was looked at.

    Attributes:
        readers: Who gets it now.
        language: Of which variant, for all of them.
        arm: Of which subject.
        looked: How many were looked at. Of those that do not go, none is due any more.
    """

    readers: tuple[Reader, ...] = ()
    language: str = ""
    arm: str = ""
    looked: int = 0


_NOBODY = Person(Exclusion.LEFT, None, False, "", "", "", "")


def take(issue: Issue, most: int, *, now: dt.datetime) -> Taken:
    """Lock up to so many due deliveries of one language and arm, and settle which of them go.

    In the transaction of a claim. Who may not be written to is settled, and who waits put off.

    Args:
        issue: The issue, with its campaign.
        most: What fits into a batch.
        now: The time.
    """
    allowed = budget(issue, now=now)
    if allowed:
        most = min(most, allowed.letters)
    first, candidates = _locked(
        issue, most, engaged_first=bool(allowed and allowed.engaged_first), now=now
    )
    if not candidates:
        return Taken()
    numbers = [each.subscriber_id for each in candidates]
    lock_people(issue.newsletter, numbers)
    # Asked after the locks, in a statement of its own: it sees who left while we waited for them.
    people = _people(issue, numbers, now=now)
    readers = _alike(
        [
            Reader(each.pk, each.subscriber_id, people.get(each.subscriber_id, _NOBODY))
            for each in candidates
        ]
    )
    try:
        going = _going(issue, readers, now=now)
    except SettingError as error:
        hold_without_a_day(issue, error, now=now)
        return Taken()
    return Taken(readers=going, language=first[0], arm=first[1], looked=len(candidates))


def _alike(readers: list[Reader]) -> list[Reader]:
    """Those who agreed to be measured, or those who did not, as the first: they share no batch.

    The others stay as they were, and come next (P2).
    """
    return [each for each in readers if each.person.tracked == readers[0].person.tracked]


def _going(issue: Issue, readers: Sequence[Reader], *, now: dt.datetime) -> tuple[Reader, ...]:
    """Those of the readers that get it now; the others are settled or put off."""
    never = _never(readers)
    settle(never, now=now)
    waiting = _pauses(readers, now=now)
    rest = [each for each in readers if each.delivery not in never and each.delivery not in waiting]
    waiting |= waiting_for(issue, rest, now=now)
    put_off(issue.newsletter, readers, waiting, now=now)
    return tuple(each for each in rest if each.delivery not in waiting)


def _locked(
    issue: Issue, most: int, *, engaged_first: bool, now: dt.datetime
) -> tuple[tuple[str, str], list[Candidate]]:
    """Up to so many due deliveries that no other sender has, and their language and arm."""
    if most <= 0:
        return ("", ""), []
    decided, languages = is_decided(issue, now=now), tuple(ready_languages(issue))
    due = partial(_due, issue.pk, languages, decided=decided, engaged_first=engaged_first)
    first = due(most=1).rows(now=now)
    if not first:
        return ("", ""), []
    like: tuple[str, str] = first[0][2:]
    return like, [Candidate(*row[:2]) for row in due(like=like, most=most).rows(now=now)]


@compiled
def _due(
    issue: int,
    languages: tuple[str, ...],
    *,
    decided: bool,
    engaged_first: bool,
    most: int,
    like: tuple[str, str] | None = None,
) -> QuerySet[Delivery, Any]:
    """The first deliveries of an issue that are due: locked, if it is said of which kind."""
    due = Delivery.objects.filter(issue=issue, state=State.PENDING, due_at__lte=NOW)
    due = due.filter(language__in=["", *languages])
    if not decided:
        due = due.exclude(arm="", language="")
    due = _engaged_first(due) if engaged_first else due.order_by("due_at", "pk")
    if like is not None:
        due = due.filter(language=like[0], arm=like[1])
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due.values_list("pk", "subscriber_id", "language", "arm")[:most]


def _engaged_first(due: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Who opened or clicked lately comes first: a new domain is judged by its first days (D32)."""
    theirs = Subscription.objects.filter(
        subscriber=OuterRef("subscriber"), newsletter=OuterRef("issue__newsletter")
    )
    engaged = due.annotate(engaged_at=Subquery(theirs.values("engaged_at")[:1]))
    return engaged.order_by(F("engaged_at").desc(nulls_last=True), "due_at", "pk")


def _people(issue: Issue, numbers: Sequence[int], *, now: dt.datetime) -> dict[int, Person]:
    """The people of these numbers who have a tie to the newsletter."""
    digest = issue.campaign.kind == Campaign.Kind.DIGEST
    found = _tied(issue.newsletter, digest=digest).rows(now=now, numbers=numbers)
    return {
        number: Person(why, moment(paused), bool(tracked), *told)
        for number, why, paused, tracked, *told in found
    }


@compiled
def _tied(newsletter: str, *, digest: bool) -> QuerySet[Subscription, Any]:
    ties = Subscription.objects.filter(newsletter=newsletter, subscriber_id__in=among())
    told = [f"subscriber__{each}" for each in ("address", "name", "language", "time_zone")]
    return ties.annotate(excluded=exclusion(now=NOW, digest=digest)).values_list(
        "subscriber_id", "excluded", "paused_until", "tracking", *told
    )


def _never(readers: Iterable[Reader]) -> dict[int, tuple[State, str]]:
    """What of these goes to nobody, and why."""
    never: dict[int, tuple[State, str]] = {}
    for number, _, person in readers:
        if person.excluded not in {"", Exclusion.PAUSED}:
            never[number] = (State.SUPPRESSED, person.excluded)
        elif _spoils_header(person.name):
            never[number] = (State.REFUSED, "the name holds a line break")
    return never


def _pauses(readers: Iterable[Reader], *, now: dt.datetime) -> dict[int, Waiting]:
    """What of these waits for the end of a pause."""
    return {
        number: Waiting(reason=Wait.PAUSED, until=person.paused_until)
        for number, _, person in readers
        if person.paused_until and person.paused_until > now
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
    readers: Iterable[Reader],
    waiting: Mapping[int, Waiting],
    *,
    now: dt.datetime,
) -> None:
    """Give each delivery that waits the first slot of its person at which it may go."""
    if not waiting:
        return
    rhythm = rhythm_of(newsletter)
    together: dict[tuple[str, Wait, dt.datetime], list[int]] = defaultdict(list)
    for number, _, person in readers:
        if why := waiting.get(number):
            zone = person.time_zone if rhythm.is_local else ""
            together[zone, why.reason, why.until].append(number)
    for (zone, reason, until), numbers in together.items():
        slot = rhythm.next_slot(zone, after=until)
        _pending(numbers).update(due_at=slot, reason=reason, changed_at=now)


def _pending(numbers: Collection[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=numbers, state=State.PENDING)


def _spoils_header(text: str) -> bool:
    """True if a text would end a header early (S14): Anymail's backends do not look."""
    return not text.isprintable() and any(
        unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text
    )
