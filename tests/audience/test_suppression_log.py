"""Whoever left since the backup has left in what is restored from it, too (L10)."""

import datetime as dt
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from pipeline.audience.confirming import Standing
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Rejoin, Subscriber, Suppression
from pipeline.audience.reach import reachable
from pipeline.audience.suppression import is_suppressed, readmit, suppress
from pipeline.audience.suppression_log import keep, path, replay
from tests.audience.forms import links, press, send, wish
from tests.copies import Copies
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

Rows = list[tuple[object, ...]]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own."""
    monkeypatch.setattr(settings, "MERIDIAN_HOME", tmp_path)
    return tmp_path


def rows() -> tuple[Rows, Rows]:
    """Both tables without their numbers."""
    ended = Suppression.objects.order_by("address_hash", "newsletter", "number")
    back = Rejoin.objects.order_by("suppression__address_hash", "newsletter", "created_at")
    return (
        list(ended.values_list(*(f.name for f in Suppression._meta.concrete_fields[1:]))),
        list(back.values_list("suppression__newsletter", "newsletter", "how", "created_at")),
    )


def lives() -> list[Subscriber]:
    """People who left, came back, left again, complained."""
    people = [subscriber(f"reader-{number}@example.com") for number in range(5)]
    later = NOW + dt.timedelta(days=3)
    for person in people[:4]:
        unsubscribe(subscriber_id=person.pk, newsletter="weekly", now=NOW)
    for person in people[:2]:
        readmit(subscriber=person, newsletter="weekly", how="confirmed", now=later)
    unsubscribe(subscriber_id=people[0].pk, newsletter="", now=later)
    unsubscribe(subscriber_id=people[0].pk, newsletter="weekly", now=later)
    suppress(address_hash=people[3].address_hash, newsletter="", reason="complained", now=later)
    return people


def emptied(database: str, template: str) -> None:
    """Put an older state of the database in the place of this one, as a restore does."""
    if connection.vendor == "sqlite":
        connection.close()
        shutil.copy(template, database.removeprefix("sqlite:///"))
        return
    # Only the owner of a database may take its guards off.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pipeline_rejoin DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE pipeline_suppression DISABLE TRIGGER USER")
        cursor.execute("TRUNCATE pipeline_rejoin, pipeline_suppression")


def test_a_restored_backup_is_brought_up_to_date_l10(database: str, template_database: str) -> None:
    lives()
    before = rows()
    emptied(database, template_database)
    assert rows() == ([], [])
    assert replay(path()) == len(before[0]) + len(before[1])
    assert rows() == before
    assert replay(path()) == 0
    assert rows() == before


def test_nobody_who_left_is_written_to_after_it_l10(database: str, template_database: str) -> None:
    people = lives()
    left = {
        person.address_hash for person in people[:4] if is_suppressed(person.address_hash, "weekly")
    }
    emptied(database, template_database)
    replay(path())
    assert {p.address_hash for p in people if is_suppressed(p.address_hash, "weekly")} == left
    reached = reachable("weekly", now=NOW).values_list("subscriber__address_hash", flat=True)
    assert not left.intersection(reached)


def test_what_is_rolled_back_is_not_written_down() -> None:
    ana = subscriber()
    with transaction.atomic():
        unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
        transaction.set_rollback(True)
    assert not path().exists()


def test_no_address_stands_in_it_and_others_may_not_read_it() -> None:
    lives()
    content = path().read_text("utf-8")
    assert "@" not in content
    assert path().stat().st_mode & 0o077 == 0
    assert all(json.loads(line) for line in content.splitlines() if line)


def cut(content: bytes) -> bytes:
    """Lose the end of the last line."""
    return content.rstrip(b"\n")[:-9]


def torn(content: bytes) -> bytes:
    """Have a line cut short, and the next one written behind it."""
    lines = content.splitlines(keepends=True)
    return b"".join([lines[0], lines[1][:20], *lines[2:]])


@pytest.mark.parametrize("damage", [cut, torn])
def test_a_line_cut_short_takes_no_other_with_it(
    database: str,
    template_database: str,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[bytes], bytes],
) -> None:
    for number in range(4):
        suppress(address_hash=f"{number:064}", newsletter="", reason="bounced", now=NOW)
    path().write_bytes(damage(path().read_bytes()))
    emptied(database, template_database)
    with caplog.at_level(logging.WARNING):
        assert replay(path()) == 3
    assert "of the suppression log cannot be read" in caplog.text


@pytest.mark.parametrize(
    "line", ["[]", "5", "{}", '{"hash": 1}', "\x00", '{"hash":"a","newsletter":"","number":"x"}']
)
def test_what_is_no_line_of_ours_is_passed_over(line: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"{line}\n")
    assert replay(tmp_path / "log") == 0
    assert not Suppression.objects.exists()


def test_a_way_back_without_its_suppression_needs_none(tmp_path: Path) -> None:
    ana = subscriber()
    suppress(address_hash=ana.address_hash, newsletter="", reason="staff", now=NOW)
    readmit(subscriber=ana, newsletter="weekly", how="confirmed", now=NOW)
    line = path().read_text().replace(ana.address_hash, "f" * 64).split("\n")[-2]
    (tmp_path / "log").write_text(line)
    assert replay(tmp_path / "log") == 0


def test_a_full_disk_stops_nobody_from_leaving(
    here: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path().mkdir(parents=True)
    ana = subscriber()
    assert unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
    assert is_suppressed(ana.address_hash, "weekly")
    assert "the suppression log cannot be written: Is a directory" in caplog.text


def test_nothing_is_written_for_nothing() -> None:
    keep([])
    assert not path().exists()


def test_who_left_again_after_asking_is_not_brought_back_by_an_old_link_l10() -> None:
    """The leaving ended the link; the backup has it open, and only the log can tell."""
    day = dt.timedelta(days=1)
    ana = subscriber()
    unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
    send(wish(), now=NOW + day)
    (link,) = links()
    with Copies() as copies:
        copies.keep("yesterday")
        unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW + 2 * day)
        unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW + 2 * day)
        assert Suppression.objects.count() == 2
        copies.restore("yesterday")
    replay(path())
    assert press(link, now=NOW + 3 * day) == Standing.ENDED
    assert is_suppressed(ana.address_hash, "weekly")
