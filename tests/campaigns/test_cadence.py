"""Who goes when: one a week, the older series first, in the order of parts; settled is settled."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.campaigns.cadence import Cadence, Claim, Move
from pipeline.campaigns.calendar import APART, is_slot
from pipeline.stages.days import EVERY_DAY, Days
from pipeline.values import Calendar, OnHoliday
from tests.samples import configuration

TUESDAYS = replace(configuration().newsletters[0], time_zone="Europe/Berlin")
HERE = dt.datetime(2026, 3, 4, 12, 0)  # noqa: DTZ001 (a wall time)
RULES = Cadence(newsletter=TUESDAYS, days=EVERY_DAY, here=HERE)
TUE = [f"2026-03-{day}" for day in (10, 17, 24, 31)] + ["2026-04-07", "2026-04-14", "2026-04-21"]


def claim(series: int, part: int, day: str, **options: object) -> Claim:
    """A claim at ten on a day."""
    slot = dt.datetime.fromisoformat(day if "T" in day else f"{day}T10:00")
    number = series * 100 + part
    return Claim(issue=number, series=series, part=part, slot=slot, **options)  # type: ignore[arg-type]


def series(number: int, *days: str) -> list[Claim]:
    """A series with a part on each of these days."""
    return [claim(number, part, day) for part, day in enumerate(days, 1)]


def closing(*days: str, act: OnHoliday = "skip") -> Cadence:
    """The rules with some closed days."""
    closed = tuple(dt.date.fromisoformat(day) for day in days)
    return replace(RULES, days=Days(Calendar(closed=closed, on_holiday=act)))


def moved(rules: Cadence, *claims: Claim) -> dict[int, str]:
    """The new day of each issue that moves."""
    return {move.issue: f"{move.slot:%Y-%m-%d}" for move in rules.settled(claims)}


def test_what_has_a_slot_of_its_own_keeps_it() -> None:
    assert moved(RULES, *series(1, *TUE[:2]), *series(2, *TUE[3:5])) == {}


def test_a_holiday_moves_the_series_on_and_the_newer_one_behind_it() -> None:
    rules = closing(TUE[1])
    found = moved(rules, *series(1, *TUE[:3]), *series(2, *TUE[3:5]))
    assert found == {102: TUE[2], 103: TUE[3], 201: TUE[4], 202: TUE[5]}
    told = {move.issue: move.why for move in rules.settled([*series(1, *TUE[:3])])}
    assert told == {102: "a closing day", 103: "what comes before it has moved"}


def test_a_holiday_of_which_slots_are_moved_changes_one_day() -> None:
    assert moved(closing(TUE[1], act="move"), *series(1, *TUE[:3])) == {102: "2026-03-18"}


def test_another_weekday_keeps_each_part_in_its_week() -> None:
    """A gap that somebody meant to be there stays."""
    thursdays = replace(RULES, newsletter=replace(TUESDAYS, weekday="thursday"))
    found = thursdays.settled(series(1, TUE[0], TUE[3]))
    assert [f"{move.slot:%Y-%m-%d}" for move in found] == ["2026-03-12", "2026-04-02"]
    assert {move.why for move in found} == {"the newsletter goes out on Thursdays at 10:00 now"}
    mondays = replace(RULES, newsletter=replace(TUESDAYS, weekday="monday"))
    assert moved(mondays, *series(1, *TUE[:2])) == {101: "2026-03-09", 102: "2026-03-16"}


def test_the_older_series_wins_a_slot_that_two_want() -> None:
    assert moved(RULES, *series(2, TUE[0]), *series(1, TUE[0])) == {201: TUE[1]}


def test_what_a_person_set_stays_and_the_others_yield() -> None:
    fixed = claim(2, 1, "2026-03-19T15:00", stands=True)
    assert moved(RULES, *series(1, *TUE[:3]), fixed) == {102: TUE[3], 103: TUE[4]}
    assert moved(closing("2026-03-19"), fixed) == {}
    both = [claim(1, 1, TUE[0], stands=True), claim(2, 1, TUE[0], stands=True)]
    assert moved(RULES, *both) == {}


def test_what_has_gone_out_late_pushes_the_next_on() -> None:
    gone = claim(1, 1, "2026-03-04T10:00", stands=True)
    assert moved(RULES, gone, claim(1, 2, TUE[0])) == {}
    late = claim(1, 1, "2026-03-04T10:01", stands=True)
    assert moved(RULES, late, claim(1, 2, TUE[0])) == {102: TUE[1]}


def test_what_is_put_off_takes_the_next_slot_and_those_behind_it_too() -> None:
    first = claim(1, 1, "2026-03-03", put_off="nothing ran")
    found = RULES.settled(
        [first, *[claim(1, part, day) for part, day in ((2, TUE[0]), (3, TUE[1]))]]
    )
    assert [(move.issue, f"{move.slot:%Y-%m-%d}", move.why) for move in found] == [
        (101, TUE[0], "nothing ran"),
        (102, TUE[1], "what comes before it has moved"),
        (103, TUE[2], "what comes before it has moved"),
    ]


def test_a_campaign_keeps_its_start() -> None:
    start = dt.datetime.fromisoformat("2026-03-20")
    late = claim(1, 1, "2026-03-03", put_off="paused", start=start)
    assert moved(RULES, late) == {101: TUE[2]}


_CLAIMS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(0, 60),
        st.sampled_from([10, 9, 15]),
        st.sampled_from(["", "", "", "stands", "put off"]),
    ),
    max_size=14,
)
_CLOSED = st.sets(st.integers(0, 90), max_size=25)


def _claims(drawn: list[tuple[int, int, int, str]]) -> list[Claim]:
    parts: dict[int, int] = {}
    made = []
    for number, day, hour, how in drawn:
        parts[number] = parts.get(number, 0) + 1
        slot = f"{HERE.date() + dt.timedelta(days=day + 1)}T{hour:02}:00"
        put_off = "nothing ran" if how == "put off" else ""
        made.append(claim(number, parts[number], slot, stands=how == "stands", put_off=put_off))
    return made


@given(_CLAIMS, _CLOSED, st.sampled_from(["skip", "move", "send"]))
def test_whatever_is_claimed_all_get_slots_of_their_own(
    drawn: list[tuple[int, int, int, str]], closed: set[int], act: OnHoliday
) -> None:
    days = [f"{HERE.date() + dt.timedelta(days=day)}" for day in closed]
    rules = closing(*days, act=act)
    claims = _claims(drawn)
    moves = rules.settled(claims)
    settled = _moved(claims, moves)

    free = [each for each in settled if not each.stands]
    assert all(is_slot(TUESDAYS, each.slot, days=rules.days) for each in free)
    assert all(each.slot > HERE for each in free)
    standing = [each.slot for each in settled if each.stands]
    slots = sorted(each.slot for each in free)
    assert all(later - earlier >= APART for earlier, later in pairwise(slots))
    assert all(abs(slot - other) >= APART for slot in slots for other in standing)
    assert not {move.issue for move in moves} & {each.issue for each in claims if each.stands}
    for before, after in pairwise(settled):
        if before.series == after.series and not after.stands:
            assert before.slot < after.slot
    assert rules.settled([replace(each, put_off="") for each in settled]) == []


@given(_CLAIMS, _CLOSED)
def test_a_newer_series_moves_no_older_one(
    drawn: list[tuple[int, int, int, str]], closed: set[int]
) -> None:
    days = [f"{HERE.date() + dt.timedelta(days=day)}" for day in closed]
    rules = closing(*days, act="move")
    claims = [replace(each, stands=each.stands and each.series < 4) for each in _claims(drawn)]
    older = [each for each in claims if each.series < 4]
    with_newer = [move for move in rules.settled(claims) if move.issue < 400]
    assert with_newer == rules.settled(older)


def _moved(claims: list[Claim], moves: list[Move]) -> list[Claim]:
    """The claims as they are after the moves, in order."""
    slots = {move.issue: move.slot for move in moves if move.slot}
    after = [replace(each, slot=slots.get(each.issue, each.slot)) for each in claims]
    return sorted(after, key=lambda each: (each.series, each.part))
