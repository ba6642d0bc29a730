"""How we hear from a provider: what a silence lasted for is written down (X13)."""

import datetime as dt

import pytest

from pipeline.events.feed import SILENCE, hear, miss
from pipeline.events.models import Event, EventFeed, SpentToken
from pipeline.events.upkeep import TOKENS_KEPT, purge_events
from tests.events.words import MINUTE
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def feed() -> tuple[dt.datetime | None, dt.datetime | None]:
    """When it was heard, and what was missed."""
    row = EventFeed.objects.get()
    return row.heard_at, row.missed_since


def test_it_is_written_down_once_a_minute() -> None:
    hear("brevo", now=NOW)
    hear("brevo", now=NOW + MINUTE / 2)
    assert feed() == (NOW, None)
    hear("brevo", now=NOW + 2 * MINUTE)
    assert feed() == (NOW + 2 * MINUTE, None)
    hear("brevo", now=NOW)
    assert feed() == (NOW + 2 * MINUTE, None)


def test_a_silence_is_missed_from_its_beginning_x13() -> None:
    hear("brevo", now=NOW)
    hear("brevo", now=NOW + SILENCE + MINUTE)
    assert feed() == (NOW + SILENCE + MINUTE, NOW)


def test_the_earliest_that_was_missed_counts() -> None:
    for minutes in (5, 3, 9):
        miss("brevo", since=NOW + minutes * MINUTE)
    assert feed() == (None, NOW + 3 * MINUTE)
    hear("brevo", now=NOW + 9 * MINUTE)
    assert feed() == (NOW + 9 * MINUTE, NOW + 3 * MINUTE)


def test_tokens_go_after_a_day() -> None:
    SpentToken.objects.create(digest="d", spent_at=NOW)
    assert purge_events(now=NOW + TOKENS_KEPT) == 0
    assert purge_events(now=NOW + TOKENS_KEPT + MINUTE) == 1


def test_rows_say_what_they_are_and_no_address_p8() -> None:
    event = Event(provider="brevo", kind="bounced", state=Event.State.ORPHAN)
    assert str(event) == "bounced event of brevo: orphan"
    assert str(Event(provider="brevo", state="poison")) == "unread event of brevo: poison"
    assert str(EventFeed(provider="brevo")) == "events of brevo"
    assert str(SpentToken(digest="d", spent_at=NOW)) == f"token spent at {NOW}"
