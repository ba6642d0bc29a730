"""Preflight: what is looked at before a campaign may send. Values in, findings out."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q

from pipeline.audience.reach import reachable
from pipeline.campaigns.alarms import alarm_of
from pipeline.campaigns.calendar import due_at
from pipeline.campaigns.models import Issue
from pipeline.campaigns.slots import WEEKLY
from pipeline.values import Finding, Level

# More or fewer readers than that, beside the last issue, and a person should look.
JUMP = 2
# Fewer readers than that come and go by themselves.
FEW = 50
# A slot so lately passed is no mistake: the issue goes out at once.
_LATE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a preflight judges.

    Attributes:
        newsletter: Its name.
        recipients: How many an issue would go to now; None of a welcome, whose readers come later.
        last: How many the last issue of the newsletter went to; None if there was none.
        mail_api: The channel that issues go out by.
        api_url: The address of its mail API, if it is another than the provider's.
        url: The public address of this Meridian.
        postal_address: Of the clinic.
        due: When each part is due, by its number; UTC.
        now: The time.
        warnings: What the calendar says: collisions, slots too near to each other.
        alarm: What went wrong with the newsletter's last letters, until a person answers for it.
    """

    newsletter: str
    recipients: int | None
    last: int | None
    mail_api: str
    url: str
    api_url: str = ""
    postal_address: tuple[str, ...]
    now: dt.datetime
    due: Mapping[int, dt.datetime] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()
    alarm: str = ""


def preflight(facts: Facts) -> tuple[Finding, ...]:
    """What is wrong with sending so; errors stop it, and warnings ask for a second look."""
    return (*_readers(facts), *_surroundings(facts), *_slots(facts), *_calendar(facts))


def facts_of(
    newsletter: str,
    *,
    name: str,
    postal_address: tuple[str, ...],
    issues: Iterable[Issue] = (),
    welcome: bool = False,
    warnings: tuple[Finding, ...] = (),
    now: dt.datetime,
) -> Facts:
    """The facts as they are in the tables and settings."""
    return Facts(
        newsletter=name,
        recipients=None if welcome else reachable(newsletter, now=now).count(),
        last=_last(newsletter),
        mail_api=str(settings.MERIDIAN_MAIL_API),
        url=str(settings.MERIDIAN_URL),
        api_url=str(settings.ANYMAIL.get(f"{settings.MERIDIAN_MAIL_API.upper()}_API_URL", "")),
        postal_address=postal_address,
        now=now,
        due={issue.part: due_at(issue) for issue in issues if issue.slot},
        warnings=warnings,
        alarm=alarm_of(newsletter),
    )


def _last(newsletter: str) -> int | None:
    released = Issue.objects.filter(
        newsletter=newsletter, released_at__isnull=False, campaign__kind__in=WEEKLY
    )
    last = released.order_by("released_at", "pk").last()
    if last is None:
        return None
    written_to = Count("deliveries", filter=~Q(deliveries__state="suppressed"))
    return int(Issue.objects.filter(pk=last.pk).aggregate(count=written_to)["count"])


def _readers(facts: Facts) -> Iterator[Finding]:
    if facts.recipients is None:
        return
    if not facts.recipients:
        yield _finding(
            "nobody",
            "error",
            f"nobody would get it: {facts.newsletter} has no readers",
            "Bring them in with `meridian subscribers import`, or let them join first.",
        )
    elif facts.last is not None and _is_jump(facts.recipients, facts.last):
        yield _finding(
            "audience-jump",
            "warning",
            f"it would go to {facts.recipients} readers; the last issue went to {facts.last}",
            "See that the list is right, then say --yes.",
        )


def _is_jump(now: int, before: int) -> bool:
    apart = abs(now - before) >= FEW
    return apart and (now * JUMP < before or now > before * JUMP)


def _surroundings(facts: Facts) -> Iterator[Finding]:
    if facts.alarm:
        yield _finding(
            "complaints",
            "error",
            facts.alarm,
            "See why, then say so with `meridian campaign acknowledge`.",
        )
    if not any(line.strip() for line in facts.postal_address):
        yield _finding(
            "no-postal-address",
            "error",
            "the clinic has no postal address",
            "Write postal_address into clinic.toml: the law asks for it.",
        )
    address = urlsplit(facts.url)
    if facts.mail_api != "folder" and address.scheme != "https" and not _is_here(facts.api_url):
        yield _finding(
            "no-public-address",
            "error",
            f"MERIDIAN_URL is {facts.url}, where no reader could unsubscribe",
            "Set it to the public https address of this Meridian.",
        )


def _is_here(api_url: str) -> bool:
    """Whether a mail API is a server on this machine: then nothing leaves it."""
    return (urlsplit(api_url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _slots(facts: Facts) -> Iterator[Finding]:
    for part, due in sorted(facts.due.items()):
        if due < facts.now - _LATE:
            yield _finding(
                "slot-passed",
                "error",
                f"the slot of part {part} has passed",
                "Give it another with `meridian campaign move`.",
            )


def _calendar(facts: Facts) -> Iterator[Finding]:
    """What the calendar says; that a slot has passed is said here already, and stops it."""
    yield from (each for each in facts.warnings if each.code != "slot-passed")


def _finding(code: str, level: Level, message: str, suggestion: str) -> Finding:
    return Finding(
        code=code, level=level, message=message, suggestion=suggestion, where="preflight"
    )
