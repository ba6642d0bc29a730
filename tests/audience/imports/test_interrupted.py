"""Dry runs, crashes, races: nothing half, and nothing without its report (S27)."""

from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from pipeline.audience.imports import bulk, importing, stretch
from pipeline.audience.imports.importing import import_list, look_at
from pipeline.audience.imports.report import Report, Told
from pipeline.audience.imports.terms import agreed
from pipeline.audience.imports.undo import undo
from pipeline.audience.imports.write import write
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Import,
    Subscriber,
    Subscription,
)
from pipeline.audience.suppression import readmit
from pipeline.errors import OutboxError, SettingError, SourceError
from tests.audience.imports.lists import bring_in, counted, everything, put, reported, states
from tests.audience.lists.test_columns import WEEKLY
from tests.factories import NOW, subscriber

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _database(database: str) -> None:
    """Each test has a database of its own."""


def test_a_dry_run_changes_nothing_but_tells_the_same(tmp_path: Path) -> None:
    subscriber("known@example.com", name="Kim")
    rows = ("a@example.com,A", "known@example.com,K", "bad,", "b@example.com,B")
    path = put(tmp_path, *rows)
    before = everything()
    told = bring_in(path, update=True, dry_run=True)
    assert everything() == before
    assert not Import.objects.exists()
    assert told.report.name == "list.dry-run.csv"
    done = bring_in(path, update=True)
    assert (counted(told), reported(told)) == (counted(done), reported(done))
    assert counted(done) == {"added": 2, "updated": 1, "refused": 1}


def test_what_cannot_be_read_at_its_end_changes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "a@example.com,A", 'b@example.com,"B', *["c@example.com,C"] * 10_000)
    with pytest.raises(SourceError) as caught:
        bring_in(path)
    assert (caught.value.path, caught.value.line) == (path, 3)
    assert not Import.objects.exists()
    assert not Subscriber.objects.exists()
    assert list(tmp_path.glob("list.*")) == [path]


def test_a_column_that_looks_clinical_stops_all_p5(tmp_path: Path) -> None:
    path = put(tmp_path, "a@example.com,M54.5", header="email,Diagnosis")
    with pytest.raises(SourceError, match=r"list\.csv, line 1: .*a patient's data: 'Diagnosis'"):
        bring_in(path)
    bring_in(path, allowed={"Diagnosis": "of plants"})
    assert Import.objects.get().progress["options"]["allowed"] == {"Diagnosis": "of plants"}


def test_a_report_that_cannot_be_written_stops_all(tmp_path: Path) -> None:
    terms = agreed(newsletter=WEEKLY, basis="express", until="", actor="K", update=False, now=NOW)
    plan = look_at(put(tmp_path, "a@example.com,A"), terms, mapping={}, allowed={})
    with pytest.raises(OutboxError, match="the report cannot be written: No such file"):
        import_list(plan, terms, report=tmp_path / "not" / "there.csv", now=NOW)
    assert not Subscriber.objects.exists()


def test_no_row_is_committed_that_the_report_lacks_s27(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "STRETCH", 1)
    path = put(tmp_path, "a@example.com,A", "b@example.com,B")
    add = Report.add

    def fail_at_b(self: Report, rows: list[Told]) -> int:
        if rows[0].address == "b@example.com":
            raise OutboxError("the disk is full")
        return add(self, rows)

    with monkeypatch.context() as patch:
        patch.setattr(Report, "add", fail_at_b)
        with pytest.raises(OutboxError):
            bring_in(path)
    assert states() == {"a@example.com": "active"}
    # The same command goes on where it stopped, under the same number.
    again = bring_in(path)
    assert (again.resumed, counted(again)) == (True, {"added": 2})
    assert states() == {"a@example.com": "active", "b@example.com": "active"}
    assert reported(again) == ["2,a@example.com,added,", "3,b@example.com,added,"]
    assert Import.objects.get().counts == {"added": 2}


def test_what_has_other_options_is_another_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a@example.com,A")
    monkeypatch.setattr(Report, "add", lambda *_: 1 / 0)
    for update in (False, True):
        with pytest.raises(ZeroDivisionError):
            bring_in(path, update=update)
    assert Import.objects.count() == 2


def test_two_at_once_do_not_share_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a@example.com,A", "b@example.com,B")
    monkeypatch.setattr(importing, "STRETCH", 1)
    add = Report.add

    def stolen(self: Report, rows: list[Told]) -> int:
        if rows[0].address == "b@example.com":
            Import.objects.update(progress={"owner": "another"})
        return add(self, rows)

    monkeypatch.setattr(Report, "add", stolen)
    with pytest.raises(SettingError, match="is gone on with by another process"):
        bring_in(path)
    assert states() == {"a@example.com": "active"}


def test_who_comes_in_at_the_same_moment_is_looked_at_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a form may make the row between our look and our writing."""
    tries = []

    def too_late(*args: object, **options: object) -> None:
        tries.append(connection.in_atomic_block)
        if len(tries) == 1:
            raise IntegrityError
        write(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(stretch, "write", too_late)
    result = bring_in(put(tmp_path, "a@example.com,A", "a@example.com,A"))
    assert tries == [True, True]
    assert counted(result) == {"added": 1, "repeated": 1}
    assert reported(result) == [
        "2,a@example.com,added,",
        "3,a@example.com,repeated,first on line 2",
    ]


def test_an_import_that_is_taken_back_on_its_way_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a@example.com,A", "b@example.com,B")
    monkeypatch.setattr(importing, "STRETCH", 1)
    number = []

    def taken_back(done: int) -> None:
        number.append(Import.objects.get().pk)
        undo(number=number[0], actor="Lee", now=NOW)

    with pytest.raises(SettingError, match="is gone on with by another process"):
        bring_in(path, progress=taken_back)
    assert not Subscriber.objects.exists()
    assert bring_in(path).number != number[0]


def test_what_fails_again_and_again_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(stretch, "write", never)
    with pytest.raises(IntegrityError):
        bring_in(put(tmp_path, "a@example.com,A"))


def test_a_row_that_is_there_already_is_found_by_the_database(tmp_path: Path) -> None:
    subscriber("ana@example.com")
    row = (10**6, "ana@example.com", address_hash("ana@example.com"), NOW)
    with pytest.raises(IntegrityError):
        bulk.insert(
            Subscriber,
            ("id", "address", "address_hash", "created_at"),
            [(*row[:3], bulk.stamp(NOW))],
        )


def test_a_person_erased_before_is_passed_over_even_if_no_suppression_says_so(
    tmp_path: Path,
) -> None:
    ana = subscriber("ana@example.com")
    Subscriber.objects.filter(pk=ana.pk).update(address="")
    assert counted(bring_in(put(tmp_path, "ana@example.com,Ana"))) == {"suppressed": 1}


def test_who_came_back_to_nothing_yet_is_added(tmp_path: Path) -> None:
    """Their opt-out is outweighed for this newsletter, and no row of theirs is left."""
    ana = subscriber("ana@example.com")
    unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
    readmit(subscriber=ana, newsletter="weekly", how="confirmed", now=NOW)
    ana.delete()
    assert counted(bring_in(put(tmp_path, "ana@example.com,Ana"))) == {"added": 1}


def test_a_subscription_that_says_left_is_enough_to_stay_out(tmp_path: Path) -> None:
    subscriber("ana@example.com", state=Subscription.State.LEFT)
    result = bring_in(put(tmp_path, "ana@example.com,Ana"), update=True)
    assert reported(result) == ["2,ana@example.com,suppressed,left"]


def test_a_list_that_is_gone_on_with_still_knows_who_came_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "STRETCH", 2)
    path = put(tmp_path, "a@example.com,A", "b@example.com,B", "a@example.com,A")

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(path, progress=stop)
    again = bring_in(path)
    assert (again.resumed, counted(again)) == (True, {"added": 2, "repeated": 1})
    assert reported(again)[-1] == "4,a@example.com,repeated,first on line 2"
