"""Which issue goes out when: one a week, the older series first, in the order of its parts.

Pure: claims in, moves out. The same claims give the same moves, and moved claims give none.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipeline.campaigns.calendar import far_enough, is_slot, slots
from pipeline.errors import SettingError
from pipeline.stages.days import Days
from pipeline.values import Newsletter

_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An issue and the slot it has.

    Attributes:
        issue: Its number.
        series: Its campaign's number; the smaller is the older.
        slot: Wall time in the newsletter's zone.
        stands: Whether it is moved for nobody: it has gone out or is about to, or a person set it.
        put_off: Why it cannot keep its slot, whatever the calendar says; "" if it may.
        start: The first wall time its campaign may go out; None for any.
    """

    issue: int
    series: int
    part: int
    slot: dt.datetime
    stands: bool = False
    put_off: str = ""
    start: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An issue that goes out at another time than it was to.

    Attributes:
        slot: The one it gets; None if the calendar leaves none.
        why: What is in the way of its slot, in words that go on after a colon.
    """

    issue: int
    before: dt.datetime
    slot: dt.datetime | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What slots are given by: the newsletter's rhythm, the clinic's days, and the hour it is.

    Attributes:
        here: What the clock of the newsletter's zone shows.
    """

    newsletter: Newsletter
    days: Days
    here: dt.datetime

    def settled(self, claims: Iterable[Claim]) -> list[Move]:
        """What has to move so that every claim has a slot of its own.

        An older series is served before a newer one, and within a series part by part. A claim
        keeps its slot if it can; else it gets the first free one from the beginning of its week on,
        so that a gap somebody meant to be there stays.
        """
        ordered = sorted(claims, key=lambda claim: (claim.series, claim.part))
        taken = [claim.slot for claim in ordered if claim.stands]
        moves: list[Move] = []
        for _, parts in groupby(ordered, key=lambda claim: claim.series):
            moves.extend(self._settled_series(parts, taken))
        return moves

    def _settled_series(self, parts: Iterable[Claim], taken: list[dt.datetime]) -> Iterator[Move]:
        """The moves of one series; what its parts take is added to ``taken``."""
        last: dt.datetime | None = None
        for claim in parts:
            slot = claim.slot
            if not claim.stands:
                move = self._move(claim, last, taken)
                if move:
                    yield move
                if move and move.slot is None:
                    continue
                slot = move.slot if move and move.slot else slot
                taken.append(slot)
            last = max(last, slot) if last else slot

    def _move(
        self, claim: Claim, last: dt.datetime | None, taken: list[dt.datetime]
    ) -> Move | None:
        """Where a claim goes that cannot keep its slot; None if it can."""
        start = claim.start and claim.start - _MINUTE
        floor = max(each for each in (self.here, last, start) if each)
        try:
            why = self._obstacle(claim, floor, taken)
            slot = self._free(claim, floor, taken) if why else None
        except SettingError as error:
            return Move(issue=claim.issue, before=claim.slot, slot=None, why=error.message)
        return Move(issue=claim.issue, before=claim.slot, slot=slot, why=why) if why else None

    def _obstacle(self, claim: Claim, floor: dt.datetime, taken: list[dt.datetime]) -> str:
        """Why a claim cannot keep its slot; "" if it can."""
        if claim.put_off:
            return claim.put_off
        closed = self.days.closed(claim.slot.date())
        if closed:
            return closed.why
        if not is_slot(self.newsletter, claim.slot, days=self.days):
            day, time = self.newsletter.weekday, self.newsletter.time
            return f"the newsletter goes out on {day.capitalize()}s at {time:%H:%M} now"
        if claim.slot <= floor:
            return "what comes before it has moved"
        if not far_enough(claim.slot, taken):
            return "another letter goes out less than six days from then"
        return ""

    def _free(self, claim: Claim, floor: dt.datetime, taken: list[dt.datetime]) -> dt.datetime:
        monday = claim.slot.date() - dt.timedelta(days=claim.slot.weekday())
        week = dt.datetime.combine(monday, dt.time()) - _MINUTE
        after = max(floor, claim.slot if claim.put_off else week)
        found = slots(self.newsletter, after=after, days=self.days)
        return next(slot for slot in found if far_enough(slot, taken))
