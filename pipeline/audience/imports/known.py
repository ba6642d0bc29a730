"""What is known already of the people in a stretch of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from pipeline.audience.imports.bulk import among
from pipeline.audience.models import Rejoin, Subscriber, Subscription, Suppression


@dataclass(slots=True)
class Stop:
    """The latest suppression of a person in one scope.

    Attributes:
        everything: Whether it holds for all newsletters.
        holds: Whether it holds for the newsletter that is asked about.
        outweighed: Whether the person came back since, to any newsletter.
    """

    reason: str
    everything: bool
    holds: bool
    outweighed: bool


@dataclass(slots=True)
class Known:
    """A person, as far as they are known; ``number`` is 0 of who is not, or only as suppressed."""

    number: int = 0
    erased: bool = False
    values: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    subscription: int = 0
    state: str = ""
    until: datetime | None = None
    stops: list[Stop] = field(default_factory=list)


NOBODY = Known()


def known(hashes: Sequence[str], newsletter: str) -> Mapping[str, Known]:
    """What is known, by address hash; whoever is new is left out.

    The rows of known people are locked until the transaction ends.
    """
    found = {}
    people = Subscriber.objects.select_for_update().filter(address_hash__in=among(hashes))
    for row in people.order_by("pk"):
        values = {"name": row.name, "language": row.language, "time_zone": row.time_zone}
        found[row.address_hash] = Known(
            number=row.pk, erased=not row.address, values=values, fields=row.fields
        )
    by_number = {person.number: person for person in found.values()}
    mine = Subscription.objects.filter(newsletter=newsletter, subscriber_id__in=by_number)
    for number, subscriber, state, until in mine.values_list(
        "pk", "subscriber_id", "state", "until"
    ):
        person = by_number[subscriber]
        person.subscription, person.state, person.until = number, state, until
    _add_stops(found, hashes, newsletter)
    return found


def _add_stops(found: dict[str, Known], hashes: Sequence[str], newsletter: str) -> None:
    back = Rejoin.objects.filter(suppression=OuterRef("pk"))
    rows = Suppression.objects.filter(
        newsletter__in=["", newsletter], address_hash__in=among(hashes)
    )
    rows = rows.annotate(back_here=Exists(back.filter(newsletter=newsletter)), back=Exists(back))
    for row in rows.order_by("number"):
        stop = Stop(
            reason=row.reason,
            everything=not row.newsletter,
            holds=not row.back_here,
            outweighed=row.back,
        )
        found.setdefault(row.address_hash, Known()).stops.append(stop)
