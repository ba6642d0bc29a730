"""What stops a campaign without a person: too much came back. A person lets it go on (D30)."""

import datetime as dt

from django.db import transaction

from pipeline.campaigns.effects import effect_of_pause
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Campaign, LogEntry


@transaction.atomic
def stop(campaign: int, *, why: str, now: dt.datetime, code: str = "") -> bool:
    """Pause an active campaign, with the reason in the log.

    Args:
        campaign: Its number.
        why: A sentence without a full stop, and without an address.
        now: The time.
        code: What a server said, if it is for that.

    Returns:
        False if it was not active.
    """
    row = Campaign.objects.select_for_update().get(pk=campaign)
    if row.state != Campaign.State.ACTIVE:
        return False
    effect = effect_of_pause(row)
    Campaign.objects.filter(pk=row.pk).update(state=effect.state)
    told, effects = f"{row.title} is paused: {why}", list(effect.told)
    note("paused", told, actor=SCHEDULER, now=now, campaign=row, code=code, effect=effects)
    return True


def was_stopped_for(campaign: int, code: str) -> bool:
    """Whether a campaign was paused for this code before."""
    stops = LogEntry.objects.filter(campaign_id=campaign, kind="paused", actor=SCHEDULER)
    return stops.filter(values__code=code).exists()


def resumed_at(newsletter: str) -> dt.datetime | None:
    """When a person last let a campaign of a newsletter go on, or answered an alarm of it."""
    entries = LogEntry.objects.filter(newsletter=newsletter, kind__in=["resumed", "acknowledged"])
    last = entries.order_by("-created_at").first()
    return last.created_at if last else None


def raise_alarm(newsletter: str, *, spam: int, letters: int, now: dt.datetime) -> None:
    """Let no new campaign of a newsletter begin until a person answers for it; told once."""
    if not alarm_of(newsletter):
        told = f"{spam} of the last {letters} letters of {newsletter} were called spam"
        note("alarm", told, actor=SCHEDULER, now=now, newsletter=newsletter)


def alarm_of(newsletter: str) -> str:
    """The alarm of a newsletter that nobody has answered yet, in words; "" if there is none."""
    last = LogEntry.objects.filter(newsletter=newsletter, kind="alarm").order_by("-pk").first()
    since = resumed_at(newsletter)
    if last is None or (since is not None and since > last.created_at):
        return ""
    return last.told
