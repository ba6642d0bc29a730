"""Too much that comes back pauses the campaign, and only a person lets it go on (D29, D30, D31)."""

import datetime as dt
import logging

import pytest

from pipeline.audience.models import Suppression
from pipeline.campaigns.acts import resume
from pipeline.campaigns.alarms import alarm_of
from pipeline.campaigns.models import Campaign, Issue, LogEntry
from pipeline.events.take import take
from pipeline.events.watch import FEWEST, WINDOW
from pipeline.outbox.models import Delivery
from tests import factories
from tests.events.words import MINUTE, batch_of, noticed, sent, told
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LATER = NOW + 10 * MINUTE


def letters(count: int, *, first: int = 0, at: dt.datetime = NOW) -> Issue:
    """So many letters of one issue that Mailgun took, each with an id of its own."""
    found = Issue.objects.first()
    issue = found or factories.issue()
    batch = issue.batches.first() or batch_of(issue)
    for number in range(first, first + count):
        row = factories.delivery(
            issue, factories.subscriber(f"r{number}@example.com"), state=Delivery.State.ACCEPTED
        )
        row.batch, row.sent_at, row.provider_id = batch, at, f"<{number}@mg>"
        row.save()
    return issue


def come_back(*numbers: int, kind: str = "bounced", code: str = "5.1.1") -> None:
    """Letters of these readers come back."""
    events = [
        told(kind, code=code, address=f"r{n}@example.com", provider_id=f"<{n}@mg>") for n in numbers
    ]
    take(events, now=LATER)


def state() -> str:
    return Campaign.objects.get().state


def reasons() -> list[str]:
    """Why the scheduler paused."""
    return list(LogEntry.objects.filter(kind="paused").values_list("told", flat=True))


def test_five_in_a_hundred_that_do_not_exist_pause_d30(caplog: pytest.LogCaptureFixture) -> None:
    letters(100)
    come_back(*range(4))
    assert state() == "active"
    come_back(4)
    assert state() == "paused"
    why = "5 of the last 100 letters went to addresses that do not exist"
    assert reasons() == [f"Why Warmth Helps is paused: {why}"]
    assert why in caplog.text
    assert "example.com" not in caplog.text


def test_one_complaint_in_five_hundred_pauses_and_two_raise_the_alarm_d30() -> None:
    letters(WINDOW)
    come_back(0, kind="complained")
    assert (state(), alarm_of("weekly")) == ("paused", "")
    assert reasons() == ["Why Warmth Helps is paused: 1 of the last 500 letters were called spam"]
    come_back(1, 2, kind="complained")
    assert alarm_of("weekly") == "2 of the last 500 letters of weekly were called spam"
    assert LogEntry.objects.filter(kind="alarm").count() == 1
    assert len(reasons()) == 1


def test_of_few_letters_a_single_one_decides_nothing_d30() -> None:
    letters(FEWEST - 1)
    come_back(*range(10))
    come_back(11, kind="complained")
    assert state() == "active"
    assert Suppression.objects.count() == 11


def test_full_mailboxes_pause_nothing_d30() -> None:
    letters(100)
    come_back(*range(50), code="5.2.2")
    assert state() == "active"


def test_only_the_last_five_hundred_count_d30() -> None:
    letters(30)
    letters(WINDOW, first=30, at=NOW + MINUTE)
    come_back(*range(30))
    assert state() == "active"


def test_other_newsletters_are_judged_by_their_own_d30() -> None:
    letters(100)
    other = factories.issue(article="another", newsletter="monthly")
    batch_of(other, key="o" * 32)
    come_back(*range(5))
    assert Campaign.objects.get(newsletter="monthly").state == "active"


def test_after_a_person_let_it_go_on_the_counting_begins_anew_d30() -> None:
    letters(200)
    come_back(*range(10))
    assert state() == "paused"
    resume(article="why-warmth-helps", actor="Mara Ellison", now=LATER)
    come_back(10, 11)
    assert state() == "active"
    letters(100, first=200, at=LATER + MINUTE)
    come_back(*range(200, 205))
    assert state() == "paused"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("bounced", "5.7.26"),
        ("bounced", "5.7.1"),
        ("bounced", "4.7.28"),
        ("deferred", "4.7.28"),
        ("refused", "5.7.1"),
    ],
)
def test_a_refusal_of_the_sender_pauses_and_blames_no_person_d29(kind: str, code: str) -> None:
    sent()
    take([told(kind, code=code, reason="your SPF fails")], now=LATER)
    assert state() == "paused"
    assert reasons() == [
        f"Why Warmth Helps is paused: a server refused its sender with {code}: your SPF fails"
    ]
    assert not Suppression.objects.exists()


def test_a_refusal_that_a_person_has_seen_does_not_pause_again_d29() -> None:
    letters(3)
    come_back(0, code="5.7.26")
    resume(article="why-warmth-helps", actor="Mara Ellison", now=LATER)
    come_back(1, code="5.7.26")
    assert state() == "active"
    come_back(2, code="5.7.1")
    assert state() == "paused"


def test_a_campaign_that_a_person_cancelled_stays_so() -> None:
    letters(100)
    Campaign.objects.update(state=Campaign.State.CANCELLED)
    come_back(*range(50))
    assert state() == "cancelled"
    assert reasons() == []


def test_a_confirmation_refused_for_its_sender_is_told_d29(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR, logger="pipeline")
    notice = noticed()
    take([told("bounced", code="5.7.26", provider_id="<n@mg.example.com>")], now=LATER)
    assert f"notice {notice.pk}: a server refused its sender with 5.7.26" in caplog.text
    assert not Suppression.objects.exists()


def test_a_confirmation_called_spam_ends_all_d28() -> None:
    notice = noticed()
    take([told("complained", provider_id="<n@mg.example.com>")], now=LATER)
    assert Suppression.objects.get().reason == "complained"
    notice.refresh_from_db()
    assert notice.state == "complained"
