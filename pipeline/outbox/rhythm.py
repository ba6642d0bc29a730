"""A person's own week: when the next slot of a newsletter comes on their clock."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from zoneinfo import available_timezones

from pipeline.campaigns.calendar import instant, slots, wall_time
from pipeline.campaigns.revisions import configuration_in_force
from pipeline.stages.days import EVERY_DAY, Days
from pipeline.values import Configuration, Newsletter

_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The week of a newsletter.

    Attributes:
        newsletter: What clinic.toml says of it; None if it names it no more. Then there is no slot,
            and any time is as good as another.
        days: The days the clinic does not send: no slot of anybody is on one.
    """

    newsletter: Newsletter | None
    days: Days = EVERY_DAY

    @property
    def is_local(self) -> bool:
        """Whether its slot is meant on each reader's own clock."""
        return self.newsletter is not None and self.newsletter.local_time

    def next_slot(self, zone: str, *, after: dt.datetime, nth: int = 0) -> dt.datetime:
        """The instant of the first slot at or after an instant, or of the nth behind it.

        Args:
            zone: The reader's own zone; what is no zone, or not asked for, is the newsletter's.
            after: Aware.
            nth: How many slots to pass over.
        """
        if self.newsletter is None:
            return after + nth * dt.timedelta(days=7)
        clock = zone if self.is_local and zone in known_zones() else self.newsletter.time_zone
        before = wall_time(after, clock) - _MINUTE
        weekly = slots(self.newsletter, after=before, days=self.days)
        # An hour that comes twice, or is skipped, may show a wall time that has passed.
        coming = (slot for slot in (instant(each, clock) for each in weekly) if slot >= after)
        return next(islice(coming, nth, None))


def rhythm_of(newsletter: str) -> Rhythm:
    """The week of the newsletter with this key."""
    configuration = configuration_in_force()
    known = named(newsletter, configuration) if configuration else None
    if configuration is None or known is None:
        return Rhythm(newsletter=None)
    return Rhythm(newsletter=known, days=Days(configuration.calendar))


def newsletter_in_force(key: str) -> Newsletter | None:
    """What clinic.toml says of a newsletter; None if it does not name it."""
    configuration = configuration_in_force()
    return named(key, configuration) if configuration else None


def named(key: str, configuration: Configuration) -> Newsletter | None:
    """The newsletter with this key."""
    return next((each for each in configuration.newsletters if each.key == key), None)


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The names of all time zones there are."""
    return frozenset(available_timezones())
