"""Lists as files, for spreadsheets and to be read in again (S13)."""

import csv
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.audience import exporting
from pipeline.audience.exporting import export_list
from pipeline.audience.forgetting import forget
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.suppression import suppress
from pipeline.errors import OutboxError, SettingError
from tests.audience.imports.lists import bring_in, counted
from tests.audience.lists.test_columns import WEEKLY
from tests.factories import NOW, subscriber

pytestmark = pytest.mark.database

HEADER = [
    "address", "name", "language", "time_zone", "newsletter", "status", "joined", "until", "topic",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _database(database: str) -> None:
    """Each test has a database of its own."""


def exported(folder: Path, *statuses: str) -> list[list[str]]:
    """The rows of an export, with the header."""
    path = folder / "out.csv"
    rows = export_list(path, [WEEKLY], statuses=statuses, now=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.reader(stream))
    assert rows == len(found) - 1
    assert list(folder.glob(".*.part")) == []
    return found


def test_a_person_with_all_that_is_known(tmp_path: Path) -> None:
    ana = subscriber("ana@example.com", name="Ana")
    Subscriber.objects.update(language="es", time_zone="America/Bogota", fields={"topic": "Sleep"})
    ana.subscriptions.update(joined_at=NOW, until=NOW.replace(year=2027))
    subscriber("ben@example.com", name="", newsletter="monthly")
    assert exported(tmp_path) == [
        HEADER,
        ["ana@example.com", "Ana", "es", "America/Bogota", "weekly", "active",
         "2026-03-03T15:00:00+00:00", "2027-03-03T15:00:00+00:00", "Sleep"],
    ]  # fmt: skip


def everybody() -> None:
    """One person in each state."""
    people = {name: subscriber(f"{name}@example.com") for name in "abcdefgh"}
    unsubscribe(subscriber_id=people["b"].pk, newsletter="weekly", now=NOW)
    suppress(address_hash=people["c"].address_hash, newsletter="", reason="complained", now=NOW)
    states = Subscription.objects.filter
    states(subscriber=people["d"]).update(state="pending")
    states(subscriber=people["e"]).update(state="ended")
    states(subscriber=people["f"]).update(until=NOW)
    states(subscriber=people["g"]).update(paused_until=NOW.replace(year=2027))
    forget(subscriber_id=people["h"].pk, actor="Kim", now=NOW)


def test_nobody_who_left_looks_as_if_they_were_on_the_list(tmp_path: Path) -> None:
    everybody()
    assert {row[0][0]: row[5] for row in exported(tmp_path)[1:]} == {
        "a": "active", "b": "suppressed", "c": "suppressed", "d": "unconfirmed", "e": "left",
        "f": "expired", "g": "active",
    }  # fmt: skip
    assert [row[0][0] for row in exported(tmp_path, "active")[1:]] == ["a", "g"]
    assert [row[0][0] for row in exported(tmp_path, "left", "expired")[1:]] == ["e", "f"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_way_round_s13(tmp_path: Path, database: str, ending: str) -> None:
    names = ["=1+1", "+Ana", "-Ana", "@Ana", "＝Ana", "'=Ana", "'t Hooft", 'Ana, "A"', "김민준"]
    for number, name in enumerate(names):
        subscriber(f"reader-{number}@example.com", name=name)
    path = tmp_path / f"out.{ending}"
    assert export_list(path, [WEEKLY], now=NOW) == len(names)
    # As another home would read it.
    Subscription.objects.all().delete()
    Subscriber.objects.all().delete()
    assert counted(bring_in(path)) == {"added": len(names)}
    found = Subscriber.objects.order_by("address").values_list("name", flat=True)
    assert list(found) == names


def test_whoever_is_out_is_out_where_the_list_is_read_in_again(tmp_path: Path) -> None:
    everybody()
    path = tmp_path / "out.csv"
    export_list(path, [WEEKLY], now=NOW)
    Subscription.objects.all().delete()
    Subscriber.objects.all().delete()
    found = bring_in(path)
    assert set(Subscription.objects.values_list("subscriber__address", flat=True)) == {
        "a@example.com",
        "g@example.com",
    }
    assert counted(found) == {"added": 2, "suppressed": 2, "opted out": 1, "refused": 2}


def test_a_sheet_runs_nothing_s13(tmp_path: Path) -> None:
    subscriber("ana@example.com", name="=1+1\x0b")
    path = tmp_path / "out.xlsx"
    export_list(path, [WEEKLY], now=NOW)
    book = load_workbook(path)
    cell = book.worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_list_longer_than_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    subscriber("ana@example.com")
    with pytest.raises(SettingError, match=r"an Excel sheet ends at 1 rows. Write it as .csv"):
        export_list(tmp_path / "out.xlsx", [WEEKLY], now=NOW)
    assert list(tmp_path.glob("*out*")) == []


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="a list is written as CSV or for Excel"):
        export_list(tmp_path / "out.txt", [WEEKLY], now=NOW)
    with pytest.raises(OutboxError, match="the list cannot be written: No such file"):
        export_list(tmp_path / "not" / "out.csv", [WEEKLY], now=NOW)
