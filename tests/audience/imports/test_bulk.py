"""Many rows at once: what the ORM would have written, whatever their number."""

import pytest
from django.db import connection, transaction

from pipeline.audience.imports import bulk
from pipeline.audience.imports.repeats import Seen
from pipeline.audience.models import Consent, Subscriber, Subscription
from tests.factories import NOW, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

COUNT = 1_201  # more than two statements hold


def test_rows_of_many_statements_are_what_the_orm_writes() -> None:
    kept = subscriber("kept@example.com")
    moment = bulk.stamp(NOW)
    with transaction.atomic():
        numbers = bulk.numbers(Subscriber, COUNT)
        people = [(number, f"{number:064x}") for number in numbers]
        columns = ("id", "address", "address_hash", "created_at")
        rows = [(number, f"{number}@example.com", digest, moment) for number, digest in people]
        bulk.insert(Subscriber, columns, rows)
        # Those who are in the table already, in any order.
        both = [*reversed(people), (kept.pk, kept.address_hash)]
        same = {"newsletter": "weekly", "source": "a", "actor": "b", "basis": "express"}
        who = ("subscriber_id", "address_hash")
        bulk.insert_for(Consent, who, both, same={**same, "created_at": moment})
    assert Subscriber.objects.count() == COUNT + 1
    last = Subscriber.objects.get(pk=numbers[-1])
    assert (last.address, last.name, last.fields, last.created_at, last.erased_at) == (
        f"{last.pk}@example.com", "", {}, NOW, None,
    )  # fmt: skip
    told = Consent.objects.order_by("pk").values_list("subscriber_id", "address_hash")
    assert list(told) == sorted(both)
    one = Consent.objects.get(subscriber_id=kept.pk)
    written = Consent(pk=one.pk, subscriber_id=kept.pk, address_hash=kept.address_hash, **same)
    written.created_at = NOW
    names = [field.attname for field in Consent._meta.concrete_fields]
    assert [getattr(one, name) for name in names] == [getattr(written, name) for name in names]
    assert subscriber("next@example.com").pk not in numbers


def test_nobody_is_no_statement() -> None:
    bulk.insert_for(Subscription, ("subscriber_id",), [], same={})
    bulk.insert(Subscription, ("subscriber_id",), [])
    assert not Subscription.objects.exists()


def test_what_was_noted_before_is_told_once_and_an_opt_out_outweighs_it() -> None:
    first, second, third = (f"{number:x}".ljust(64, "0") for number in (1, 9, 15))
    with Seen() as seen:
        assert seen.add({first: 2, second: 3}) == {}
        assert seen.add({first: 2, second: 3}) == {}  # the same rows, noted again
        assert seen.add({first: 4, second: -5, third: 6}) == {first: 2, second: 3}
        assert seen.add({first: 7, second: 8}) == {first: 2, second: -5}


def test_room_is_given_back() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own")

    def rooms() -> list[int]:
        with connection.cursor() as cursor:
            return [
                cursor.execute(f"PRAGMA {schema}.cache_size").fetchone()[0]
                for schema in ("main", "temp")
            ]

    before = rooms()
    with bulk.roomy():
        assert rooms() == [-48_000, -16_000]
    assert rooms() == before


def test_no_index_is_kept_that_another_one_serves() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Subscription._meta.db_table)
        hashed = connection.introspection.get_constraints(cursor, Subscriber._meta.db_table)
    alone = [name for name, one in found.items() if one["columns"] == ["subscriber_id"]]
    assert not [name for name in alone if found[name]["index"]]
    named = [one for one in hashed.values() if one["columns"] == ["address_hash"]]
    assert [one["unique"] for one in named] == [True]
