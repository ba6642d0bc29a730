"""The plan as iCalendar: wall times, names for ever, and no reader's address."""

import datetime as dt

import icalendar
import pytest

from pipeline.audience.tokens import calendar_token
from pipeline.campaigns.acts import cancel
from pipeline.campaigns.edits import edit_post
from pipeline.campaigns.feed import plan_calendar, revocations, revoke_calendar
from pipeline.campaigns.models import LogEntry, Post
from tests.campaigns.desk import OPEN, article, parts, take
from tests.factories import NOW, subscriber
from tests.web.readers import see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def events() -> dict[str, icalendar.Component]:
    """The events by what they are called."""
    calendar = icalendar.Calendar.from_ical(plan_calendar())
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_issues_and_posts_stand_in_wall_time() -> None:
    take(article(2), clinic=OPEN)
    subscriber()
    found = events()
    first = found[f"issue-{parts()[1].pk}@weekly.clinic.example.com"]
    assert str(first["SUMMARY"]) == "The Harbour Letter: Vessels (1 of 2)"
    assert first.decoded("DTSTART").isoformat() == "2026-03-10T10:00:00-04:00"
    assert first["DTSTART"].params["TZID"] == "America/New_York"
    assert str(first["STATUS"]) == "CONFIRMED"
    assert len(found) == 2 + Post.objects.count()
    assert b"ana@example.com" not in plan_calendar()


def test_what_changes_keeps_its_name_and_counts_up() -> None:
    take(article(2), clinic=OPEN)
    post = Post.objects.order_by("pk")[0]
    name = f"post-{post.pk}@weekly.clinic.example.com"
    before = events()[name]
    slot = dt.datetime.fromisoformat("2026-03-11T18:00")
    edit_post(post=post.pk, slot=slot, actor="ana", now=NOW)
    after = events()[name]
    assert after.decoded("DTSTART").isoformat() == "2026-03-11T18:00:00-04:00"
    assert int(str(after["SEQUENCE"])) > int(str(before["SEQUENCE"]))


def test_what_is_called_off_says_so() -> None:
    take(article(2), clinic=OPEN)
    cancel(actor="Ana", now=NOW, article="warmth")
    assert {str(event["STATUS"]) for event in events().values()} == {"CANCELLED"}


def test_its_address_shows_it_until_it_is_revoked() -> None:
    take(article(2), clinic=OPEN)
    path = f"/calendar/{calendar_token(revocations())}.ics"
    answer = see(path)
    assert (answer.status_code, answer.content) == (200, plan_calendar())
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    revoke_calendar(actor="ana", now=NOW)
    assert LogEntry.objects.get(kind="calendar revoked").actor == "ana"
    assert see(path).status_code == see("/calendar/0.ics").status_code == 404
    assert see(f"/calendar/{calendar_token(revocations())}.ics").status_code == 200
