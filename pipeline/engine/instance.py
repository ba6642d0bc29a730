"""The file beside the database that says which Meridian this is, and the beat of both."""

import datetime as dt
import hashlib
import os
import time
import tomllib
from pathlib import Path

from django.conf import settings
from django.db import connection
from pydantic import TypeAdapter

from pipeline.audience import suppression_log
from pipeline.campaigns import instance
from pipeline.campaigns.instance import Beat, Place, Witness
from pipeline.campaigns.models import Issue
from pipeline.campaigns.revisions import current_configuration, is_configured
from pipeline.channels.files import write_whole
from pipeline.errors import SettingError
from pipeline.outbox.holding import hold_after_silence, hold_all_begun

_TEXT = """\
# Which Meridian this is. Written while it runs; a restored database is recognised by it.
# Do not copy it, and do not put an old one in its place.
key = "{key}"
epoch = {epoch}
people = {people}
"""
_MACHINE = Path("/etc/machine-id")
_PERIOD = 1.0  # seconds
_Read = TypeAdapter(Witness)


def beat(*, now: dt.datetime, scheduler: bool = True) -> Beat:
    """Look whether this is still the Meridian that sends, and hold what a silence left in doubt.

    Raises:
        SettingError: ``instance.toml`` cannot be read.
        OutboxError: It cannot be written; then nothing may be sent.
    """
    found = instance.beat(_file(), _place(), now=now, scheduler=scheduler)
    if found.silent_since is not None and is_configured():
        hold_after_silence(current_configuration(), since=found.silent_since, now=now)
    return found


class Pulse:
    """A sender's beats, at most one a second: it never sends far ahead of what the file knows."""

    def __init__(self) -> None:
        self._last = -_PERIOD
        self._stopped = ""

    def allows(self, *, now: dt.datetime) -> bool:
        """False while nothing may go out."""
        if time.monotonic() - self._last >= _PERIOD:
            self._stopped = beat(now=now, scheduler=False).stopped
            self._last = time.monotonic()
        return not self._stopped


def confirm(*, actor: str, now: dt.datetime) -> list[Issue]:
    """Let a stopped Meridian send again; what may have gone out already is held.

    Who left since the backup was made stays away: the log of them is read again (L10).

    Returns:
        The issues that are held: each is let go by ``meridian campaign release``.
    """
    reason = instance.why_stopped()
    if suppression_log.path().exists():
        suppression_log.replay(suppression_log.path())
    held = hold_all_begun(reason, now=now) if reason else []
    instance.confirm(_file(), _place(), actor=actor, now=now)
    return held


class InstanceFile:
    """``instance.toml``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Witness | None:
        """What it says; None if there is none.

        Raises:
            SettingError: It cannot be read.
        """
        try:
            return _Read.validate_python(tomllib.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SettingError(
                "this cannot be read, so nobody can tell whether the database is the newest",
                mend="Remove it; Meridian then waits for `meridian instance confirm`.",
                path=self._path,
            ) from error

    def write(self, witness: Witness) -> None:
        """Write what is newer than what it says: another process may have been faster.

        Raises:
            OutboxError: It cannot be written.
        """
        seen = self.read()
        if seen is None or witness.key != seen.key or witness.epoch > seen.epoch:
            text = _TEXT.format(key=witness.key, epoch=witness.epoch, people=witness.people)
            write_whole(self._path, text.encode())


def _file() -> InstanceFile:
    return InstanceFile(Path(settings.MERIDIAN_HOME) / ".meridian" / "instance.toml")


def _place() -> Place | None:
    """Where this runs. Machines that share a database are each somewhere else."""
    if connection.vendor != "sqlite":
        return None
    path = str(Path(str(connection.settings_dict["NAME"])).resolve().parent)
    return Place(machine=_machine(), path=path)


def _machine() -> str:
    """A name of this machine that tells nothing of it; "" where it has none of its own.

    A container gets a new one at each start: ``MERIDIAN_INSTANCE`` gives it one that stays.
    """
    try:
        own = os.environ.get("MERIDIAN_INSTANCE") or _MACHINE.read_text("utf-8").strip()
    except OSError:
        return ""
    return hashlib.sha256(f"meridian {own}".encode()).hexdigest()[:32] if own else ""
