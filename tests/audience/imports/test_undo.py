"""Taking an import back: exactly what it did, nothing that happened since."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from pipeline.audience import person
from pipeline.audience.imports import undo as undoing
from pipeline.audience.imports.undo import undo
from pipeline.audience.leaving import undo as take_back
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import (
    Consent,
    Import,
    ImportChange,
    Subscriber,
    Subscription,
    Suppression,
)
from pipeline.errors import SettingError
from tests.audience.imports.lists import bring_in, counted, everything, put, states
from tests.factories import NOW, delivery, issue, subscriber

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _database(database: str) -> None:
    """Each test has a database of its own."""


def back(number: int, *, dry_run: bool = False) -> dict[str, int]:
    """Take an import back; what was done."""
    done = undo(number=number, actor="Lee", now=NOW, dry_run=dry_run)
    return {name: count for name, count in done.counts.items() if count}


def people() -> list[str]:
    """All addresses."""
    return list(Subscriber.objects.order_by("pk").values_list("address", flat=True))


def test_who_came_by_it_alone_goes_and_the_consents_stay(tmp_path: Path) -> None:
    number = bring_in(put(tmp_path, "a@example.com,A", "b@example.com,B")).number
    before = everything()
    assert back(number, dry_run=True) == {"removed": 2}
    assert everything() == before
    assert back(number) == {"removed": 2}
    assert people() == []
    assert not Subscription.objects.exists()
    assert not ImportChange.objects.exists()
    told = Consent.objects.order_by("pk").values_list("given", "actor", "import_id", "source")
    assert list(told) == [
        *[(True, "Kim", number, "list.csv")] * 2,
        *[(False, "Lee", number, "list.csv")] * 2,
    ]
    assert Import.objects.get().undone_at == NOW


def test_the_same_list_can_come_in_again(tmp_path: Path) -> None:
    path = put(tmp_path, "a@example.com,A")
    back(bring_in(path).number)
    assert counted(bring_in(path)) == {"added": 1}
    assert states() == {"a@example.com": "active"}


def test_who_was_removed_and_came_again_is_told_of_every_consent_l5(tmp_path: Path) -> None:
    path = put(tmp_path, "a@example.com,A", "b@example.com,B")
    back(bring_in(path).number)
    bring_in(path)
    told = person.everything(Subscriber.objects.get(address="a@example.com"), now=NOW)
    assert [(row["given"], row["actor"]) for row in told["consents"]] == [
        (True, "Kim"), (False, "Lee"), (True, "Kim"),
    ]  # fmt: skip
    if connection.vendor == "sqlite":  # PostgreSQL takes none for a table as small as this
        found = Consent.objects.filter(Consent.BY_HASH, address_hash="x").explain()
        assert "consent_hash" in found


def test_who_had_a_letter_stays_without_a_subscription(tmp_path: Path) -> None:
    number = bring_in(put(tmp_path, "a@example.com,A", "b@example.com,B")).number
    delivery(issue(), Subscriber.objects.get(address="a@example.com"))
    assert back(number) == {"removed": 1, "ended": 1}
    assert states() == {"a@example.com": "ended"}


def test_who_joined_another_newsletter_stays_in_it(tmp_path: Path) -> None:
    number = bring_in(put(tmp_path, "a@example.com,A")).number
    person = Subscriber.objects.get()
    Subscription.objects.create(
        subscriber=person, newsletter="monthly", state="active", changed_at=NOW
    )
    assert back(number) == {"ended": 1}
    assert set(Subscription.objects.values_list("newsletter", "state")) == {
        ("weekly", "ended"),
        ("monthly", "active"),
    }


def test_who_asked_for_it_themselves_since_keeps_it(tmp_path: Path) -> None:
    number = bring_in(put(tmp_path, "a@example.com,A")).number
    person = Subscriber.objects.get()
    Consent.objects.create(
        subscriber_id=person.pk,
        address_hash=person.address_hash,
        newsletter="weekly",
        basis="express",
        source="form",
        actor="subscriber",
        created_at=NOW + dt.timedelta(hours=1),
    )
    assert back(number) == {"kept": 1}
    assert states() == {"a@example.com": "active"}
    assert not Consent.objects.filter(given=False).exists()


def test_who_left_since_stays_out(tmp_path: Path) -> None:
    number = bring_in(put(tmp_path, "a@example.com,A")).number
    person = Subscriber.objects.get()
    delivery(issue(), person)
    unsubscribe(subscriber_id=person.pk, newsletter="weekly", now=NOW)
    assert back(number) == {}
    assert states() == {"a@example.com": "left"}
    assert Suppression.objects.count() == 1


def test_a_leaving_taken_back_after_it_brings_nobody_back_l5(tmp_path: Path) -> None:
    """What it would bring back is what the list gave, and that is gone."""
    later = NOW + dt.timedelta(minutes=5)
    number = bring_in(put(tmp_path, "a@example.com,A")).number
    person = Subscriber.objects.get()
    delivery(issue(), person)
    unsubscribe(subscriber_id=person.pk, newsletter="weekly", now=NOW)
    undo(number=number, actor="Lee", now=later)
    left = Suppression.objects.get()
    assert take_back(subscriber_id=person.pk, suppression_id=left.pk, now=later) == []
    assert states() == {"a@example.com": "left"}


def test_a_leaving_taken_back_after_it_knows_the_older_consent(tmp_path: Path) -> None:
    """The list had only made it longer: they are back, for as long as before."""
    later = NOW + dt.timedelta(minutes=5)
    path = put(tmp_path, "a@example.com,A")
    bring_in(path, basis="implied", until="2026-04-30")
    before, person = Subscription.objects.get().until, Subscriber.objects.get()
    longer = bring_in(path, basis="implied", until="2026-06-30", update=True).number
    unsubscribe(subscriber_id=person.pk, newsletter="weekly", now=NOW)
    undo(number=longer, actor="Lee", now=later)
    left = Suppression.objects.get()
    assert take_back(subscriber_id=person.pk, suppression_id=left.pk, now=later) == ["weekly"]
    assert Subscription.objects.get().until == before


def test_values_come_back_unless_somebody_changed_them_since(tmp_path: Path) -> None:
    for name in ("ana", "ben"):
        subscriber(f"{name}@example.com", name=name)
    Subscriber.objects.update(language="en", fields={"topic": "A"})
    header = "email,name,language,topic"
    rows = ("ana@example.com,Anna,es,B", "ben@example.com,Benn,,")
    number = bring_in(put(tmp_path, *rows, header=header), update=True).number
    Subscriber.objects.filter(address="ana@example.com").update(name="Ana Ruiz")
    assert back(number) == {"restored": 2, "changed since": 1}
    values = list(Subscriber.objects.order_by("pk").values_list("name", "language", "fields"))
    assert values == [("Ana Ruiz", "en", {"topic": "A"}), ("ben", "en", {"topic": "A"})]
    assert states() == {"ana@example.com": "active", "ben@example.com": "active"}
    assert not Consent.objects.exists()


def test_the_end_of_a_consent_comes_back(tmp_path: Path) -> None:
    path = put(tmp_path, "a@example.com,A")
    bring_in(path, basis="implied", until="2026-04-30")
    before = Subscription.objects.get().until
    longer = bring_in(path, basis="implied", until="2026-06-30", update=True).number
    back(longer)
    assert Subscription.objects.get().until == before
    for_ever = bring_in(path, update=True).number
    assert Subscription.objects.get().until is None
    back(for_ever)
    assert Subscription.objects.get().until == before
    assert Subscription.objects.get().state == "active"


def test_who_was_taken_off_before_is_off_again(tmp_path: Path) -> None:
    subscriber("a@example.com", state=Subscription.State.ENDED)
    number = bring_in(put(tmp_path, "a@example.com,A")).number
    assert back(number) == {"ended": 1}
    assert states() == {"a@example.com": "ended"}


def test_opt_outs_that_came_with_it_stay(tmp_path: Path) -> None:
    rows = ("a@example.com,active", "b@example.com,unsubscribed")
    number = bring_in(put(tmp_path, *rows, header="email,status")).number
    done = undo(number=number, actor="Lee", now=NOW)
    assert (done.opt_outs, done.counts["removed"]) == (1, 1)
    assert Suppression.objects.count() == 1


def test_what_a_crash_left_is_taken_back_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bring_in(put(tmp_path, "a@example.com,A", "b@example.com,B")).number
    monkeypatch.setattr(undoing, "_STRETCH", 1)
    withdraw = undoing._Stretch._withdraw

    done: list[int] = []

    def once(stretch: undoing._Stretch, changes: list[ImportChange]) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(changes[0].pk)
        withdraw(stretch, changes)

    with monkeypatch.context() as patch:
        patch.setattr(undoing._Stretch, "_withdraw", once)
        with pytest.raises(KeyboardInterrupt):
            back(number)
    assert len(people()) == 1
    assert back(number) == {"removed": 1}
    assert people() == []


def test_only_once_and_only_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"there is no import 1\. There is none yet"):
        back(1)
    number = bring_in(put(tmp_path, "a@example.com,A")).number
    with pytest.raises(SettingError, match=r"The last one is \d+ \(list.csv\)"):
        back(number + 1)
    back(number)
    with pytest.raises(SettingError, match=f"import {number} was taken back on 2026-03-03"):
        back(number)
