"""The suppression log outside the database: a file that a restored backup is brought up to date by.

A backup of last week does not know who left since. So every row of ``Suppression`` and ``Rejoin``
is written here as well, a line of JSON each, after its transaction: ``replay`` puts back what a
restored database lacks (L10). Like the tables it holds no address, only the keyed hash.
"""

import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from pipeline.audience.models import Rejoin, Suppression

log = logging.getLogger(__name__)

NAME = "suppression.jsonl"


def path() -> Path:
    """The file of this home."""
    return Path(settings.MERIDIAN_HOME) / ".meridian" / NAME


def keep(rows: Iterable[Suppression | Rejoin]) -> None:
    """Write rows down once the transaction they belong to is committed.

    A disk that is full stops nobody from leaving: the database has the row, and the log is told.
    """
    lines = [json.dumps(_told(row), ensure_ascii=False, separators=(",", ":")) for row in rows]
    if lines:
        transaction.on_commit(lambda: _append(lines))


def _told(row: Suppression | Rejoin) -> dict[str, Any]:
    if isinstance(row, Rejoin):
        ended = row.suppression
        more = {"rejoin": row.newsletter, "how": row.how}
    else:
        ended = row
        more = {"reason": row.reason, "source": row.source}
    named = {"hash": ended.address_hash, "newsletter": ended.newsletter, "number": ended.number}
    return {"at": row.created_at.isoformat(), **named, **more}


def _append(lines: list[str]) -> None:
    target = path()
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "ab") as stream:
            # A line cut short by a crash must not swallow this one: replay passes over empty lines.
            stream.write("".join(f"\n{line}\n" for line in lines).encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        log.warning("the suppression log cannot be written: %s", error.strerror)


def replay(source: Path) -> int:
    """Put into the database what the log has and it has not; doing it again changes nothing.

    A line that was cut short is passed over; the log keeps every other.

    Returns:
        How many rows it put there.
    """
    added = 0
    with source.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                added += _replayed(line, number)
    return added


def _replayed(line: bytes, number: int) -> int:
    try:
        told = json.loads(line)
        key = {
            "address_hash": str(told["hash"]),
            "newsletter": str(told["newsletter"]),
            "number": int(told["number"]),
        }
        return _restored(told, key, at=datetime.fromisoformat(told["at"]))
    except (ValueError, KeyError, TypeError):
        log.warning("line %s of the suppression log cannot be read; it is passed over", number)
        return 0


@transaction.atomic
def _restored(told: dict[str, Any], key: dict[str, Any], *, at: datetime) -> int:
    if "rejoin" not in told:
        values = {"reason": told["reason"], "source": told["source"], "created_at": at}
        return int(Suppression.objects.get_or_create(**key, defaults=values)[1])
    ended = Suppression.objects.filter(**key).first()
    if ended is None:
        # Its suppression was lost with a line: whoever is not suppressed needs no way back.
        return 0
    values = {"how": told["how"], "created_at": at}
    made = Rejoin.objects.get_or_create(
        suppression=ended, newsletter=told["rejoin"], defaults=values
    )
    return int(made[1])
