"""On what right a list is read in: no basis, no import (L7)."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.audience.models import Consent
from pipeline.errors import SettingError
from pipeline.values import Newsletter

BASES = (Consent.Basis.EXPRESS, Consent.Basis.IMPLIED, Consent.Basis.EXISTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every row of one import.

    Attributes:
        until: When an implied consent ends; None of any other.
        update: Whether known people get the list's values, where it has any.
    """

    newsletter: Newsletter
    basis: str
    actor: str
    until: dt.datetime | None = None
    update: bool = False

    def as_options(self) -> dict[str, str | bool]:
        """What must be the same for an import to go on after a crash."""
        until = self.until.isoformat() if self.until else ""
        return {"basis": self.basis, "until": until, "update": self.update}


def agreed(
    *, newsletter: Newsletter, basis: str, until: str, actor: str, update: bool, now: dt.datetime
) -> Terms:
    """The terms that a person named.

    Args:
        newsletter: The one people are subscribed to.
        basis: A value of ``Consent.Basis``.
        until: The last day of an implied consent, as 2027-03-31, on the newsletter's clock; or "".
        actor: Who answers for it.
        update: Whether known people get the list's values.
        now: The time.

    Raises:
        SettingError: An implied consent has no end, or one that is past; or no name is given (L8).
    """
    if not 0 < len(actor.strip()) <= 200:
        raise SettingError("nobody answers for this list", mend="Say who does: --by 'Kim Park'.")
    if basis != Consent.Basis.IMPLIED:
        if until:
            mend = "Leave --until out, or say --basis implied."
            raise SettingError(f"a consent that is {basis} has no end", mend=mend)
        return Terms(newsletter=newsletter, basis=basis, actor=actor.strip(), update=update)
    end = _end(until, newsletter)
    if end <= now:
        raise SettingError(f"--until {until} is past", mend="These people may not be written to.")
    return Terms(newsletter=newsletter, basis=basis, actor=actor.strip(), until=end, update=update)


def _end(until: str, newsletter: Newsletter) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(until)
        after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
        return after.replace(tzinfo=ZoneInfo(newsletter.time_zone or "UTC")).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise SettingError(
            "an implied consent needs its last day",
            mend="Say --until 2027-03-31: as the law of your country has it.",
        ) from error
