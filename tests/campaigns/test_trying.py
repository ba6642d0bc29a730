"""Test sends go to the staff alone, a hundred an hour, and say what readers would get (S35)."""

import datetime as dt

import pytest

from pipeline.audience.models import Notice
from pipeline.campaigns import trying
from pipeline.campaigns.models import Issue
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.trying import issue_named, send_test
from pipeline.errors import SettingError, StaffError
from pipeline.outbox.claim import claim
from pipeline.outbox.frozen import letter_of
from tests.campaigns.asking import STAFF, addresses, clinic, waiting
from tests.factories import HTML, NOW, TEXT, configured, subscriber
from tests.outbox.channels import ListChannel

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

DESK, MARA = "desk@harbour-street.example.com", "mara@harbour-street.example.com"


def try_(issue: Issue, to: str, *, now: dt.datetime = NOW) -> None:
    """Somebody asks for a test."""
    send_test(issue, to=to, configuration=current_configuration(), actor="ana", now=now)


def test_a_test_goes_to_staff_and_practitioners_and_to_nobody_else_s35() -> None:
    clinic(more="")
    subscriber("ana@example.com")
    made = waiting()
    try_(made, f" {MARA.upper()}")
    for stranger in ("ana@example.com", DESK, f"{MARA}.evil.example.com"):
        with pytest.raises(StaffError, match="none of theirs"):
            try_(made, stranger)
    configured(old="[clinic]", new=f"[clinic]\n{STAFF}")
    try_(made, DESK)
    assert addresses(Notice.Kind.TEST) == [MARA, DESK]


def test_there_are_a_hundred_in_an_hour_at_most_s35(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trying.MOST_AN_HOUR == 100
    monkeypatch.setattr(trying, "MOST_AN_HOUR", 3)
    clinic()
    made = waiting()
    for _ in range(3):
        try_(made, MARA)
    with pytest.raises(StaffError, match="3 tests were sent within the hour"):
        try_(made, MARA)
    try_(made, MARA, now=NOW + dt.timedelta(hours=1))
    assert Notice.objects.count() == 4


def test_it_holds_the_stored_bytes_with_the_mark_in_the_senders_name_s35() -> None:
    clinic()
    made = waiting()
    try_(made, MARA)
    # What is stored anew afterwards is another issue's: the test shows what was asked for.
    Issue.objects.update(subject="Another", content_hash="f" * 64)

    batch = claim(ListChannel(), owner="a", now=NOW)

    assert batch is not None
    letter = letter_of(batch)
    assert (letter.subject, letter.html, letter.text) == (made.subject, HTML, TEXT)
    assert letter.from_name == "[Test] Harbour Street Acupuncture"
    assert letter.from_address == "notices@harbour-street.example.com"
    (reader,) = letter.recipients
    assert reader.values["unsubscribe_url"].endswith("/sample/")
    assert not [value for value in reader.values.values() if "/u/" in value or "/p/" in value]


def test_an_issue_is_named_by_its_article_and_part() -> None:
    first, second = waiting(1), waiting(2)
    assert issue_named("why-warmth-helps") == first
    assert issue_named("why-warmth-helps/2") == second
    for wrong in ("why-warmth-helps/3", "why-warmth-helps/x"):
        with pytest.raises(SettingError, match=r"There is: why-warmth-helps/1, why"):
            issue_named(wrong)
