"""kill -9 in the middle of a list: nothing half, nothing twice, nothing without its report."""

import csv
import random
import signal
import time
from pathlib import Path

import pytest

from pipeline.audience.imports.undo import undo
from pipeline.audience.models import Consent, Import, ImportChange, Subscriber, Subscription
from tests import factories
from tests.home import Home

pytestmark = [pytest.mark.faults, pytest.mark.database]

ROWS = 60_000
KILLS = 6


def long_list(folder: Path) -> Path:
    """A list of so many people, each tenth row of which is somebody again."""
    path = folder / "list.csv"
    rows = (f"reader-{row - row % 10 // 9}@example.com,Reader {row}\n" for row in range(ROWS))
    path.write_text("email,name\n" + "".join(rows), "utf-8")
    return path


def committed() -> int:
    """The last line that is committed."""
    record = Import.objects.first()
    return int(record.progress.get("line", 0)) if record else 0


def kill_in_the_middle(home: Home, *, after: int, wait: float) -> bool:
    """Import, and kill it a while after so many lines; tells whether that was in time."""
    command = ("subscribers", "import", str(home.path / "list.csv"), "--newsletter", "weekly")
    child = home.start(*command, "--basis", "express", "--by", "Kim", "--json")
    while committed() <= after and child.poll() is None:
        time.sleep(0.005)
    time.sleep(wait)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    return child.returncode == -signal.SIGKILL


def report(path: Path) -> list[list[str]]:
    """The rows of the report."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


def killed_list(home: Home) -> int:
    """A list that was killed again and again; how often."""
    long_list(home.path)
    chance = random.Random(20261128)
    return sum(
        kill_in_the_middle(home, after=committed(), wait=chance.random() / 2) for _ in range(KILLS)
    )


def test_an_import_killed_again_and_again_goes_on_s27(home: Home) -> None:
    killed = killed_list(home)
    assert killed >= 2
    command = ("subscribers", "import", str(home.path / "list.csv"), "--newsletter", "weekly")
    last = home.run(*command, "--basis", "express", "--by", "Kim", "--json")
    assert (last.returncode, last.stderr) == (0, "")
    people = ROWS * 9 // 10
    assert Import.objects.first().counts == {"added": people, "repeated": ROWS - people}  # type: ignore[union-attr]
    for kind in (Subscriber, Subscription, Consent, ImportChange):
        assert kind._default_manager.count() == people
    record = Import.objects.order_by("pk")[0]
    told = report(home.path / f"list.import-{record.pk}.csv")
    assert [int(row[0]) for row in told] == list(range(2, ROWS + 2))


def test_what_was_killed_can_be_taken_back_whole(home: Home) -> None:
    long_list(home.path)
    assert kill_in_the_middle(home, after=1, wait=0)
    record = Import.objects.get()
    done = committed()
    assert 0 < done < ROWS
    # No row is committed that the report lacks.
    told = report(home.path / f"list.import-{record.pk}.csv")
    assert len(told) >= done - 1
    added = Subscriber.objects.count()
    assert added == sum(row[2] == "added" for row in told[: done - 1])
    undone = undo(number=record.pk, actor="Kim", now=factories.NOW)
    assert undone.counts["removed"] == added
    assert not Subscriber.objects.exists()
