"""The sum that must add up at every instant (promise 10)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db.models import Count

from pipeline.audience.models import Notice
from pipeline.outbox.models import Delivery

State = Delivery.State

TERMS: Mapping[str, tuple[State, ...]] = {
    "excluded": (State.SUPPRESSED,),
    "waiting": (State.PENDING, State.CLAIMED),
    "sent": (State.ACCEPTED, State.DELIVERED, State.COMPLAINED),
    "failed": (State.BOUNCED, State.REFUSED, State.ABANDONED),
    "unknown": (State.UNKNOWN,),
    "cancelled": (State.CANCELLED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """planned = excluded + waiting + sent + failed + unknown + cancelled."""

    planned: int = 0
    excluded: int = 0
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0

    def adds_up(self) -> bool:
        """True if the six terms make the whole."""
        terms: dict[str, int] = asdict(self)
        return terms.pop("planned") == sum(terms.values())


def counts() -> dict[int, Counts]:
    """The sum of each issue that has deliveries, by the issue's number."""
    rows = Delivery.objects.values_list("issue_id", "state").annotate(n=Count("pk")).order_by()
    states: dict[int, dict[str, int]] = {}
    for issue, state, number in rows:
        states.setdefault(issue, {})[state] = number
    return {issue: _sum(by_state) for issue, by_state in states.items()}


def notice_counts() -> dict[str, Counts]:
    """The sum of each kind of notice there is, by the kind; who is purged is counted no more."""
    rows = Notice.objects.values_list("kind", "state").annotate(n=Count("pk")).order_by()
    states: dict[str, dict[str, int]] = {}
    for kind, state, number in rows:
        states.setdefault(kind, {})[state] = number
    return {kind: _sum(by_state) for kind, by_state in sorted(states.items())}


def _sum(by_state: Mapping[str, int]) -> Counts:
    # "planned" is counted by itself, not added up from the terms: else it could never disagree.
    terms = {
        term: sum(by_state.get(state, 0) for state in states) for term, states in TERMS.items()
    }
    return Counts(planned=sum(by_state.values()), **terms)
