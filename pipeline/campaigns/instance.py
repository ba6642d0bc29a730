"""Which Meridian this is: a restored or copied one sends nothing until a person confirms it.

Three witnesses are compared at each beat (promise 7). The database and a file beside it,
``instance.toml``, hold the same key and an epoch that only rises: a database from before knows a
lower one than the file. The database holds the machine and folder it ran at last: a copied home
runs at another. And the time of the last beat: what came due in a long silence may have gone out in
it, from a machine that was set back as a whole.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Exists

from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Instance

# Longer than this without a beat and nobody can tell what happened meanwhile.
SILENCE = dt.timedelta(minutes=30)
# More beats, and more people, than there ever are between two looks at the file.
_MARGIN = 1_000_000
MEND = "`meridian instance show` tells what would go out; `meridian instance confirm` lets it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What the file beside the database says.

    Attributes:
        people: The highest number a subscriber has had: links carry it, so none is given twice.
    """

    key: str
    epoch: int
    people: int = 0


class Record(Protocol):
    """The file beside the database. It keeps what is newest, whoever writes later."""

    def read(self) -> Witness | None:
        """What it says; None if there is no file."""
        ...

    def write(self, witness: Witness) -> None:
        """Write what is newer than what it says."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where this process runs: the machine's name for itself, and the home's folder."""

    machine: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a beat found.

    Attributes:
        stopped: Why nothing goes out, or "".
        silent_since: The beat before, if it is longer ago than :data:`SILENCE`.
    """

    stopped: str
    silent_since: dt.datetime | None = None


def is_stopped() -> Exists:
    """The condition that nothing may go out until a person confirms."""
    return Exists(Instance.objects.exclude(stopped=""))


def why_stopped() -> str:
    """Why nothing goes out, or ""; :data:`MEND` is what a person does about it."""
    return Instance.objects.exclude(stopped="").values_list("stopped", flat=True).first() or ""


def beat(record: Record, place: Place | None, *, now: dt.datetime, scheduler: bool = True) -> Beat:
    """Compare the witnesses, raise the epoch in both, and write down that somebody looked.

    The database comes first: a crash in between leaves the file behind it, which proves nothing.

    Args:
        record: The file beside the database.
        place: Where this runs; None where a database is shared by many machines.
        now: The time.
        scheduler: Whether it is a scheduler that looks; a sender's beat hides no silence.
    """
    with transaction.atomic():
        instance, seen = _found(record, place)
        if not instance.stopped:
            instance.stopped = _doubt(instance, seen, place)
        if instance.stopped:
            _stop(instance, now=now)
            return Beat(stopped=instance.stopped)
        last = instance.heartbeat_at
        instance.epoch += 1
        instance.heartbeat_at = now if scheduler else last
        _settle(instance, place)
        witness = _witness(instance, seen)
    record.write(witness)
    silent = scheduler and last is not None and now - last > SILENCE
    return Beat(stopped="", silent_since=last if silent else None)


def confirm(record: Record, place: Place | None, *, actor: str, now: dt.datetime) -> None:
    """Take a person's word that this is the one that sends.

    Numbers of people who were added after the backup are not given again, for their links are out.
    """
    with transaction.atomic():
        instance, seen = _found(record, place)
        reason, instance.stopped = instance.stopped, ""
        # Of many machines on one database, another may have seen a few beats more than this one.
        instance.epoch = max(instance.epoch, seen.epoch if seen else 0) + _MARGIN
        instance.heartbeat_at = now
        _settle(instance, place)
        if seen is not None and reason:
            _give_no_number_again(seen.people + _MARGIN)
        told = f"{actor} confirmed that this is the Meridian that sends"
        told += f", though {reason}." if reason else "."
        note("confirmed", told, actor=actor, now=now)
        witness = _witness(instance, seen)
    record.write(witness)


def _found(record: Record, place: Place | None) -> tuple[Instance, Witness | None]:
    """The row, locked, and what the file says by then.

    The file of a new database is written before its row is committed, so that no other process
    finds the one without the other. A crash in between leaves a file of the first epoch, in which
    nothing was ever sent.
    """
    made = {"key": secrets.token_hex(16), "path": place.path if place else ""}
    instance, new = Instance.objects.select_for_update().get_or_create(pk=1, defaults=made)
    seen = record.read()
    if new and seen is not None and seen.epoch > 1:
        instance.stopped = "the database is another than the one this home had"
    elif new:
        instance.key = seen.key if seen else instance.key
        instance.save()
        seen = _witness(instance, seen)
        record.write(seen)
    return instance, seen


def _settle(instance: Instance, place: Place | None) -> None:
    if place is not None:
        instance.machine, instance.path = place.machine, place.path
    instance.save()


def _doubt(instance: Instance, seen: Witness | None, place: Place | None) -> str:
    """Why this may be a copy, or ""."""
    if seen is None:
        # Where many machines share a database, each new one comes without the file.
        return "" if place is None else "the home's instance.toml is missing, as after a restore"
    if seen.key != instance.key:
        return "the database belongs to another home than instance.toml says"
    if seen.epoch > instance.epoch:
        return "the database is older than what was sent: it was restored from a backup"
    return "" if place is None else _moved(instance, place)


def _moved(instance: Instance, place: Place) -> str:
    """Why this may be a copy of a home that still runs elsewhere, or ""."""
    if place.machine and instance.machine and place.machine != instance.machine:
        return "this home came from another machine, which may still be sending"
    if instance.path and place.path != instance.path:
        return f"this home was at {instance.path} before, where a copy may still be sending"
    return ""


def _stop(instance: Instance, *, now: dt.datetime) -> None:
    known = Instance.objects.filter(pk=instance.pk, stopped=instance.stopped).exists()
    instance.save()
    if not known:
        note("stopped", f"Nothing goes out: {instance.stopped}.", actor=SCHEDULER, now=now)


def _witness(instance: Instance, seen: Witness | None) -> Witness:
    people = max(_highest_number(), seen.people if seen else 0)
    return Witness(key=instance.key, epoch=instance.epoch, people=people)


def _highest_number() -> int:
    """The highest number that any subscriber ever had."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'pipeline_subscriber'")
        else:
            cursor.execute("SELECT last_value FROM pipeline_subscriber_id_seq")
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _give_no_number_again(highest: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT setval('pipeline_subscriber_id_seq', %s)", [highest])
            return
        name = "pipeline_subscriber"
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [highest, name])
        if not cursor.rowcount:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, highest]
            )
