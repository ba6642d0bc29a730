"""A clinic that sends on Tuesdays at ten in New York, and issues with slots.

``NOW`` is such a Tuesday at ten, 3 March 2026.
"""

import datetime as dt
import hashlib

from django.db.models import QuerySet

from pipeline.campaigns.cadence import Cadence
from pipeline.campaigns.calendar import instant
from pipeline.campaigns.models import Campaign, ConfigurationRevision, Issue, LogEntry
from pipeline.campaigns.slots import cadence_of
from tests import factories
from tests.factories import NOW

ZONE = "America/New_York"
TUE = [f"2026-03-{day}T10:00" for day in ("10", "17", "24", "31")] + [
    f"2026-04-{day}T10:00" for day in ("07", "14", "21", "28")
]
_CLINIC = """
[clinic]
name = "Harbour Street Acupuncture"
postal_address = ["12 Harbour Street", "Fairhaven 00000"]
website = "https://harbour-street.example.com"
time_zone = "{zone}"

[[newsletters]]
key = "weekly"
name = "The Harbour Letter"
from_name = "Harbour Street Acupuncture"
from_address = "letter@harbour-street.example.com"
weekday = "{weekday}"
time = {time}
{newsletter}

[calendar]
{calendar}
"""


def clinic(
    *,
    newsletter: str = "",
    calendar: str = "",
    weekday: str = "tuesday",
    time: str = "10:00:00",
    zone: str = ZONE,
) -> None:
    """Put a clinic.toml in force, with more lines for the newsletter and for the calendar."""
    text = _CLINIC.format(
        newsletter=newsletter, calendar=calendar, weekday=weekday, time=time, zone=zone
    )
    ConfigurationRevision.objects.create(
        sha256=hashlib.sha256(text.encode()).hexdigest(), content=text.encode(), created_at=NOW
    )


def rules(now: dt.datetime = NOW) -> Cadence:
    """What the clinic in force gives slots by."""
    found = cadence_of("weekly", now=now)
    assert found is not None
    return found


def issue(
    part: int,
    slot: str,
    *,
    article: str = "warmth",
    of: int = 4,
    approved: bool = True,
    gone: dt.datetime | None = None,
    zone: str = ZONE,
) -> Issue:
    """An issue that waits for a slot, or went out in it."""
    state = Issue.State.SENT if gone else Issue.State.SCHEDULED
    made = factories.issue(part=part, of=of, article=article, state=state, approved=approved)
    Issue.objects.filter(pk=made.pk).update(slot=slot, time_zone=zone, released_at=gone)
    made.refresh_from_db()
    return made


def series(*slots: str, article: str = "warmth") -> list[Issue]:
    """A series with a part in each slot."""
    return [issue(part, slot, article=article) for part, slot in enumerate(slots, 1)]


def evergreen(
    article: str, *, parts: int = 1, season: str = "", approved: bool = True
) -> list[Issue]:
    """An evergreen article that waits for free slots."""
    made = [issue(part, "", article=article, of=parts, approved=approved)
            for part in range(1, parts + 1)]  # fmt: skip
    campaigns = Campaign.objects.filter(article=article)
    campaigns.update(kind=Campaign.Kind.EVERGREEN, season=season, title=article)
    return made


def fix(made: Issue) -> None:
    """Let a person have chosen the slot."""
    Issue.objects.filter(pk=made.pk).update(edits={"slot": {"value": made.slot, "by": "ana"}})


def slots(article: str = "warmth") -> list[str]:
    """The slots of an article's issues, by part."""
    found = Issue.objects.filter(campaign__article=article).order_by("part")
    return list(found.values_list("slot", flat=True))


def log(kind: str = "") -> list[str]:
    """What the log tells, oldest first; without a kind, all but who approved what."""
    found = LogEntry.objects.filter(kind=kind) if kind else entries()
    return list(found.order_by("pk").values_list("told", flat=True))


def entries() -> QuerySet[LogEntry]:
    """The lines of the log, but for those of approvals: every issue here has one."""
    return LogEntry.objects.exclude(kind="approved")


def at(day: str, time: str = "10:00", zone: str = ZONE) -> dt.datetime:
    """The instant a clock shows ``2026-03-10`` and a time."""
    return instant(dt.datetime.fromisoformat(f"{day}T{time}"), zone)
