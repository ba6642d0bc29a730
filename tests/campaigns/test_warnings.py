"""What speaks against the slots of a campaign: a finding for each, and none that stops it."""

import pytest

from pipeline.campaigns.acts import find
from pipeline.campaigns.warnings import calendar_warnings
from tests.campaigns import weeks
from tests.campaigns.weeks import TUE, at
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def told(article: str = "warmth", day: str = "2026-03-04") -> list[tuple[str, str]]:
    """Code and message of each warning."""
    found = calendar_warnings(find(article), now=at(day))
    assert {finding.level for finding in found} <= {"warning"}
    return [(finding.code, finding.message) for finding in found]


def test_a_series_on_its_tuesdays_has_none() -> None:
    weeks.clinic()
    weeks.issue(1, "2026-03-03T10:00", gone=NOW)
    weeks.issue(2, TUE[0])
    weeks.series(TUE[1], article="cold")
    assert told() == told("cold") == []


def test_two_in_one_slot_collide_for_both() -> None:
    weeks.clinic()
    weeks.series(TUE[0])
    weeks.series(TUE[0], article="cold")
    message = "Part 1 of Why Warmth Helps and Part 1 of Why Warmth Helps have the same slot"
    assert told() == told("cold") == [("slot-collision", message)]


@pytest.mark.parametrize(
    ("day", "codes"), [("2026-03-16T10:00", []), ("2026-03-16T09:59", ["slot-too-soon"])]
)
def test_less_than_six_days_is_too_soon(day: str, codes: list[str]) -> None:
    weeks.clinic()
    weeks.series(TUE[0])
    weeks.series(day, article="cold")
    assert [code for code, _ in told()] == [code for code, _ in told("cold")] == codes


def test_too_soon_behind_what_has_gone_out() -> None:
    weeks.clinic()
    weeks.issue(1, "2026-03-05T10:00", article="cold", gone=at("2026-03-05"))
    weeks.series(TUE[0])
    assert [code for code, _ in told(day="2026-03-06")] == ["slot-too-soon"]
    assert told("cold") == []


def test_closed_days_order_and_what_has_passed() -> None:
    weeks.clinic(calendar="closed = [2026-03-17]")
    weeks.series(TUE[1], TUE[0], TUE[3])
    assert told(day="2026-03-11") == [
        ("slot-closed-day",
         "Part 1 of Why Warmth Helps goes out on a day the clinic does not send: a closing day"),
        ("slot-passed", "the slot of Part 2 of Why Warmth Helps has passed"),
        ("slot-order", "Part 2 of Why Warmth Helps would go out before part 1"),
    ]  # fmt: skip


def test_without_a_clinic_toml_nothing_is_known_of_slots() -> None:
    weeks.series(TUE[0], TUE[0])
    assert told() == []
