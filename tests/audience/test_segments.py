"""A segment is a sentence, a choice, and a sum that adds up."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.models import Segment, Subscriber, Subscription
from pipeline.audience.reach import Exclusion
from pipeline.audience.segments import (
    Filter,
    count,
    members,
    read_filter,
    save,
    sentence,
    written,
)
from pipeline.audience.suppression import suppress
from pipeline.errors import SettingError
from pipeline.values import CustomField, Newsletter
from tests.factories import NOW, subscriber

WEEKLY = Newsletter(
    key="weekly",
    name="The Harbour Letter",
    from_name="Harbour",
    from_address="letter@example.com",
    weekday="tuesday",
    time=dt.time(10),
    time_zone="America/New_York",
    language="en",
    fields=(
        CustomField(key="topic", label="Topic", kind="choice", choices=("Sleep", "Movement")),
        CustomField(key="town", label="Your town"),
    ),
)
DAY = dt.date(2026, 3, 3)
pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def person(name: str, *, fields: dict[str, str] | None = None, **values: Any) -> Subscriber:
    """A subscriber of the weekly newsletter, with these values in person and subscription."""
    made = subscriber(f"{name}@example.com", name=name)
    made.language = values.pop("language", "")
    made.fields = fields or {}
    made.save()
    Subscription.objects.filter(subscriber=made).update(**{"joined_at": NOW, **values})
    return made


def names(chosen: Filter) -> list[str]:
    """Who is in a segment and is written to."""
    rows = members(chosen, WEEKLY, now=NOW).order_by("subscriber_id")
    return list(rows.values_list("subscriber__name", flat=True))


def test_by_language() -> None:
    person("none")
    person("en", language="en")
    person("mexican", language="es-MX")
    person("spanish", language="ES")
    person("estonian", language="est")
    assert names(Filter(languages=("es",))) == ["mexican", "spanish"]
    assert names(Filter(languages=("en",))) == ["none", "en"]
    assert names(Filter(languages=("en", "es-MX"))) == ["none", "en", "mexican"]


def test_by_fields_all_of_them_and_any_answer() -> None:
    person("both", fields={"topic": "Sleep", "town": "Fairhaven"})
    person("one", fields={"topic": "Sleep"})
    person("other", fields={"topic": "Movement", "town": "Fairhaven"})
    person("nothing")
    assert names(Filter(fields={"topic": ("Sleep",)})) == ["both", "one"]
    assert names(Filter(fields={"topic": ("Sleep", "Movement")})) == ["both", "one", "other"]
    both = Filter(fields={"topic": ("Sleep",), "town": ("Fairhaven",)})
    assert names(both) == ["both"]


def test_by_the_day_of_joining_on_the_newsletters_clock() -> None:
    midnight = dt.datetime(2026, 3, 3, 5, 0, tzinfo=dt.UTC)
    second = dt.timedelta(seconds=1)
    person("before", joined_at=midnight - second)
    person("first", joined_at=midnight)
    person("last", joined_at=midnight + dt.timedelta(days=1) - second)
    person("after", joined_at=midnight + dt.timedelta(days=1))
    person("unknown", joined_at=None)
    assert names(Filter(joined_since=DAY)) == ["first", "last", "after"]
    assert names(Filter(joined_until=DAY)) == ["before", "first", "last"]
    assert names(Filter(joined_since=DAY, joined_until=DAY)) == ["first", "last"]


def test_engagement_counts_only_of_those_who_agreed_p2() -> None:
    person("agreed", tracking=True, engaged_at=NOW)
    person("withdrew", tracking=False, engaged_at=NOW)
    person("earlier", tracking=True, engaged_at=NOW - dt.timedelta(days=9))
    person("never", tracking=True)
    assert names(Filter(engaged_since=DAY)) == ["agreed"]


def test_nobody_of_another_newsletter() -> None:
    subscriber("ana@example.com", newsletter="monthly")
    assert names(Filter()) == []
    assert count(Filter(), WEEKLY, now=NOW).listed == 0


def test_the_sum_adds_up() -> None:
    person("reached", language="es")
    person("paused", language="es", paused_until=NOW + dt.timedelta(days=1))
    person("left", language="es", state="left")
    gone = person("gone", language="es")
    suppress(address_hash=gone.address_hash, newsletter="", reason="staff", now=NOW)
    person("outside", language="ko", joined_at=None)
    found = count(Filter(languages=("es",), joined_since=DAY), WEEKLY, now=NOW)
    assert (found.listed, found.outside, found.reached) == (5, 1, 1)
    assert found.excluded == {
        Exclusion.LEFT: 1,
        Exclusion.SUPPRESSED: 1,
        Exclusion.PAUSED: 1,
    }
    assert found.adds_up()


def test_the_same_name_again_changes_the_segment() -> None:
    first = save(
        name="  New   readers ", given=Filter(joined_since=DAY), newsletter=WEEKLY, now=NOW
    )
    later = NOW + dt.timedelta(days=1)
    again = save(name="New readers", given=Filter(), newsletter=WEEKLY, now=later)
    assert first.pk == again.pk
    kept = Segment.objects.get()
    assert (kept.definition, kept.created_at, kept.changed_at) == ({}, NOW, later)
    assert str(kept) == "segment New readers of weekly"


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_segment_needs_a_name(name: str) -> None:
    with pytest.raises(SettingError, match="needs a name"):
        save(name=name, given=Filter(), newsletter=WEEKLY, now=NOW)


def test_a_sentence() -> None:
    assert sentence(Filter(), WEEKLY) == "Subscribers of The Harbour Letter."
    assert sentence(Filter(languages=("es", "ko", "x-none")), WEEKLY) == (
        "Subscribers of The Harbour Letter who read Spanish, Korean or x-none."
    )
    everything = Filter(
        languages=("es",),
        fields={"topic": ("Sleep", "Movement")},
        joined_since=DAY,
        joined_until=DAY,
        engaged_since=DAY,
    )
    assert sentence(everything, WEEKLY) == (
        "Subscribers of The Harbour Letter who read Spanish, and whose answer to “Topic” is Sleep "
        "or Movement, and who joined on 2026-03-03 or later, and who joined on 2026-03-03 or "
        "earlier, and who opened or clicked on 2026-03-03 or later (only of those who agreed to be "
        "measured)."
    )


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ({"password": "x"}, "a segment cannot ask for 'password'"),
        ({"subscriber__address__startswith": "a"}, "a segment cannot ask for"),
        ({"id;--": "x"}, "a segment cannot ask for"),
        ({"fields": {"password": ["x"]}}, "weekly has no field 'password'"),
        ({"fields": {"town__startswith": ["x"]}}, "weekly has no field 'town__startswith'"),
        ({"fields": ["town"]}, "fields is no table"),
        ({"fields": {"town": "Fairhaven"}}, "town is no list of words"),
        ({"fields": {"town": []}}, "town is no list of words"),
        ({"languages": "es"}, "languages is no list of words"),
        ({"languages": [5]}, "languages is no list of words"),
        ({"joined_since": "March"}, "joined_since: 'March' is no day"),
        ({"engaged_since": "?sort=asc,(select 1)"}, "engaged_since: "),
    ],
    ids=str,
)
def test_only_what_is_known_may_be_asked_s9(definition: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_filter(definition, WEEKLY)
    assert caught.value.message.startswith(told)
    assert caught.value.mend


_DAYS = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
_WORDS = st.lists(st.text(min_size=1), min_size=1).map(tuple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Filter,
        languages=st.just(()) | _WORDS,
        fields=st.dictionaries(st.sampled_from(["topic", "town"]), _WORDS),
        joined_since=_DAYS,
        joined_until=_DAYS,
        engaged_since=_DAYS,
    )
)
def test_what_is_written_is_read_back(chosen: Filter) -> None:
    assert read_filter(written(chosen), WEEKLY) == chosen
    assert sentence(chosen, WEEKLY).startswith("Subscribers of The Harbour Letter")
