"""The rhythm of posts: days after the issue, quiet hours, and never two on a day."""

import datetime as dt
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.campaigns.models import Issue, Post
from pipeline.campaigns.rhythm import outside_quiet, place_posts, post_slots
from pipeline.values import Account
from tests.campaigns.desk import CLINIC, article, parts, take

TUESDAY = dt.datetime.fromisoformat("2026-03-10T10:00")


def account(**values: object) -> Account:
    """An account with the rhythm by default, but for these."""
    return Account(network="mastodon", handle="@harbour", **values)  # type: ignore[arg-type]


def told(given: Account, count: int, *, issue: dt.datetime = TUESDAY, taken: str = "") -> list[str]:
    """The slots of so many posts, as day and time."""
    days = {dt.date.fromisoformat(day) for day in taken.split()}
    return [f"{slot:%d %H:%M}" for slot in islice(post_slots(given, issue, days), count)]


@pytest.mark.parametrize(
    ("given", "slots"),
    [
        (account(), ["10 12:30", "12 12:30", "14 12:30", "15 12:30"]),
        (account(days=(1,)), ["11 12:30", "12 12:30"]),
        # Nobody announces what is not there yet.
        (account(time=dt.time(9)), ["10 10:00", "12 09:00"]),
        # Quiet hours over midnight, before it and behind it.
        (account(time=dt.time(22)), ["11 08:00", "13 08:00"]),
        (account(time=dt.time(7)), ["10 10:00", "12 08:00"]),
        (account(time=dt.time(21)), ["11 08:00"]),
        (account(time=dt.time(20, 59)), ["10 20:59"]),
        # Within a day, and none at all.
        (account(quiet_from=dt.time(12), quiet_until=dt.time(14)), ["10 14:00"]),
        (account(quiet_from=dt.time(8), quiet_until=dt.time(8), time=dt.time(23)), ["10 23:00"]),
    ],
)
def test_a_post_goes_out_on_its_day_but_not_in_quiet_hours(
    given: Account, slots: list[str]
) -> None:
    assert told(given, len(slots)) == slots


def test_a_day_that_is_taken_is_passed_over() -> None:
    assert told(account(), 3, taken="2026-03-10 2026-03-12") == ["11 12:30", "13 12:30", "14 12:30"]


_times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@given(
    st.lists(st.integers(0, 20), max_size=4).map(tuple),
    st.tuples(_times, _times, _times),
    st.datetimes(TUESDAY, TUESDAY.replace(year=2040)),
    st.sets(st.integers(0, 9)),
)
def test_never_in_quiet_hours_never_two_on_a_day_never_before_the_issue(
    days: tuple[int, ...],
    times: tuple[dt.time, dt.time, dt.time],
    issue: dt.datetime,
    away: set[int],
) -> None:
    given = account(days=days, time=times[0], quiet_from=times[1], quiet_until=times[2])
    taken = {issue.date() + dt.timedelta(days=day) for day in away}
    found = list(islice(post_slots(given, issue, set(taken)), 6))
    assert len({slot.date() for slot in found} | taken) == 6 + len(taken)
    assert all(slot >= issue and outside_quiet(given, slot) == slot for slot in found)


@pytest.mark.database
@pytest.mark.usefixtures("database")
def test_posts_move_with_their_issue_but_not_one_a_person_set() -> None:
    take(article(2))
    first = Post.objects.filter(network="mastodon").order_by("section")
    assert [post.slot for post in first.all()] == ["2026-03-10T12:30", "2026-03-17T12:30"]
    issue = parts()[1]
    mine = {"slot": {"value": "2026-03-11T18:00", "by": "ana", "at": ""}}
    x = issue.posts.get(network="x")
    Post.objects.filter(pk=x.pk).update(slot="2026-03-11T18:00", edits=mine)
    Issue.objects.filter(pk=issue.pk).update(slot="2026-03-12T10:00")
    place_posts(issue.campaign, CLINIC.accounts)
    assert [post.slot for post in first.all()] == ["2026-03-12T12:30", "2026-03-17T12:30"]
    assert Post.objects.get(pk=x.pk).slot == "2026-03-11T18:00"
