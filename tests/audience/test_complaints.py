"""What a provider tells of an address: it complained, or a mail came back (D28, D29)."""

import datetime as dt

import pytest

from pipeline.audience.addresses import normalise_address
from pipeline.audience.codes import REFUSED_BY_LIST, Verdict, weigh
from pipeline.audience.complaints import arrive, bounce, complain
from pipeline.audience.confirming import Standing
from pipeline.audience.forgetting import forget
from pipeline.audience.joining import Reader, subscribe
from pipeline.audience.keys import address_hash
from pipeline.audience.models import SoftBounce, Subscriber, Subscription, Suppression
from pipeline.audience.person import everything
from pipeline.audience.reach import reachable
from pipeline.audience.suppression import is_suppressed
from pipeline.outbox.claim import claim
from pipeline.outbox.models import Delivery
from tests.audience.forms import join, links, press, send, wish
from tests.factories import NOW, delivery, issue, subscriber
from tests.outbox.channels import ListChannel

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

DAY = dt.timedelta(days=1)
FULL = "5.2.2"


def key(address: str = "ana@example.com") -> str:
    """The hash of an address."""
    return address_hash(normalise_address(address))


def back(code: str = FULL, *, mailing: str = "issue 1", days: float = 0) -> Verdict:
    """Tell that a mail to Ana came back, so many days later."""
    return bounce(address_hash=key(), code=code, mailing=mailing, now=NOW + days * DAY)


def reached(newsletter: str = "weekly") -> list[str]:
    """Who would be written to."""
    rows = reachable(newsletter, now=NOW).order_by("subscriber__address")
    return list(rows.values_list("subscriber__address", flat=True))


def states() -> dict[str, str]:
    """How each subscription stands, by newsletter."""
    return dict(Subscription.objects.values_list("newsletter", "state"))


@pytest.fixture
def ana() -> Subscriber:
    """A reader of two newsletters who has asked for a third."""
    made = subscriber()
    for newsletter, state in (("monthly", "active"), ("news", "pending")):
        Subscription.objects.create(
            subscriber=made, newsletter=newsletter, state=state, changed_at=NOW
        )
    return made


def test_a_complaint_ends_every_newsletter_at_once_d28(ana: Subscriber) -> None:
    ben = subscriber("ben@example.com")
    assert complain(address_hash=ana.address_hash, now=NOW + DAY)
    row = Suppression.objects.get()
    assert (row.address_hash, row.newsletter) == (ana.address_hash, "")
    assert (row.reason, row.source, row.created_at) == ("complained", "provider", NOW + DAY)
    mine = ana.subscriptions.values_list("state", "changed_at")
    assert list(mine) == [("ended", NOW + DAY)] * 3
    assert reached() == [ben.address]
    assert reached("monthly") == []


def test_a_complaint_told_twice_is_written_once_d28(ana: Subscriber) -> None:
    assert complain(address_hash=ana.address_hash, now=NOW)
    assert not complain(address_hash=ana.address_hash, now=NOW + DAY)
    assert Suppression.objects.count() == 1


def test_an_address_nobody_knows_any_more_can_complain_d28() -> None:
    assert complain(address_hash=key(), now=NOW, source="a person")
    assert Suppression.objects.get().source == "a person"
    readers = [Reader(address="ana@example.com")]
    assert not subscribe(readers, newsletter="weekly", basis="express", source="list", now=NOW)
    assert reached() == []


def test_who_complained_stays_out_whatever_link_they_use_d28() -> None:
    send(wish())
    link = links()[-1]
    complain(address_hash=key(), now=NOW)
    assert press(link) == Standing.ENDED
    send(wish(), now=NOW + 2 * DAY)
    assert len(links()) == 1
    assert reached() == []


def test_a_letter_that_waits_does_not_go_out_after_a_complaint_d28(ana: Subscriber) -> None:
    waiting = delivery(issue(), ana)
    complain(address_hash=ana.address_hash, now=NOW)
    assert claim(ListChannel(), owner="a", now=NOW) is None
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (Delivery.State.SUPPRESSED, "suppressed")


@pytest.mark.parametrize("code", ["5.1.1", "5.1.2", "5.1.10", REFUSED_BY_LIST])
def test_an_address_that_is_gone_is_given_up_at_once_d29(ana: Subscriber, code: str) -> None:
    assert back(code) == Verdict.ENDED
    row = Suppression.objects.get()
    assert (row.reason, row.newsletter, row.source) == ("bounced", "", "provider")
    assert set(states().values()) == {"ended"}
    assert is_suppressed(ana.address_hash, "monthly")
    assert back(code) == Verdict.ENDED
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    "code",
    ["5.7.1", "5.7.26", "5.7.515", "4.7.23", "4.7.28", "4.7.32", "5.6.0", "5.3.4", " 5.7.1\r\n"],
)
def test_a_refusal_of_the_sender_is_not_held_against_the_person_d29(
    ana: Subscriber, code: str
) -> None:
    for number in range(5):
        assert back(code, mailing=f"issue {number}", days=10 * number) == Verdict.SENDER
    assert reached() == [ana.address]
    assert (Suppression.objects.count(), SoftBounce.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "code",
    ["4.2.2", FULL, "4.7.22", "4.7.33", "4.7.0", "4.1.1", "5.1.0", "5.5.0", "5.3.0", "", "gone"],
)
def test_what_may_be_better_tomorrow_is_counted_d29(ana: Subscriber, code: str) -> None:
    assert weigh(code) == back(code) == Verdict.COUNTED
    assert reached() == [ana.address]
    assert SoftBounce.objects.get().created_at == NOW


def test_three_mailings_in_fourteen_days_end_it_d29(ana: Subscriber) -> None:
    assert [back(mailing=f"issue {n}", days=7 * n) for n in range(3)] == [
        Verdict.COUNTED,
        Verdict.COUNTED,
        Verdict.ENDED,
    ]
    assert Suppression.objects.get().reason == "bounced"
    assert set(states().values()) == {"ended"}
    assert not SoftBounce.objects.exists()


def test_two_mailings_or_thirteen_days_do_not_end_it_d29(ana: Subscriber) -> None:
    back(mailing="issue 1")
    assert back(mailing="issue 2", days=100) == Verdict.COUNTED
    SoftBounce.objects.all().delete()
    for number in range(14):
        assert back(mailing=f"issue {number}", days=number) == Verdict.COUNTED
    assert reached() == [ana.address]
    assert back(mailing="issue 14", days=14) == Verdict.ENDED


def test_one_mailing_counts_once_and_from_its_first_report_d29(ana: Subscriber) -> None:
    for days in range(30):
        assert back(mailing=f"issue {days % 2}", days=days) == Verdict.COUNTED
    assert SoftBounce.objects.filter(created_at__lte=NOW + DAY).count() == 2


def test_each_address_is_counted_for_itself_d29(ana: Subscriber) -> None:
    ben = subscriber("ben@example.com")
    back(mailing="issue 1")
    back(mailing="issue 2", days=14)
    told = bounce(address_hash=ben.address_hash, code=FULL, mailing="issue 3", now=NOW + 14 * DAY)
    assert told == Verdict.COUNTED
    assert reached() == [ana.address, ben.address]


def test_a_mail_that_arrives_begins_the_count_anew_d29(ana: Subscriber) -> None:
    ben = subscriber("ben@example.com")
    bounce(address_hash=ben.address_hash, code=FULL, mailing="issue 1", now=NOW)
    back(mailing="issue 1")
    back(mailing="issue 2", days=7)
    # Told late: it arrived before the second came back.
    arrive(address_hash=ana.address_hash, now=NOW + DAY)
    assert list(ana.soft_bounces.values_list("mailing", flat=True)) == ["issue 2"]
    assert ben.soft_bounces.count() == 1
    assert back(mailing="issue 3", days=14) == Verdict.COUNTED


def test_a_stranger_is_not_counted_but_may_be_gone_d29() -> None:
    assert back() == Verdict.COUNTED
    assert not SoftBounce.objects.exists()
    assert back("5.1.1") == Verdict.ENDED
    assert is_suppressed(key(), "weekly")


def test_a_mailbox_that_was_full_can_be_confirmed_anew_d29_d34() -> None:
    join()
    for number in range(3):
        back(mailing=f"issue {number}", days=7 * number)
    assert reached() == []
    join(now=NOW + 40 * DAY)
    assert reached() == ["ana@example.com"]
    assert back(mailing="issue 4", days=41) == Verdict.COUNTED
    assert back("5.1.1", mailing="issue 5", days=48) == Verdict.ENDED
    assert reached() == []


def test_what_came_back_is_exported_and_forgotten_with_the_person_l9(ana: Subscriber) -> None:
    back(mailing="issue 1")
    (told,) = everything(ana, now=NOW)["returned"]
    assert (told["mailing"], told["created_at"]) == ("issue 1", NOW.isoformat())
    forget(subscriber_id=ana.pk, actor="subscriber", now=NOW)
    assert not SoftBounce.objects.exists()
