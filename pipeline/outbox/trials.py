"""A trial under way: who gets which subject, what they did with it, and what the rest gets."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.lookups import LessThan

from pipeline.audience.models import Subscription
from pipeline.campaigns.log import SCHEDULER, note_once
from pipeline.campaigns.models import Issue
from pipeline.campaigns.trials import Trial, decide, winner_of
from pipeline.outbox.models import Delivery
from pipeline.outbox.waves import Waves, due

_ARMS = {"first": "a", "second": "b"}
_TAKEN = ["accepted", "delivered", "complained", "bounced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the readers of one arm did who agreed to be measured.

    Attributes:
        readers: How many of them got it.
        clicks: How many of these followed a link.
    """

    readers: int = 0
    clicks: int = 0


def arm(trial: Trial | None) -> Combinable:
    """The arm of each subscription of a query, as a column: "a", "b", or "" for the rest.

    By a hash of the subscriber's number alone: the same whenever, and wherever, it is asked. In a
    list of any order each arm gets its half of the sample.
    """
    if trial is None:
        return Value("", output_field=CharField())
    place = _place()
    return Case(
        When(_below(place, trial.share), then=Value("a")),
        When(_below(place, 2 * trial.share), then=Value("b")),
        default=Value(""),
        output_field=CharField(),
    )


def due_by_arm(waves: Waves, trial: Trial) -> Case:
    """When each subscription of a query is due: the sample in its wave, the rest hours later."""
    later = dt.timedelta(hours=trial.hours)
    sample = _below(_place(), 2 * trial.share)
    return Case(When(sample, then=due(waves)), default=due(waves, later=later))


def _place() -> Combinable:
    """A number from 0 to 199 for each subscription: the upper bits of a linear congruence."""
    number = Cast(F("subscriber_id"), BigIntegerField()) % Value(2**31)
    mixed = (number * Value(1_103_515_245) + Value(12_345)) % Value(2**31)
    return (mixed / Value(2**16)) % Value(200)


def _below(place: Combinable, end: int) -> Q:
    return Q(LessThan(place, Value(end)))


def subject_of(issue: Issue, arm: str) -> str:
    """The subject the readers of an arm get; the rest gets the winner's."""
    trial = Trial.of(issue)
    second = trial is not None and (arm or winner_of(issue)) == "b"
    return trial.subject if trial and second else issue.subject


def figures(issue: Issue) -> Mapping[str, Figures]:
    """What came of each arm, of those alone who agreed to be measured (promise 5)."""
    consent = Subscription.objects.filter(
        subscriber=OuterRef("subscriber"), newsletter=issue.newsletter, tracking=True
    )
    rows = (
        Delivery.objects.filter(Exists(consent), issue=issue, arm__in=["a", "b"], state__in=_TAKEN)
        .values_list("arm")
        .annotate(Count("pk"), Count("clicked_at"))
        .order_by()
    )
    return {arm: Figures(readers=readers, clicks=clicks) for arm, readers, clicks in rows}


def is_decided(issue: Issue, *, now: dt.datetime) -> bool:
    """Whether the rest may get the issue; finds the winner if its time has come.

    An issue without a trial is decided; one whose winner a person is asked for waits.
    """
    return Trial.of(issue) is None or bool(winner_of(issue)) or _is_now_decided(issue, now=now)


@transaction.atomic
def _is_now_decided(issue: Issue, *, now: dt.datetime) -> bool:
    current = Issue.objects.select_for_update(of=("self",)).select_related("campaign")
    fresh = current.get(pk=issue.pk)
    _decide(fresh, now=now)
    issue.trial = fresh.trial
    return bool(winner_of(issue))


def _decide(issue: Issue, *, now: dt.datetime) -> None:
    trial = Trial.of(issue)
    if trial is None or winner_of(issue) or issue.released_at is None:
        return
    if now < issue.released_at + dt.timedelta(hours=trial.hours):
        return
    found = figures(issue)
    rule = trial.rule if trial.rule != "clicks" else _by_clicks(found) or trial.otherwise
    told = {name: [each.readers, each.clicks] for name, each in sorted(found.items())}
    if rule == "ask":
        said = "the rest waits for a person to choose one of the two subjects"
        note_once("waits", said, actor=SCHEDULER, now=now, issue=issue, figures=told)
        return
    winner = _ARMS.get(rule, rule)
    why = "more of its readers clicked" if rule in {"a", "b"} else "so it was set beforehand"
    decide(issue, winner, told=why, actor=SCHEDULER, now=now, figures=told)


def _by_clicks(found: Mapping[str, Figures]) -> str:
    """The arm with the larger share of clicks; "" unless both have figures, and these differ."""
    first, second = found.get("a", Figures()), found.get("b", Figures())
    if not (first.readers and second.readers):
        return ""
    ahead = first.clicks * second.readers - second.clicks * first.readers
    return "a" if ahead > 0 else "b" if ahead < 0 else ""
