"""How people come in. Who left stays out, however often a list brings them back."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Consent, Subscriber, Subscription, Suppression
from pipeline.errors import SourceError

COLUMNS = ("address", "name", "language", "time_zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A row of a list: a normalised address and what is known of its person."""

    address: str
    name: str = ""
    language: str = ""
    time_zone: str = ""


def read_list(path: Path) -> tuple[Reader, ...]:
    """The readers of a CSV file with the columns address, name, language, time_zone.

    Raises:
        SourceError: It cannot be read, its head is another, or a row is wrong. Names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return tuple(_rows(path, csv.reader(stream)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            "the list cannot be read", mend="Save it as CSV in UTF-8.", path=path
        ) from error


def _rows(path: Path, rows: Iterable[list[str]]) -> Iterator[Reader]:
    for number, row in enumerate(rows, start=1):
        if number == 1:
            if tuple(row) != COLUMNS:
                mend = f"The first line must be: {','.join(COLUMNS)}"
                raise SourceError("the columns are others", mend=mend, path=path, line=1)
            continue
        if len(row) != len(COLUMNS):
            told = f"{len(row)} columns instead of {len(COLUMNS)}"
            raise SourceError(told, mend="Put texts with commas in quotes.", path=path, line=number)
        yield _reader(path, row, number)


def _reader(path: Path, row: list[str], line: int) -> Reader:
    address, name, language, time_zone = (cell.strip() for cell in row)
    try:
        spelt = normalise_address(address)
    except SourceError as error:
        raise SourceError(error.message, mend=error.mend, path=path, line=line) from error
    return Reader(address=spelt, name=name, language=language, time_zone=time_zone)


@transaction.atomic
def subscribe(
    readers: Iterable[Reader], *, newsletter: str, basis: str, source: str, now: datetime
) -> int:
    """Subscribe people to a newsletter, with a consent row for each, and tell how many were new.

    Known people are left as they are; suppressed ones are passed over (D34).
    """
    by_hash = {address_hash(reader.address): reader for reader in readers}
    # Lists are small until imports come: one query each for what is known and who left.
    known = set(
        Subscription.objects.filter(newsletter=newsletter).values_list(
            "subscriber__address_hash", flat=True
        )
    )
    left = set(
        Suppression.objects.filter(newsletter__in=["", newsletter]).values_list(
            "address_hash", flat=True
        )
    )
    new = {key: reader for key, reader in by_hash.items() if key not in known | left}
    people = _people(new, now=now)
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=person,
            newsletter=newsletter,
            state=Subscription.State.ACTIVE,
            changed_at=now,
        )
        for person in people
    )
    Consent.objects.bulk_create(
        Consent(
            subscriber_id=person.pk,
            address_hash=person.address_hash,
            newsletter=newsletter,
            basis=basis,
            source=source,
            actor="meridian",
            created_at=now,
        )
        for person in people
    )
    return len(people)


def _people(readers: dict[str, Reader], *, now: datetime) -> list[Subscriber]:
    Subscriber.objects.bulk_create(
        [
            Subscriber(
                address=reader.address,
                address_hash=key,
                name=reader.name,
                language=reader.language,
                time_zone=reader.time_zone,
                created_at=now,
            )
            for key, reader in readers.items()
        ],
        ignore_conflicts=True,
    )
    return list(Subscriber.objects.filter(address_hash__in=list(readers)).order_by("pk"))


def dismiss_demo(*, now: datetime) -> int:
    """End the subscriptions of the made-up readers, when a home stops being a demo.

    Returns:
        How many it ended.
    """
    made_up = Consent.objects.filter(basis=Consent.Basis.DEMO).values("subscriber_id")
    active = Subscription.objects.filter(subscriber_id__in=made_up, state=Subscription.State.ACTIVE)
    return active.update(state=Subscription.State.LEFT, changed_at=now)
