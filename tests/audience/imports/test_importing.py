"""Reading lists in: what they change, and the report of it (L5, L7, L8, D34, D35, S27)."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from django.conf import settings

from pipeline.audience import suppression_log
from pipeline.audience.imports import importing
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Consent,
    Import,
    ImportChange,
    Subscriber,
    Subscription,
    Suppression,
)
from pipeline.audience.suppression import readmit, suppress
from tests.audience.imports.lists import bring_in, counted, everything, put, reported, states
from tests.factories import NOW, subscriber

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _database(database: str) -> None:
    """Each test has a database of its own."""


def test_a_person_with_their_consent_l5(tmp_path: Path) -> None:
    header = "email,name,language,time_zone,topic"
    path = put(tmp_path, "ANA@example.com,Ana,es,America/Bogota,Sleep", header=header)
    result = bring_in(path)

    person = Subscriber.objects.get()
    assert (person.address, person.address_hash) == (
        "ana@example.com", address_hash("ana@example.com"),
    )  # fmt: skip
    assert (person.name, person.language, person.time_zone) == ("Ana", "es", "America/Bogota")
    assert (person.fields, person.created_at, person.erased_at) == ({"topic": "Sleep"}, NOW, None)
    tie = Subscription.objects.get()
    assert (tie.subscriber, tie.newsletter, tie.state) == (person, "weekly", "active")
    assert (tie.joined_at, tie.changed_at, tie.until, tie.frequency) == (NOW, NOW, None, "every")
    consent = Consent.objects.get()
    assert (consent.subscriber_id, consent.address_hash) == (person.pk, person.address_hash)
    assert (consent.basis, consent.given, consent.purpose) == ("express", True, "letters")
    assert (consent.source, consent.actor) == ("list.csv", "Kim")
    assert (consent.import_id, consent.until, consent.created_at) == (result.number, None, NOW)
    record = Import.objects.get()
    assert (record.counts, record.finished_at) == ({"added": 1}, NOW)
    assert list(record.progress) == ["options"]
    assert reported(result) == ["2,ana@example.com,added,"]
    assert stat.S_IMODE(result.report.stat().st_mode) == 0o600


def test_an_implied_consent_ends_l8(tmp_path: Path) -> None:
    bring_in(put(tmp_path, "ana@example.com,"), basis="implied", until="2027-03-31")
    end = dt.datetime(2027, 4, 1, tzinfo=dt.UTC)
    assert Subscription.objects.get().until == end
    assert Consent.objects.get().until == end


def test_rows_of_one_person_are_one_d35(tmp_path: Path) -> None:
    rows = ("ana@exa\u0308mple.com,Ana", "ANA@EX\u00c4MPLE.COM,Anna", "ben@example.com,Ben")
    result = bring_in(put(tmp_path, *rows))
    assert counted(result) == {"added": 2, "repeated": 1}
    assert reported(result)[1] == "3,ana@xn--exmple-cua.com,repeated,first on line 2"
    assert Subscriber.objects.get(address__startswith="ana").name == "Ana"


@pytest.mark.parametrize("dry_run", [False, True])
def test_over_many_stretches_nobody_comes_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    monkeypatch.setattr(importing, "STRETCH", 2)
    rows = [f"reader-{number % 5}@example.com," for number in range(12)]
    result = bring_in(put(tmp_path, *rows), dry_run=dry_run)
    assert counted(result) == {"added": 5, "repeated": 7}
    assert reported(result)[-1] == "13,reader-1@example.com,repeated,first on line 3"
    assert Subscriber.objects.count() == (0 if dry_run else 5)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("length", [1, 100])
@pytest.mark.parametrize("out_first", [False, True])
def test_an_opt_out_counts_wherever_it_stands_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, dry_run: bool, length: int, out_first: bool
) -> None:
    monkeypatch.setattr(importing, "STRETCH", length)
    rows = ["ana@example.com,active", "ANA@example.com,unsubscribed", "ana@example.com,active"]
    if out_first:
        rows[:2] = rows[1::-1]
    result = bring_in(put(tmp_path, *rows, header="email,status"), dry_run=dry_run)
    assert result.counts["opted out"] == 1
    assert reported(result)[2].startswith("4,ana@example.com,suppressed,")
    assert "active" not in states().values()
    assert Suppression.objects.count() == (0 if dry_run else 1)


def test_the_states_of_another_program_are_kept_pains_54_55(tmp_path: Path) -> None:
    subscriber("known@example.com")
    rows = [
        "a@example.com,active", "b@example.com,unsubscribed", "c@example.com,cleaned",
        "d@example.com,complained", "e@example.com,false", "f@example.com,unconfirmed",
        "known@example.com,unsubscribed", "g@example.com,", "d@example.com,bounced",
        "b@example.com,unsubscribed",
    ]  # fmt: skip
    result = bring_in(put(tmp_path, *rows, header="email,status"))
    assert counted(result) == {"added": 1, "opted out": 6, "refused": 2, "repeated": 1}
    assert states() == {"known@example.com": "left", "a@example.com": "active"}
    kept = {
        (row.address_hash, row.newsletter, row.reason, row.source)
        for row in Suppression.objects.all()
    }
    assert kept == {
        (address_hash(f"{name}@example.com"), newsletter, reason, "import")
        for name, newsletter, reason in [
            ("b", "weekly", "unsubscribed"),
            ("c", "", "bounced"),
            ("d", "", "complained"),
            ("e", "weekly", "unsubscribed"),
            ("known", "weekly", "unsubscribed"),
        ]
    }


def test_an_opt_out_of_a_list_survives_a_restore_l10(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_HOME", tmp_path)
    bring_in(put(tmp_path, "a@example.com,unsubscribed", header="email,status"))
    assert address_hash("a@example.com") in suppression_log.path().read_text("utf-8")


def test_a_known_opt_out_is_told_once(tmp_path: Path) -> None:
    path = put(tmp_path, "a@example.com,unsubscribed", "b@example.com,spam", header="email,status")
    bring_in(path)
    before = everything()
    assert counted(bring_in(path)) == {"suppressed": 2}
    assert everything() == before


def test_an_old_list_does_not_outweigh_what_a_person_did_since(tmp_path: Path) -> None:
    ana = subscriber("ana@example.com")
    unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
    readmit(subscriber=ana, newsletter="weekly", how="confirmed", now=NOW)
    Subscription.objects.update(state="active")
    left = put(tmp_path, "ana@example.com,unsubscribed", header="email,status")
    assert counted(bring_in(left)) == {"known": 1}
    assert states() == {"ana@example.com": "active"}
    # A complaint is for ever (D28).
    spam = put(tmp_path, "ana@example.com,complained", header="email,status")
    assert counted(bring_in(spam)) == {"opted out": 1}
    assert states() == {"ana@example.com": "left"}


def test_a_complaint_after_a_bounce_is_written_down_too(tmp_path: Path) -> None:
    suppress(address_hash=address_hash("a@example.com"), newsletter="", reason="bounced", now=NOW)
    unsub = put(tmp_path, "a@example.com,unsubscribed", header="email,status")
    assert counted(bring_in(unsub)) == {"suppressed": 1}
    path = put(tmp_path, "a@example.com,complained", header="email,status")
    assert counted(bring_in(path)) == {"opted out": 1}
    assert list(Suppression.objects.order_by("number").values_list("reason", "number")) == [
        ("bounced", 1),
        ("complained", 2),
    ]


def test_offices_and_slips_are_refused_and_reported_d34(tmp_path: Path) -> None:
    rows = ("abuse@example.com,", "postmaster@example.com,", "ana@gmial.com,", "no address,x")
    result = bring_in(put(tmp_path, *rows))
    assert counted(result) == {"refused": 4}
    assert reported(result) == [
        '2,abuse@example.com,refused,"abuse@ is an office or a machine, not a person"',
        '3,postmaster@example.com,refused,"postmaster@ is an office or a machine, not a person"',
        "4,ana@gmial.com,refused,gmial.com looks like a slip for gmail.com",
        "5,no address,refused,'no address' is not one email address",
    ]
    assert not Subscriber.objects.exists()


def test_the_report_runs_nothing_s13(tmp_path: Path) -> None:
    assert reported(bring_in(put(tmp_path, "=1+1,"))) == [
        "2,'=1+1,refused,'=1+1' is not one email address"
    ]


# --- Known people ---------------------------------------------------------------------------------


def test_known_people_keep_what_they_have(tmp_path: Path) -> None:
    subscriber("ana@example.com", name="Ana")
    before = everything()
    assert counted(bring_in(put(tmp_path, "ana@example.com,Anna"))) == {"known": 1}
    assert everything() == before


def test_with_update_they_get_what_the_list_has_and_none_of_its_gaps(tmp_path: Path) -> None:
    ana = subscriber("ana@example.com", name="Ana")
    Subscriber.objects.filter(pk=ana.pk).update(language="es", fields={"town": "F", "topic": "A"})
    header = "email,name,language,topic"
    result = bring_in(put(tmp_path, "ana@example.com,Anna,,B", header=header), update=True)
    assert counted(result) == {"updated": 1}
    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.fields) == ("Anna", "es", {"town": "F", "topic": "B"})
    change = ImportChange.objects.get()
    assert (change.created, change.before) == (
        False,
        {
            "person": {
                "name": ["Ana", "Anna"],
                "fields": [{"town": "F", "topic": "A"}, {"town": "F", "topic": "B"}],
            }
        },
    )
    assert not Consent.objects.exists()
    gaps = bring_in(put(tmp_path, "ana@example.com,,,", header=header), update=True)
    assert counted(gaps) == {"known": 1}


def test_a_consent_grows_longer_with_update_alone(tmp_path: Path) -> None:
    path = put(tmp_path, "ana@example.com,")
    bring_in(path, basis="implied", until="2026-04-30")
    assert counted(bring_in(path, basis="implied", until="2026-06-30")) == {"known": 1}
    longer = bring_in(path, basis="implied", until="2026-06-30", update=True)
    assert counted(longer) == {"updated": 1}
    assert Subscription.objects.get().until == dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    shorter = bring_in(path, basis="implied", until="2026-05-30", update=True)
    assert counted(shorter) == {"known": 1}
    assert counted(bring_in(path, basis="existing", update=True)) == {"updated": 1}
    assert Subscription.objects.get().until is None
    assert list(Consent.objects.order_by("pk").values_list("basis", flat=True)) == [
        "implied", "implied", "existing",
    ]  # fmt: skip


def test_a_known_person_joins_another_newsletter(tmp_path: Path) -> None:
    ana = subscriber("ana@example.com", newsletter="monthly", name="Ana")
    result = bring_in(put(tmp_path, "ana@example.com,Anna"))
    assert counted(result) == {"added": 1}
    assert states() == {"ana@example.com": "active"}
    ana.refresh_from_db()
    assert ana.name == "Ana"
    change = ImportChange.objects.get()
    assert (change.created, change.before) == (False, {"subscription": None})


def test_who_was_taken_off_by_the_clinic_may_come_back(tmp_path: Path) -> None:
    subscriber("ana@example.com", state=Subscription.State.ENDED)
    assert counted(bring_in(put(tmp_path, "ana@example.com,"))) == {"added": 1}
    assert states() == {"ana@example.com": "active"}


def test_who_has_not_confirmed_does_it_themselves_l6(tmp_path: Path) -> None:
    subscriber("ana@example.com", state=Subscription.State.PENDING)
    for update in (False, True):
        result = bring_in(put(tmp_path, "ana@example.com,"), update=update)
        assert counted(result) == {"known": 1}
    assert reported(result) == ["2,ana@example.com,known,has not confirmed yet"]
    assert states() == {"ana@example.com": "pending"}
