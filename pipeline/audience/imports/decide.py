"""What becomes of one row: decided from what it says and what is known, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipeline.audience.imports.known import NOBODY, Known, Stop
from pipeline.audience.imports.terms import Terms
from pipeline.audience.lists.entries import Entry
from pipeline.audience.lists.states import OptOut
from pipeline.audience.models import Subscription, Suppression
from pipeline.audience.suppression import is_graver, outlasts

_STATE = Subscription.State
_VALUES = ("name", "language", "time_zone")


class Outcome(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    UPDATED = "updated"
    KNOWN = "known"
    SUPPRESSED = "suppressed"
    OPTED_OUT = "opted out"
    REPEATED = "repeated"
    REFUSED = "refused"

    @property
    def told(self) -> str:
        """For people."""
        return _TOLD[self]


_TOLD = {
    Outcome.ADDED: "added",
    Outcome.UPDATED: "updated",
    Outcome.KNOWN: "known, left as they are",
    Outcome.SUPPRESSED: "kept suppressed",
    Outcome.OPTED_OUT: "opted out, as the list says",
    Outcome.REPEATED: "in the list twice",
    Outcome.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a row, and what is to be written.

    Attributes:
        person: New values of the person by name, with the old ones: ``{"name": (old, new)}``.
        subscription: The same of a subscription that is there.
        renewed: Whether the right to write is new or longer, and so a consent is written.
        again: Whether an opt-out comes after one that was ended, and is numbered anew.
    """

    outcome: Outcome
    reason: str = ""
    person: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    subscription: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    renewed: bool = False
    again: bool = False


_ADDED = Decision(Outcome.ADDED, renewed=True)
_OPTED_OUT = Decision(Outcome.OPTED_OUT)


def decide(entry: Entry, known: Known, terms: Terms) -> Decision:
    """What becomes of a row.

    Whoever left, complained, bounced or was forgotten stays out, whatever the options (D34). Known
    people keep what they have; with ``update`` they get what the list has, never its gaps.
    """
    if entry.out is not None:
        return _opting_out(entry.out, known)
    if known is NOBODY:
        return Decision(Outcome.ADDED, entry.note, renewed=True) if entry.note else _ADDED
    stop = next((stop for stop in reversed(known.stops) if stop.holds), None)
    if stop is not None:
        return Decision(Outcome.SUPPRESSED, Suppression.Reason(stop.reason).label)
    if known.erased:
        return Decision(Outcome.SUPPRESSED, Suppression.Reason.ERASED.label)
    if not known.number:
        return _ADDED
    return _known(entry, known, terms)


def _opting_out(out: OptOut, known: Known) -> Decision:
    same = [stop for stop in known.stops if stop.everything == out.everything]
    if not same:
        wider = any(stop.everything and stop.holds for stop in known.stops)
        return Decision(Outcome.SUPPRESSED, "is known") if wider else _OPTED_OUT
    last = same[-1]
    more = not last.outweighed and outlasts(out.reason, last.reason)
    if more or is_graver(out.reason, last.reason):
        return Decision(Outcome.OPTED_OUT, again=True)
    return _already(last)


def _already(last: Stop) -> Decision:
    """An old list does not outweigh what a person did themselves since."""
    if last.outweighed:
        return Decision(Outcome.KNOWN, "came back by their own act")
    return Decision(Outcome.SUPPRESSED, "is known")


def _known(entry: Entry, known: Known, terms: Terms) -> Decision:
    person = _changes(entry, known) if terms.update else {}
    if not known.subscription:
        return Decision(Outcome.ADDED, entry.note, person=person, renewed=True)
    if known.state == _STATE.ENDED:
        ties = {"state": (known.state, _STATE.ACTIVE.value), "until": (known.until, terms.until)}
        return Decision(Outcome.ADDED, entry.note, person, ties, renewed=True)
    if known.state == _STATE.LEFT:
        return Decision(Outcome.SUPPRESSED, "left")
    if known.state == _STATE.PENDING:
        return Decision(Outcome.KNOWN, "has not confirmed yet")
    longer = terms.update and _is_longer(known.until, terms.until)
    if not person and not longer:
        return Decision(Outcome.KNOWN, entry.note)
    ties = {"until": (known.until, terms.until)} if longer else {}
    return Decision(Outcome.UPDATED, entry.note, person, ties, renewed=longer)


def _changes(entry: Entry, known: Known) -> dict[str, tuple[Any, Any]]:
    """What the list has and the person has not so; a gap in the list empties nothing."""
    changed: dict[str, tuple[Any, Any]] = {
        name: (known.values[name], given)
        for name in _VALUES
        if (given := getattr(entry, name)) and given != known.values[name]
    }
    fields = {**known.fields, **entry.fields}
    if fields != known.fields:
        changed["fields"] = (known.fields, fields)
    return changed


def _is_longer(until: datetime | None, new: datetime | None) -> bool:
    return until is not None and (new is None or new > until)
