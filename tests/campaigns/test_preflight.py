"""Preflight: what is looked at before a campaign may send."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.campaigns.models import Campaign
from pipeline.campaigns.preflight import Facts, facts_of, preflight
from pipeline.campaigns.scheduling import refuse
from pipeline.errors import CheckError
from pipeline.outbox.models import Delivery
from tests.factories import NOW, delivery, issue, subscriber

FACTS = Facts(
    newsletter="The Harbour Letter",
    recipients=200,
    last=200,
    mail_api="folder",
    url="http://127.0.0.1:8000",
    postal_address=("12 Harbour Street",),
    now=NOW,
    due={1: NOW, 2: NOW + dt.timedelta(days=7)},
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ""),
        ({"recipients": 0}, "error nobody"),
        ({"recipients": None}, ""),
        ({"last": None}, ""),
        ({"recipients": 101}, ""),
        ({"recipients": 99}, "warning audience-jump"),
        ({"recipients": 400}, ""),
        ({"recipients": 401}, "warning audience-jump"),
        # Few come and go by themselves.
        ({"recipients": 1, "last": 50}, ""),
        ({"recipients": 1, "last": 51}, "warning audience-jump"),
        ({"postal_address": (" ",)}, "error no-postal-address"),
        ({"mail_api": "mailgun"}, "error no-public-address"),
        ({"mail_api": "mailgun", "api_url": "http://127.0.0.1:9/v3"}, ""),
        ({"mail_api": "mailgun", "url": "https://letters.example.com"}, ""),
        ({"due": {1: NOW - dt.timedelta(minutes=59)}}, ""),
        ({"due": {1: NOW - dt.timedelta(minutes=61)}}, "error slot-passed"),
    ],
)
def test_what_is_found(changes: dict[str, object], found: str) -> None:
    findings = preflight(replace(FACTS, **changes))  # type: ignore[arg-type]
    assert " ".join(f"{finding.level} {finding.code}" for finding in findings) == found


def test_errors_stop_it_and_a_warning_until_it_is_confirmed() -> None:
    jump = preflight(replace(FACTS, recipients=401))
    refuse(jump, confirmed=True)
    with pytest.raises(CheckError, match="401 readers; the last issue went to 200"):
        refuse(jump, confirmed=False)
    both = preflight(replace(FACTS, recipients=0, postal_address=()))
    with pytest.raises(CheckError) as caught:
        refuse(both, confirmed=True)
    assert "has no readers" in str(caught.value)
    assert "no postal address" in str(caught.value)


@pytest.mark.database
@pytest.mark.usefixtures("database")
def test_the_facts_count_who_is_written_to() -> None:
    def facts() -> Facts:
        return facts_of("weekly", name="x", postal_address=("x",), now=NOW)

    assert (facts().recipients, facts().last) == (0, None)
    sent = issue()
    delivery(sent, subscriber(), state=Delivery.State.ACCEPTED)
    delivery(sent, subscriber("ben@example.com"), state=Delivery.State.SUPPRESSED)
    assert (facts().recipients, facts().last) == (2, 1)
    Campaign.objects.update(kind=Campaign.Kind.WELCOME)
    assert facts().last is None  # a welcome goes to one at a time
    assert facts_of("x", name="x", postal_address=("x",), welcome=True, now=NOW).recipients is None
