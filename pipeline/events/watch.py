"""What comes back is watched: too much of it pauses the campaign, and only a person lets it go on.

Source of the thresholds: Google's guidelines for senders (answers 81126 and 14229414): a spam rate
below 0.1 %, never 0.3 % (D30). They are looked at whenever something came back.
"""

import datetime as dt
import logging

from django.db.models import Count, Q, QuerySet

from pipeline.audience.models import Notice
from pipeline.campaigns.alarms import raise_alarm, resumed_at, stop, was_stopped_for
from pipeline.campaigns.models import Issue
from pipeline.events.member import Member
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery

log = logging.getLogger(__name__)

State = Delivery.State

WINDOW = 500
# Of fewer letters a single one would decide.
FEWEST = 100
MOST_BOUNCES = 0.05
MOST_COMPLAINTS = 0.001
ALARMING_COMPLAINTS = 0.003
# How the reason of a delivery begins that came back because there is no such address.
HARD = "no such address"
_TAKEN = [State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.COMPLAINED]


def watch(issue: Issue, *, now: dt.datetime) -> None:
    """Pause a campaign if too much of what its newsletter sent last came back."""
    counted = _last(issue.newsletter).aggregate(
        letters=Count("pk"),
        gone=Count("pk", filter=Q(state=State.BOUNCED, reason__startswith=HARD)),
        spam=Count("pk", filter=Q(state=State.COMPLAINED)),
    )
    letters, gone, spam = counted["letters"], counted["gone"], counted["spam"]
    if letters < FEWEST:
        return
    if gone >= MOST_BOUNCES * letters:
        told = f"{gone} of the last {letters} letters went to addresses that do not exist"
        _pause(issue, told, now=now)
    if spam >= MOST_COMPLAINTS * letters and spam:
        told = f"{spam} of the last {letters} letters were called spam"
        _pause(issue, told, now=now)
    if spam >= ALARMING_COMPLAINTS * letters and spam:
        raise_alarm(issue.newsletter, spam=spam, letters=letters, now=now)


def _last(newsletter: str) -> QuerySet[Delivery]:
    """The last letters of a newsletter, since a person let something of it go on."""
    sent = Delivery.objects.filter(issue__newsletter=newsletter, state__in=_TAKEN)
    since = resumed_at(newsletter)
    sent = sent.filter(sent_at__gt=since) if since else sent.filter(sent_at__isnull=False)
    newest = sent.order_by("-sent_at").values("pk")[:WINDOW]
    return Delivery.objects.filter(pk__in=newest)


def refused_sender(member: Member, event: Event, *, now: dt.datetime) -> None:
    """Pause a campaign of which a letter was refused for what its sender is, or what it says (D29).

    Once for each code: a person who lets it go on has seen it. A notice has nothing to pause.
    """
    told = f"a server refused its sender with {event.code}: {event.reason or 'no reason given'}"
    if isinstance(member, Notice):
        log.error("notice %s: %s", member.pk, told)
    elif not was_stopped_for(member.issue.campaign_id, event.code):
        _pause(member.issue, told, code=event.code, now=now)


def _pause(issue: Issue, why: str, *, now: dt.datetime, code: str = "") -> None:
    if stop(issue.campaign_id, why=why, code=code, now=now):
        log.error("campaign %s is paused: %s", issue.campaign_id, why)
