"""The plan as an iCalendar feed (RFC 5545), for the clinic's own calendar. It names no reader."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import icalendar

from pipeline.campaigns.log import note
from pipeline.campaigns.models import Campaign, Issue, LogEntry, Post
from pipeline.stages.merge import unmarked

_LASTS = dt.timedelta(minutes=15)
_REVOKED = "calendar revoked"


def plan_calendar() -> bytes:
    """All issues and posts that have a slot, as events in wall time; what is called off says so."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Meridian//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Newsletters and posts")
    changes = Counter(LogEntry.objects.exclude(issue_id=None).values_list("issue_id", flat=True))
    issues = Issue.objects.exclude(slot="").select_related("campaign").defer("html", "text")
    for issue in issues.order_by("slot", "pk"):
        calendar.add_component(_issue_event(issue, changes[issue.pk]))
    posts = Post.objects.exclude(slot="").select_related("issue__campaign")
    for post in posts.order_by("slot", "pk"):
        calendar.add_component(_post_event(post, changes[post.issue_id]))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def revocations() -> int:
    """How often the feed's address was revoked: an address of an earlier count is dead."""
    return LogEntry.objects.filter(kind=_REVOKED).count()


def revoke_calendar(*, actor: str, now: dt.datetime) -> None:
    """Let every address of the feed that was given out end; a new one can be asked for."""
    note(_REVOKED, "The address of the calendar was revoked.", actor=actor, now=now)


def _issue_event(issue: Issue, changes: int) -> icalendar.Event:
    part = f" ({issue.part} of {issue.of})" if issue.of > 1 else ""
    told = f"{issue.envelope['list_name']}: {unmarked(issue.subject)}{part}"
    event = _event(issue, issue.slot, changes=changes)
    return _named(event, f"issue-{issue.pk}", issue, told)


def _post_event(post: Post, changes: int) -> icalendar.Event:
    told = f"{post.network.capitalize()}: {unmarked(post.issue.subject)}"
    event = _event(post.issue, post.slot, changes=changes)
    event.add("description", post.text)
    return _named(event, f"post-{post.pk}", post.issue, told)


def _event(issue: Issue, slot: str, *, changes: int) -> icalendar.Event:
    starts = dt.datetime.fromisoformat(slot).replace(tzinfo=ZoneInfo(issue.time_zone))
    off = Campaign.State.CANCELLED in (issue.state, issue.campaign.state)
    off = off and issue.released_at is None
    sure = issue.campaign.state == Campaign.State.ACTIVE
    event = icalendar.Event()
    event.add("dtstamp", issue.campaign.created_at)
    event.add("dtstart", starts)
    event.add("duration", _LASTS)
    event.add("sequence", changes + off)
    event.add("status", "CANCELLED" if off else "CONFIRMED" if sure else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _named(event: icalendar.Event, name: str, issue: Issue, told: str) -> icalendar.Event:
    """The event under a name that it keeps for ever, wherever it moves."""
    event.add("uid", f"{name}@{issue.envelope['list_id']}")
    event.add("summary", told)
    return event
