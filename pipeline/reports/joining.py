"""Which newsletters take no more requests to join for now, as an alarm for the clinic (S16)."""

import datetime as dt
from zoneinfo import ZoneInfo

from pipeline.audience.limits import rests_until
from pipeline.campaigns.revisions import current_configuration, is_configured


def resting(*, now: dt.datetime) -> list[str]:
    """A sentence for each newsletter whose form rests, with the time at which it goes on."""
    if not is_configured():
        return []
    told = []
    for letter in current_configuration().newsletters:
        until = rests_until(letter.key, most=letter.joins_per_hour, now=now)
        if until is not None:
            clock = f"{until.astimezone(ZoneInfo(letter.time_zone)):%H:%M}"
            told.append(
                f"Joining {letter.name} rests until {clock} ({letter.time_zone}):"
                f" {letter.joins_per_hour} people were asked to confirm within an hour. If that is"
                " more than you expect, somebody may be misusing the form."
            )
    return told
