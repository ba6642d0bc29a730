"""Erasing a person leaves nothing by which anybody could tell who it was (L9)."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from pipeline.audience.forgetting import forget
from pipeline.audience.joining import Reader, subscribe
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    Import,
    ImportChange,
    Notice,
    Subscriber,
    Subscription,
    Suppression,
)
from pipeline.audience.notices import post
from pipeline.audience.person import everything, find
from pipeline.audience.reach import reachable
from pipeline.audience.suppression import is_suppressed, suppress
from pipeline.outbox.models import Delivery
from tests.factories import NOW, delivery, issue, subscriber

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + dt.timedelta(days=30)
SECRETS = ("ana.ruiz@example.com", "Ana Ruiz", "Asia/Seoul", "Fairhaven", "192.0.2.0")


@pytest.fixture
def ana() -> Subscriber:
    """A person of whom everything is known that can be."""
    made = subscriber("Ana.Ruiz@example.com", name="Ana Ruiz")
    made.time_zone, made.language, made.fields = "Asia/Seoul", "ko", {"town": "Fairhaven"}
    made.save()
    consent = Consent.objects.create(
        subscriber_id=made.pk,
        address_hash=made.address_hash,
        newsletter="weekly",
        basis="express",
        wording="Yes, write to me.",
        source="form",
        actor="subscriber",
        created_at=NOW,
    )
    ConsentOrigin.objects.create(
        consent_id=consent.pk, subscriber_id=made.pk, network="192.0.2.0", created_at=NOW
    )
    read = Import.objects.create(
        newsletter="weekly", file_name="list.csv", basis="express", actor="Kim", begun_at=NOW
    )
    ImportChange.objects.create(
        source=read, subscriber=made, created=False, before={"name": "Ana Ruiz"}
    )
    post(
        kind=Notice.Kind.KNOWN,
        subscriber=made,
        newsletter="weekly",
        cause="weekly",
        language="ko",
        now=NOW,
    )
    delivery(issue(), made, state=Delivery.State.DELIVERED)
    suppress(address_hash=made.address_hash, newsletter="monthly", reason="unsubscribed", now=NOW)
    return made


def everything_stored() -> str:
    """Every value of every table, as text."""
    rows = [row for model in apps.get_models() for row in model._default_manager.values_list()]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_nothing_that_names_a_person_is_left_l9(ana: Subscriber) -> None:
    before = everything_stored()
    assert all(secret in before for secret in SECRETS)
    assert forget(subscriber_id=ana.pk, actor="Kim", now=LATER)
    after = everything_stored()
    assert not [secret for secret in SECRETS if secret in after]


def test_not_even_in_the_file_of_the_database(ana: Subscriber, database: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the files of PostgreSQL are its own")
    forget(subscriber_id=ana.pk, actor="Kim", now=LATER)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = Path(database.removeprefix("sqlite:///")).read_bytes()
    assert [secret for secret in SECRETS if secret.encode() in content] == []


def test_what_is_append_only_stays_and_nobody_is_written_to_l9(ana: Subscriber) -> None:
    consents = list(Consent.objects.values_list())
    forget(subscriber_id=ana.pk, actor="Kim", now=LATER)
    assert list(Consent.objects.values_list()) == consents
    row = Suppression.objects.get(newsletter="")
    assert (row.reason, row.source, row.created_at) == ("erased", "Kim", LATER)
    assert is_suppressed(ana.address_hash, "anything")
    assert not reachable("weekly", now=LATER).exists()
    assert Subscription.objects.get(subscriber=ana).state == "left"
    assert Notice.objects.get().state == "cancelled"


def test_a_list_does_not_bring_an_erased_person_back_l9(ana: Subscriber) -> None:
    forget(subscriber_id=ana.pk, actor="Kim", now=LATER)
    readers = [Reader(address="ana.ruiz@example.com", name="Ana Ruiz")]
    assert subscribe(readers, newsletter="weekly", basis="express", source="list", now=LATER) == 0
    assert Subscriber.objects.get(pk=ana.pk).address == ""
    assert find("ana.ruiz@example.com") is None


def test_forgetting_twice_or_nobody_changes_nothing(ana: Subscriber) -> None:
    assert forget(subscriber_id=ana.pk, actor="Kim", now=NOW)
    before = everything_stored()
    assert not forget(subscriber_id=ana.pk, actor="Kim", now=LATER)
    assert not forget(subscriber_id=ana.pk + 99, actor="Kim", now=LATER)
    assert everything_stored() == before


def test_others_are_left_alone(ana: Subscriber) -> None:
    ben = subscriber("ben@example.com", name="Ben")
    forget(subscriber_id=ana.pk, actor="Kim", now=NOW)
    assert Subscriber.objects.get(pk=ben.pk).address == "ben@example.com"
    assert reachable("weekly", now=NOW).count() == 1


def test_everything_about_one_person_l5(ana: Subscriber) -> None:
    told = everything(ana, now=NOW)
    document = json.dumps(told, ensure_ascii=False)
    assert all(secret in document for secret in SECRETS)
    assert ana.address_hash not in document
    assert told["consents"][0]["wording"] == "Yes, write to me."
    assert told["consents"][0]["network"] == "192.0.2.0"
    assert told["suppressions"][0]["newsletter"] == "monthly"
    assert told["suppressions"][0]["rejoins"] == []
    assert told["letters"][0]["subject"] == "Why Warmth Helps: 1. Vessels"
    assert told["imports"] == [{"file": "list.csv", "at": NOW.isoformat()}]
    assert told["notices"][0]["kind"] == "known"
    assert told["subscriptions"][0]["newsletter"] == "weekly"


def test_a_person_of_whom_little_is_known() -> None:
    ben = subscriber("ben@example.com", name="")
    told = everything(ben, now=NOW)
    assert told["subscriber"]["address"] == "ben@example.com"
    assert [told[key] for key in ("consents", "suppressions", "letters", "notices")] == [[]] * 4


def test_a_person_is_found_however_the_address_is_spelt_d35(ana: Subscriber) -> None:
    assert find("  ANA.RUIZ@Example.COM ") == ana
    assert find("ben@example.com") is None
