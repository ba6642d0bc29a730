"""How much may go now: the throttle of a newsletter, and the warm-up of a sender's domain (D32).

A new domain sends a few letters on its first day, and on no later day more than twice what it sent
on a day before. Who opened or clicked lately comes first; the rest goes the next day, at the hour
of the slot. Source: Google's guidelines for senders, answer 81126.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.campaigns.acts import find
from pipeline.campaigns.calendar import instant, wall_time
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Issue
from pipeline.campaigns.revisions import (
    configuration_in_force,
    current_configuration,
    is_configured,
)
from pipeline.errors import SettingError
from pipeline.outbox.models import Batch, Delivery, SendingDay
from pipeline.outbox.rhythm import named, newsletter_in_force
from pipeline.values import Configuration, Newsletter

_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)
# More than anybody sends in a day, and what the column holds.
_MOST = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many letters may go now, and whether who is engaged comes first."""

    letters: int
    engaged_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What a sender's domain may send today, and has sent.

    Attributes:
        day: ``YYYY-MM-DD`` in the clinic's zone.
        over_by: Who let it send more today, or "".
    """

    domain: str
    day: str
    cap: int
    used: int
    over_by: str = ""

    @property
    def told(self) -> str:
        """``news.example.com: 120 of 200 letters today (warm-up)``."""
        over = f"; {self.over_by} lets it send more" if self.over_by else ""
        return f"{self.domain}: {self.used} of {self.cap} letters today (warm-up{over})"


def budget(issue: Issue, *, now: dt.datetime) -> Budget | None:
    """How many letters of an issue may go now; None if nothing bounds them.

    In the transaction of a claim: senders of one domain wait for each other here, so that two of
    them together do not send more.
    """
    configuration = configuration_in_force()
    newsletter = named(issue.newsletter, configuration) if configuration else None
    if configuration is None or newsletter is None:
        return None
    domain = _domain(issue.envelope["from_address"])
    first = _first_cap(domain, configuration)
    if not (first or newsletter.per_hour):
        return None
    day = _locked_day(domain, first, configuration.clinic.time_zone, now=now)
    capped = bool(day.cap and first and not day.over_by)
    left = [_left_of_day(day, issue, newsletter, configuration, now=now)] if capped else []
    if newsletter.per_hour:
        left.append(_left_of_hour(issue, newsletter.per_hour, now=now))
    # With the cap lifted and no throttle, nothing bounds them.
    return Budget(letters=max(0, min(left)), engaged_first=capped) if left else None


def go_over(*, article: str, actor: str, now: dt.datetime) -> Cap:
    """Let the domain of an article's newsletter send more than its warm-up allows, today.

    Raises:
        SettingError: There is no such campaign, nobody is named, or there is no cap.
    """
    name = " ".join(actor.split())
    if not 0 < len(name) <= 200:
        raise SettingError("nobody is named who answers for it", mend="Say who: --by NAME.")
    campaign = find(article)
    newsletter = newsletter_in_force(campaign.newsletter)
    configuration = current_configuration() if newsletter else None
    domain = _domain(newsletter.from_address) if newsletter else ""
    first = _first_cap(domain, configuration) if configuration else 0
    if configuration is None or not first:
        raise SettingError(f"no warm-up bounds {article}", mend="`meridian outbox` shows the caps.")
    zone = configuration.clinic.time_zone
    day = _day(domain, first, zone, now=now)
    SendingDay.objects.filter(pk=day.pk).update(over_by=name)
    told = f"{domain} may send more than {day.cap} letters on {day.day}"
    note("over cap", told, actor=name, now=now, campaign=campaign, cap=day.cap, domain=domain)
    used = _sent(_issues_of(domain), *_span(day.day, zone))
    return Cap(domain=domain, day=day.day, cap=day.cap, used=used, over_by=name)


def caps(*, now: dt.datetime) -> list[Cap]:
    """What each domain with a warm-up may send today, and has sent. Changes nothing."""
    if not is_configured():
        return []
    configuration = current_configuration()
    zone = configuration.clinic.time_zone
    today = _date(now, zone)
    found = []
    for domain in sorted({_domain(each.from_address) for each in configuration.newsletters}):
        first = _first_cap(domain, configuration)
        if first:
            day = SendingDay.objects.filter(domain=domain, day=today).first()
            cap = (day.cap if day else 0) or _cap(domain, first, zone, before=today)
            used = _sent(_issues_of(domain), *_span(today, zone))
            over_by = day.over_by if day else ""
            found.append(Cap(domain=domain, day=today, cap=cap, used=used, over_by=over_by))
    return found


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _first_cap(domain: str, configuration: Configuration) -> int:
    """What a domain sends on its first day: the least of its newsletters' plans; 0 without one."""
    plans = [
        each.warm_up
        for each in configuration.newsletters
        if each.warm_up and _domain(each.from_address) == domain
    ]
    return min(plans, default=0)


def _locked_day(domain: str, first: int, zone: str, *, now: dt.datetime) -> SendingDay:
    day = _day(domain, first, zone, now=now)
    return SendingDay.objects.select_for_update().get(pk=day.pk)


def _day(domain: str, first: int, zone: str, *, now: dt.datetime) -> SendingDay:
    """The row of today, with its cap."""
    today = _date(now, zone)
    day, _ = SendingDay.objects.get_or_create(domain=domain, day=today)
    if first and not day.cap:
        day.cap = _cap(domain, first, zone, before=today)
        SendingDay.objects.filter(pk=day.pk, cap=0).update(cap=day.cap)
    return day


def _cap(domain: str, first: int, zone: str, *, before: str) -> int:
    """At most twice what went out on a day before; a day on which little went out raises little.

    What a person let go over the cap of a day counts as the cap.
    """
    earlier = SendingDay.objects.filter(domain=domain, day__lt=before, cap__gt=0)
    last = earlier.order_by("day").last()
    if last is None:
        return first
    sent = min(last.cap, _sent(_issues_of(domain), *_span(last.day, zone)))
    return min(_MOST, max(last.cap, 2 * sent))


def _left_of_day(
    day: SendingDay,
    issue: Issue,
    newsletter: Newsletter,
    configuration: Configuration,
    *,
    now: dt.datetime,
) -> int:
    """What the cap leaves; on a later day than the first, nothing before the hour of the slot."""
    start, end = _span(day.day, configuration.clinic.time_zone)
    carried_over = issue.released_at is not None and issue.released_at < start
    if carried_over and wall_time(now, newsletter.time_zone).time() < newsletter.time:
        return 0
    return day.cap - _sent(_issues_of(day.domain), start, end)


def _left_of_hour(issue: Issue, per_hour: int, *, now: dt.datetime) -> int:
    """What the throttle leaves: a share for each minute since the release, at most an hour's."""
    since = min(_HOUR, max(dt.timedelta(0), now - (issue.released_at or now)))
    minutes = since // dt.timedelta(minutes=1) + 1
    share = -(-per_hour * min(60, minutes) // 60)
    issues = Issue.objects.filter(newsletter=issue.newsletter, released_at__isnull=False)
    # What a clock that was set back has put into the future counts, too.
    return share - _sent(issues.values_list("pk", flat=True), now - _HOUR, now + _DAY)


def _issues_of(domain: str) -> list[int]:
    released = Issue.objects.filter(released_at__isnull=False)
    senders = released.values_list("pk", "envelope__from_address")
    return [number for number, address in senders if _domain(address) == domain]


def _sent(issues: Collection[int], start: dt.datetime, end: dt.datetime) -> int:
    """How many letters of these issues were sent from a time on until another."""
    # What is sent was claimed with its batch, and there are far fewer of these.
    batches = Batch.objects.filter(created_at__gt=start, created_at__lt=end)
    sent = Delivery.objects.filter(batch__in=batches, sent_at__isnull=False)
    return sent.filter(issue_id__in=issues).count()


def _date(now: dt.datetime, zone: str) -> str:
    return wall_time(now, zone).date().isoformat()


def _span(day: str, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """The instants between which a day lies in a zone."""
    midnight = dt.datetime.fromisoformat(day)
    return instant(midnight, zone), instant(midnight + _DAY, zone)
