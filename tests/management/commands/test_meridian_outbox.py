"""`meridian outbox`: the sums, which add up."""

import datetime as dt
import json

import pytest

from pipeline.audience.models import Notice, Subscriber, Suppression
from pipeline.audience.suppression import suppress
from pipeline.events.models import Event
from pipeline.outbox.models import Delivery
from tests import factories
from tests.audience.forms import send, wish
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database

TERMS = ("excluded", "waiting", "sent", "failed", "unknown", "cancelled")


def test_every_term_stands_beside_its_issue_zeros_too(small: Home, meridian: Meridian) -> None:
    meridian("run")

    said = meridian("outbox")

    assert (said.status, said.err) == (0, "")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "Warm hands" in lines
    assert "Part planned excluded waiting sent failed unknown cancelled" in lines
    assert "1 of 2 24 0 0 24 0 0 0" in lines
    assert "2 of 2 0 0 0 0 0 0 0" in lines


def test_a_reader_who_left_is_counted_as_excluded(small: Home, meridian: Meridian) -> None:
    meridian("tick")
    reader = Subscriber.objects.all()[0]
    suppress(
        address_hash=reader.address_hash,
        newsletter="weekly",
        reason=Suppression.Reason.UNSUBSCRIBED,
        now=NOW,
    )
    meridian("run")

    (first, second) = json.loads(meridian("outbox", "--json").out)

    assert (first["planned"], first["excluded"], first["sent"]) == (24, 1, 23)
    assert first["planned"] == sum(first[term] for term in TERMS)
    assert first["subject"] == "Why they cool (1 of 2)"
    assert second["planned"] == 0


def test_a_sum_that_does_not_add_up_makes_the_status_one(small: Home, meridian: Meridian) -> None:
    meridian("run")
    lost = Delivery.objects.order_by("pk").values("pk")[:1]
    Delivery.objects.filter(pk__in=list(lost.values_list("pk", flat=True))).update(state="lost")

    assert meridian("outbox").status == 1


def test_an_empty_home_has_nothing_to_count(home: Home, meridian: Meridian) -> None:
    said = meridian("outbox", "--json")

    assert (said.status, json.loads(said.out)) == (0, [])


def test_no_number_is_cut_at_eighty_columns(
    small: Home, meridian: Meridian, monkeypatch: pytest.MonkeyPatch
) -> None:
    meridian("run")
    monkeypatch.setenv("COLUMNS", "80")

    out = meridian("outbox").out

    assert "…" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_notices_have_their_sums_beside_those_of_the_issues(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")
    factories.notice("ben@example.com")
    factories.notice("mina@example.com", kind=Notice.Kind.KNOWN)
    listed = json.loads(meridian("outbox", "--json").out)
    waiting, _ = (each for each in listed if "notice" in each)
    assert (waiting["notice"], waiting["planned"], waiting["waiting"]) == ("confirm", 1, 1)

    assert meridian("send", "--until-empty").status == 0

    lines = [" ".join(line.split()) for line in meridian("outbox").out.splitlines()]
    assert "Notices" in lines
    assert "Kind planned excluded waiting sent failed unknown cancelled" in lines
    assert "confirm 1 0 0 1 0 0 0" in lines
    assert "known 1 0 0 1 0 0 0" in lines
    assert sorted(path.name[7:] for path in small.outbox.glob("notices/*.eml")) == [
        "ben@example.com.eml",
        "mina@example.com.eml",
    ]


def test_a_sum_of_notices_that_does_not_add_up_makes_the_status_one(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")
    factories.notice()
    Notice.objects.update(state="lost")

    assert meridian("outbox").status == 1


def test_a_newsletter_whose_form_rests_is_told_beside_the_sums_s16(
    small: Home, meridian: Meridian
) -> None:
    small.change("clinic.toml", 'key = "weekly"', 'key = "weekly"\njoins_per_hour = 1')
    meridian("tick")
    send(wish(), most=1, now=dt.datetime.now(dt.UTC))

    for said in (meridian("outbox"), meridian("outbox", "--json")):
        assert said.status == 0
        assert said.err.startswith("Joining The Harbour Letter rests until ")


def test_events_that_need_a_look_are_told(small: Home, meridian: Meridian) -> None:
    meridian("run")
    for number, state in enumerate(("orphan", "orphan", "poison", "applied")):
        Event.objects.create(
            key=str(number), provider="brevo", happened_at=NOW, received_at=NOW, state=state
        )

    said = meridian("outbox")

    assert "Events of letters that are not known here: 2." in said.err
    assert "Events that could not be read or applied: 1." in said.err
    told = json.loads(meridian("outbox", "--json").out)
    assert told[-2:] == [{"events": "orphan", "count": 2}, {"events": "poison", "count": 1}]
