"""How people come in. Who left stays out, however often a list brings them back."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.db import transaction
from django.db.models import Exists, OuterRef

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Consent, Subscriber, Subscription
from pipeline.audience.suppression import standing
from pipeline.errors import SourceError

COLUMNS = ("address", "name", "language", "time_zone")
# As long as the table's columns, in characters.
LONGEST = {"name": 200, "language": 35, "time_zone": 64}


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
            return tuple(_rows(path, stream))
    except OSError as error:
        raise SourceError(
            f"the list cannot be read: {error.strerror or error}",
            mend="Look at its name and rights.",
            path=path,
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            "the list cannot be read", mend="Save it as CSV in UTF-8.", path=path
        ) from error


def _rows(path: Path, stream: TextIO) -> Iterator[Reader]:
    rows = csv.reader(stream)
    if tuple(next(rows, ())) != COLUMNS:
        mend = f"The first line must be: {','.join(COLUMNS)}"
        raise SourceError("the columns are others", mend=mend, path=path, line=1)
    # A text in quotes may hold line ends: a row is called by the line it begins on.
    line = rows.line_num + 1
    for row in rows:
        if row:
            yield _reader(path, row, line)
        line = rows.line_num + 1


def _reader(path: Path, row: list[str], line: int) -> Reader:
    if len(row) != len(COLUMNS):
        told = f"{len(row)} columns instead of {len(COLUMNS)}"
        raise SourceError(told, mend="Put texts with commas in quotes.", path=path, line=line)
    address, *others = (cell.strip() for cell in row)
    try:
        spelt = normalise_address(address)
    except SourceError as error:
        raise SourceError(error.message, mend=error.mend, path=path, line=line) from error
    for column, text in zip(COLUMNS[1:], others, strict=True):
        _refuse_unkept(column, text, path=path, line=line)
    name, language, time_zone = others
    return Reader(address=spelt, name=name, language=language, time_zone=time_zone)


def _refuse_unkept(column: str, text: str, *, path: Path, line: int) -> None:
    """Refuse what the table cannot hold, and what would break a header of the letter (S14)."""
    if len(text) > LONGEST[column]:
        told = f"the {column} is longer than {LONGEST[column]} characters"
        raise SourceError(told, mend="Shorten it.", path=path, line=line)
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in text):
        told = f"the {column} holds a line break or a control character"
        raise SourceError(told, mend="Type it again, on one line.", path=path, line=line)


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
    left = set(standing(newsletter).values_list("address_hash", flat=True))
    new = {key: reader for key, reader in by_hash.items() if key not in known | left}
    people = _people(new, now=now)
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=person,
            newsletter=newsletter,
            state=Subscription.State.ACTIVE,
            changed_at=now,
            joined_at=now,
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

    Whoever has asked for the newsletter, too, is not made up.

    Returns:
        How many it ended.
    """
    consents = Consent.objects.filter(
        subscriber_id=OuterRef("subscriber_id"), newsletter=OuterRef("newsletter")
    )
    made_up = Subscription.objects.filter(
        Exists(consents.filter(basis=Consent.Basis.DEMO)),
        ~Exists(consents.exclude(basis=Consent.Basis.DEMO)),
        state=Subscription.State.ACTIVE,
    )
    return made_up.update(state=Subscription.State.ENDED, changed_at=now)
